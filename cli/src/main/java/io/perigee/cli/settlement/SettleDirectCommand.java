package io.perigee.cli.settlement;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Refused;
import io.perigee.cli.Session;
import io.perigee.cli.Transactions;
import io.perigee.cli.settlement.Exit.State;
import io.perigee.cli.view.Ink;
import io.perigee.cli.view.Table;
import io.perigee.cli.view.Words;
import io.perigee.protocol.result.KeptEvidence;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A provider's way to its money when the hub is gone. */
@Command(
        name = "settle-direct",
        description = "for providers whose hub is gone: show the evidence on chain and be paid",
        footer = {
            "",
            "Needs an endpoint of the chain and what the agent keeps; no hub. With a quorum's evidence it settles "
                    + "at once; with one's own it opens the run, the escrow counts, and pays all that agree when the quorum "
                    + "is reached. One that is refused keeps none of the others back: it is named, and the program ends with 16.",
            "",
            "When: an order marked direct from its deadline on, another from 4 W after it (until then an epoch "
                    + "may pay it), both until 6 W after it. What is paid ripens for 2 W (W with all receipts); then: "
                    + "perigee claim. A run without the hub's receipt is recorded on chain before the deadline: --record.",
            "",
            "Example: perigee settle-direct --agent-home ~/.perigee/agent --rpc http://localhost:8545"
        })
public final class SettleDirectCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--agent-home", paramLabel = "DIR", description = "the agent's directory: all runs kept in it")
    private @Nullable Path agentHome;

    @Option(names = "--evidence", paramLabel = "FILE", description = "a run's evidence; may be repeated")
    private List<Path> evidence = List.of();

    @Option(names = "--border", paramLabel = "N", description = "show this border in place of the furthest sealed")
    private @Nullable Integer border;

    @Option(
            names = "--record",
            description = "record the commitments that the hub gave no receipt for, and do nothing else")
    private boolean record;

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask")
    private boolean yes;

    SettleDirectCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var runs = EvidenceFiles.read(Optional.ofNullable(agentHome), evidence);
        new Entrance(session).enter(runs);
        var exits = looking(runs);
        var found = runs.stream().map(exits::of).toList();
        var showing = new Showing(session);
        var transactions = record ? showing.record(found) : showing.show(found, exits);
        var before = found.stream().map(showing::noted).toList();
        show(before, exits);
        var outcome = new Transactions.Outcome(List.of(), Map.of());
        var after = before;
        if (!transactions.isEmpty()) {
            transactions.announce();
            outcome = transactions.sendEach(yes, record ? "Record them?" : "Show them on chain?");
            var later = looking(runs);
            after = runs.stream().map(later::of).map(showing::noted).toList();
            if (!record) {
                told(after, later);
            }
        }
        report(after, outcome);
        return outcome.refused().isEmpty() ? exit(after, !outcome.sent().isEmpty()) : ExitCode.PARTIAL;
    }

    private Exits looking(List<KeptEvidence> runs) {
        return new Exits(session.chain(), Optional.ofNullable(border), new Voices(runs));
    }

    private void show(List<Exit> exits, Exits looked) {
        var ink = session.ink();
        var table = new Table(ink, "order", ">border", ">earns", "state", "");
        exits.forEach(exit -> table.row(
                name(exit),
                exit.shown().seal().border() + " of "
                        + exit.shown().run().assignment().toBorder(),
                session.money().of(exit.earned()),
                state(exit, ink),
                ink.dim(when(exit, looked.now()))));
        session.say("");
        table.lines("  ").forEach(session::say);
        for (var exit : exits) {
            if (exit.state() == State.READY || exit.state() == State.OPENED) {
                looked.others(exit).forEach(line -> session.say("  %s %s".formatted(ink.notice(), line)));
            }
        }
    }

    /** After sending: who is paid, and who waits. */
    private void told(List<Exit> exits, Exits looked) {
        var ink = session.ink();
        for (var exit : exits) {
            if (exit.state() == State.PAID) {
                var credit = session.chain().credits().of(exit.shown().run().assignmentHash());
                session.say("  %s order %s  %s reserved%s"
                        .formatted(
                                ink.done(),
                                name(exit),
                                session.money().of(exit.paid()),
                                credit.filter(one -> !one.ripening().isZero())
                                        .map(one -> ", ripe " + Words.instant(one.ripeAt(), looked.now())
                                                + ": then perigee claim")
                                        .orElse(": perigee claim")));
            } else if (exit.state() == State.OPENED) {
                session.say("  %s order %s  %d of %d stand on chain; another owner may open until %s"
                        .formatted(
                                ink.waiting(),
                                name(exit),
                                exit.opened(),
                                quorum(exit),
                                Words.instant(exit.until(), looked.now())));
            }
        }
    }

    private void report(List<Exit> exits, Transactions.Outcome outcome) {
        var document = new LinkedHashMap<String, Object>();
        document.put("runs", exits.stream().map(SettleDirectCommand::document).toList());
        document.put("transactions", outcome.sent());
        document.put(
                "refused",
                outcome.refused().values().stream().map(Refused::document).toList());
        session.answer(document, () -> session.say(""));
    }

    private static Map<String, Object> document(Exit exit) {
        var run = exit.shown().run();
        var document = new LinkedHashMap<String, Object>();
        document.put("job", run.order().jobId());
        document.put("order", run.orderHash());
        document.put("assignment", run.assignmentHash());
        document.put("border", exit.shown().seal().border());
        document.put("state", exit.state().name().toLowerCase(Locale.ROOT));
        document.put("note", exit.note());
        document.put("from", exit.from());
        document.put("until", exit.until());
        document.put("earned", exit.earned());
        document.put("paid", exit.paid());
        document.put("opened", exit.opened());
        document.put("quorum", run.order().quorum());
        return document;
    }

    private static String state(Exit exit, Ink ink) {
        return switch (exit.state()) {
            case PAID -> ink.good("paid");
            case READY -> ink.accent("ready");
            case SIGNED -> ink.accent("signed");
            case OPENED -> "opened, %d of %d".formatted(exit.opened(), quorum(exit));
            case UNRECORDED -> ink.warn("not recorded");
            case EARLY -> "early";
            case IN_EPOCH -> "in an epoch";
            case LOST -> ink.bad("lost");
            case OVER -> ink.bad("over");
        };
    }

    private static String when(Exit exit, Instant now) {
        var times =
                switch (exit.state()) {
                    case EARLY -> "from " + Words.instant(exit.from(), now);
                    case READY, OPENED -> "until " + Words.instant(exit.until(), now);
                    case UNRECORDED ->
                        "until "
                                + Words.instant(
                                        Instant.ofEpochSecond(
                                                exit.shown().run().order().deadline()),
                                        now);
                    case OVER -> "since " + Words.instant(exit.until(), now);
                    case PAID, SIGNED, IN_EPOCH, LOST -> "";
                };
        return exit.note().isEmpty() ? times : times.isEmpty() ? exit.note() : times + "; " + exit.note();
    }

    private static int exit(List<Exit> exits, boolean sent) {
        if (sent || exits.stream().allMatch(exit -> exit.state() == State.PAID)) {
            return ExitCode.DONE;
        }
        return exits.stream().anyMatch(Exit::open) ? ExitCode.STILL_RUNNING : ExitCode.REFUSED;
    }

    static int quorum(Exit exit) {
        return exit.shown().run().order().quorum();
    }

    static String name(Exit exit) {
        return Words.brief(exit.shown().run().orderHash().value());
    }
}
