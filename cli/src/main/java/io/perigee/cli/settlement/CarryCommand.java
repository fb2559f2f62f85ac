package io.perigee.cli.settlement;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.cli.Transactions;
import io.perigee.cli.settlement.Carrying.Standing;
import io.perigee.cli.view.Ink;
import io.perigee.cli.view.Table;
import io.perigee.cli.view.Words;
import io.perigee.protocol.epoch.Line;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.result.KeptEvidence;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes down what settled epochs paid of orders, so that evidence may be shown for the rest. */
@Command(
        name = "carry",
        description = "write what a settled epoch paid of an order, or that it paid nothing, into the escrow's records",
        footer = {
            "",
            "For whom a settled epoch left out, or paid too little: after it the order's evidence pays what is still due, "
                    + "from 4 W to 6 W after its deadline: perigee settle-direct. Anybody may do it, once for each order.",
            "",
            "Needs an endpoint of the chain, a run's evidence (the order is in it), and the epoch's file: the hub's, or one "
                    + "that somebody kept. Ends with 14 while an epoch is not settled, with 15 when its file is withheld.",
            "",
            "Example: perigee settlement carry --agent-home ~/.perigee/agent        perigee settlement carry --evidence "
                    + "run.json --file epoch.bin"
        })
final class CarryCommand implements Callable<Integer> {
    private final Session session;

    @Option(
            names = "--agent-home",
            paramLabel = "DIR",
            description = "the agent's directory: the orders of all runs in it")
    private @Nullable Path agentHome;

    @Option(names = "--evidence", paramLabel = "FILE", description = "a run's evidence; may be repeated")
    private List<Path> evidence = List.of();

    @Option(names = "--file", paramLabel = "FILE", description = "the epoch's lines, in place of the hub's file")
    private @Nullable Path file;

    @Option(
            names = "--settler",
            paramLabel = "ADDRESS",
            description = "who posted it, when the hub has another settler now")
    private @Nullable String settler;

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask")
    private boolean yes;

    CarryCommand(Session session) {
        this.session = session;
    }

    /** One order and how it stands. */
    private record Found(JobOrder order, Digest hash, int epoch, Standing standing) {}

    @Override
    public Integer call() {
        var runs = EvidenceFiles.read(Optional.ofNullable(agentHome), evidence);
        new Entrance(session).enter(runs);
        var carrying = new Carrying(
                session,
                new Posts(session, Optional.ofNullable(settler).map(Address::parse)),
                new EpochSource(session, Optional.ofNullable(file)));
        var orders = new LinkedHashMap<Digest, KeptEvidence>();
        runs.forEach(run -> orders.putIfAbsent(run.orderHash(), run));
        var found = orders.values().stream().map(run -> find(carrying, run)).toList();
        show(found);
        var transactions = transactions(carrying, found);
        List<Map<String, Object>> sent = List.of();
        if (!transactions.isEmpty()) {
            transactions.announce();
            sent = transactions.send(yes, transactions.count() == 1 ? "Carry it?" : "Carry them?");
        }
        report(found, sent);
        return exit(found);
    }

    private static Found find(Carrying carrying, KeptEvidence run) {
        var order = run.order();
        return new Found(order, run.orderHash(), carrying.epochOf(order).number(), carrying.of(order, run.orderHash()));
    }

    private Transactions transactions(Carrying carrying, List<Found> found) {
        var transactions = new Transactions(session);
        for (var one : found) {
            if (one.standing() instanceof Standing.Ready(var ledger, var lines)) {
                transactions.add(
                        "carry",
                        "carried",
                        session.money().of(paid(lines)),
                        "order %s: %s".formatted(Words.brief(one.hash().value()), said(lines)),
                        carrying.epochs().carry(ledger, one.order(), one.hash()));
            }
        }
        return transactions;
    }

    private void show(List<Found> found) {
        var ink = session.ink();
        var table = new Table(ink, "order", ">epoch", ">at most", ">paid by it", "");
        for (var one : found) {
            table.row(
                    Words.brief(one.hash().value()),
                    Integer.toString(one.epoch()),
                    session.money().of(one.order().maxPayment()),
                    switch (one.standing()) {
                        case Standing.Ready(var _, var lines) -> session.money().of(paid(lines));
                        case Standing.Free _, Standing.Waiting _ -> "";
                        case Standing.Withheld _ -> "?";
                    },
                    why(one.standing(), ink));
        }
        session.say("");
        table.lines("  ").forEach(session::say);
    }

    private static String why(Standing standing, Ink ink) {
        return switch (standing) {
            case Standing.Free(var why) -> ink.dim(why);
            case Standing.Waiting(var why) -> why;
            case Standing.Withheld(var why) -> ink.warn(why);
            case Standing.Ready(var _, var lines) -> said(lines);
        };
    }

    private void report(List<Found> found, List<Map<String, Object>> sent) {
        var orders = new ArrayList<Map<String, Object>>();
        for (var one : found) {
            var document = new LinkedHashMap<String, Object>();
            document.put("order", one.hash());
            document.put("job", one.order().jobId());
            document.put("epoch", one.epoch());
            switch (one.standing()) {
                case Standing.Free(var why) -> state(document, "free", why);
                case Standing.Waiting(var why) -> state(document, "waiting", why);
                case Standing.Withheld(var why) -> state(document, "withheld", why);
                case Standing.Ready(var _, var lines) -> {
                    state(document, "carried", said(lines));
                    document.put("lines", lines.size());
                    document.put("paid", paid(lines));
                }
            }
            orders.add(document);
        }
        var document = new LinkedHashMap<String, Object>();
        document.put("orders", orders);
        document.put("transactions", sent);
        session.answer(document, () -> {
            if (!sent.isEmpty()) {
                session.say("    what is still due is paid by evidence: perigee settle-direct");
            }
            session.say("");
        });
    }

    private static void state(Map<String, Object> document, String state, String why) {
        document.put("state", state);
        document.put("note", why);
    }

    private static int exit(List<Found> found) {
        if (found.stream().anyMatch(one -> one.standing() instanceof Standing.Withheld)) {
            return ExitCode.DATA_MISSING;
        }
        return found.stream().anyMatch(one -> one.standing() instanceof Standing.Waiting)
                ? ExitCode.STILL_RUNNING
                : ExitCode.DONE;
    }

    private static Amount paid(List<Line> lines) {
        return lines.stream().map(Line::amount).reduce(Amount.ZERO, Amount::plus);
    }

    private static String said(List<Line> lines) {
        return switch (lines.size()) {
            case 0 -> "the epoch left it out";
            case 1 -> "one line";
            default -> lines.size() + " lines";
        };
    }
}
