package io.perigee.cli.settlement;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Refusal;
import io.perigee.cli.Session;
import io.perigee.cli.Transactions;
import io.perigee.cli.settlement.Exit.State;
import io.perigee.cli.view.Ink;
import io.perigee.cli.view.Table;
import io.perigee.cli.view.Words;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Amount;
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
                    + "is reached.",
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
        enter(runs);
        var exits = new Exits(session.chain(), Optional.ofNullable(border));
        var before = runs.stream().map(exits::of).toList();
        show(before, exits);
        var transactions = record ? recording(before) : showing(before);
        List<Map<String, Object>> sent = List.of();
        var after = before;
        if (!transactions.isEmpty()) {
            transactions.announce();
            sent = transactions.send(yes, record ? "Record them?" : "Show them on chain?");
            var later = new Exits(session.chain(), Optional.ofNullable(border));
            after = runs.stream().map(later::of).toList();
            if (!record) {
                told(after, later);
            }
        }
        report(after, sent);
        return exit(after, !sent.isEmpty());
    }

    /** The evidence says where its signatures are good. */
    private void enter(List<KeptEvidence> runs) {
        var first = runs.getFirst();
        for (var run : runs) {
            if (!run.domain().equals(first.domain())
                    || !run.order().token().equals(first.order().token())) {
                throw new Refusal(
                        ErrorCode.MALFORMED,
                        "Expected evidence of one escrow and token, but some is of %s and some of %s"
                                .formatted(first.escrow(), run.escrow()),
                        "Name the files of one with --evidence");
            }
        }
        session.enter(
                first.escrow(),
                Optional.of(first.order().token()),
                Optional.of(first.order().hub()));
        if (session.market().chainId() != first.chainId()) {
            throw new Refusal(
                    ErrorCode.WRONG_CHAIN,
                    "Expected chain %d, where the evidence is good, but it is chain %d"
                            .formatted(first.chainId(), session.market().chainId()),
                    "Name an endpoint of the right chain with --rpc");
        }
    }

    private Transactions recording(List<Exit> exits) {
        var transactions = new Transactions(session);
        for (var exit : exits) {
            if (exit.state() == State.UNRECORDED) {
                transactions.add(
                        "record",
                        "recorded",
                        session.money().of(exit.earned()),
                        "commitment to border %d of order %s"
                                .formatted(exit.shown().seal().border(), name(exit)),
                        session.chain().directs().record(exit.shown().seal().commitment()));
            }
        }
        return transactions;
    }

    private Transactions showing(List<Exit> exits) {
        var transactions = new Transactions(session);
        var quorums = Exits.quorums(exits);
        for (var quorum : quorums) {
            transactions.add(
                    "settle",
                    "settled",
                    session.money()
                            .of(quorum.stream().map(SettleDirectCommand::due).reduce(Amount.ZERO, Amount::plus)),
                    "order %s: %d owners agree".formatted(name(quorum.getFirst()), quorum.size()),
                    session.chain()
                            .directs()
                            .direct(quorum.stream().map(Exit::shown).toList()));
        }
        for (var exit : exits) {
            if (exit.state() == State.READY && quorums.stream().noneMatch(quorum -> quorum.contains(exit))) {
                transactions.add(
                        "open",
                        "opened",
                        session.money().of(due(exit)),
                        "order %s: %d of %d that must agree stand on chain"
                                .formatted(name(exit), exit.opened(), quorum(exit)),
                        session.chain().directs().open(exit.shown()));
            }
        }
        return transactions;
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

    private void report(List<Exit> exits, List<Map<String, Object>> sent) {
        var document = new LinkedHashMap<String, Object>();
        document.put("runs", exits.stream().map(SettleDirectCommand::document).toList());
        document.put("transactions", sent);
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
                    case PAID, IN_EPOCH, LOST -> "";
                };
        return exit.note().isEmpty() ? times : times.isEmpty() ? exit.note() : times + "; " + exit.note();
    }

    private static int exit(List<Exit> exits, boolean sent) {
        if (sent || exits.stream().allMatch(exit -> exit.state() == State.PAID)) {
            return ExitCode.DONE;
        }
        return exits.stream().anyMatch(Exit::open) ? ExitCode.STILL_RUNNING : ExitCode.REFUSED;
    }

    private static Amount due(Exit exit) {
        return exit.earned().minus(exit.paid());
    }

    private static int quorum(Exit exit) {
        return exit.shown().run().order().quorum();
    }

    private static String name(Exit exit) {
        return Words.brief(exit.shown().run().orderHash().value());
    }
}
