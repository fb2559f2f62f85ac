package io.perigee.cli.court;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Refusal;
import io.perigee.cli.Session;
import io.perigee.cli.ethereum.CaseState;
import io.perigee.cli.ethereum.CaseState.Stage;
import io.perigee.cli.ethereum.ChainFault;
import io.perigee.cli.view.Words;
import io.perigee.protocol.error.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A judge's work in one case. */
@Command(
        name = "judge",
        description =
                "judge a case you were drawn for: run the segment again, vote for what it comes to, open the vote",
        footer = {
            "",
            "The case directory may come from anybody: it is held against the chain before anything is run. The vote is kept "
                    + "in the home before it is sent; killed anywhere and started again, the program goes on. It waits "
                    + "until the vote can be opened; with --once it ends, and must be run again by then.",
            "",
            "Example: perigee court judge 7 --case ./case-7"
        })
final class JudgeCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "ID", description = "the case's number")
    private long id;

    @Option(names = "--case", paramLabel = "DIR", description = "the case directory; not needed to open a vote")
    private @Nullable Path directory;

    @Option(names = "--once", description = "do what can be done now, and end")
    private boolean once;

    @Mixin
    private Trainers trainers = new Trainers();

    @Mixin
    private Pace pace = new Pace();

    @Mixin
    private Lookback lookback = new Lookback();

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask")
    private boolean yes;

    JudgeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var court = new Courtroom(session);
        var state = court.require(id, lookback);
        try (var ballots = Ballots.open(session.configuration().home())) {
            var duty = new Duty(session, ballots, trainers);
            int exit = judge(court, state, duty);
            report(court, duty);
            return exit;
        }
    }

    private int judge(Courtroom court, CaseState found, Duty duty) {
        var state = found;
        if (!duty.seat(state).committed()) {
            var ballot = ballot(court, state, duty);
            session.say("  %s it comes to %s".formatted(session.ink().done(), duty.side(state, ballot)));
            commit(duty, ballot, yes);
        }
        return opened(court, state, duty);
    }

    /** The vote is kept: while there is time for it, it is sent again if the chain does not have it. */
    private void commit(Duty duty, Ballot ballot, boolean yes) {
        try {
            duty.commit(ballot, yes);
        } catch (ChainFault e) {
            if (once) {
                throw e;
            }
            session.terminal()
                    .err()
                    .println("  %s %s".formatted(session.errorInk().notice(), e.getMessage()));
        }
    }

    /** Waits for the time to open the vote, and opens it. An endpoint that is away meanwhile is asked again until that is over. */
    private int opened(Courtroom court, CaseState found, Duty duty) {
        var state = found;
        var end = session.clock().instant().plus(found.window().multipliedBy(2));
        while (true) {
            try {
                state = court.require(id, lookback);
                end = end(court, state);
                var seat = duty.seat(state);
                if (seat.vote().isPresent()) {
                    return ExitCode.DONE;
                }
                switch (state.stage(court.now())) {
                    case REVEALING -> duty.reveal(duty.required(state));
                    case TO_CLOSE, CLOSED -> throw late("open a vote", state, court);
                    case TO_DRAW, COMMITTING, REPLACING -> {
                        if (!seat.committed() && state.stage(court.now()) == Stage.COMMITTING) {
                            commit(duty, duty.required(state), true);
                        }
                        if (once || !pace.rest(court)) {
                            return ExitCode.STILL_RUNNING;
                        }
                    }
                }
            } catch (ChainFault e) {
                if (once || !e.reason().isEmpty() || session.clock().instant().isAfter(end)) {
                    throw e;
                }
                session.terminal()
                        .err()
                        .println("  %s %s".formatted(session.ink().notice(), e.getMessage()));
                if (!pace.rest()) {
                    return ExitCode.STILL_RUNNING;
                }
            }
        }
    }

    /** When votes are opened no more, by this machine's clock, which is there when the chain is not. */
    private Instant end(Courtroom court, CaseState state) {
        return session.clock().instant().plus(Duration.between(court.now(), state.revealUntil()));
    }

    /** The vote kept before, or a fresh one; in time only. */
    private Ballot ballot(Courtroom court, CaseState state, Duty duty) {
        if (state.stage(court.now()) != Stage.COMMITTING) {
            throw late("vote", state, court);
        }
        var kept = duty.kept(state);
        if (kept.isPresent()) {
            session.say("  %s going on with the vote kept before"
                    .formatted(session.ink().notice()));
            return kept.get();
        }
        var files = directory;
        if (files == null) {
            throw new Refusal(
                    ErrorCode.MALFORMED,
                    "Expected a case directory to run the segment from, but none was named",
                    "--case DIR; the accuser has it, and whoever it was sent to");
        }
        return duty.vote(state, List.of(new CaseDirectory(files)));
    }

    private static Refusal late(String what, CaseState state, Courtroom court) {
        return new Refusal(
                ErrorCode.WRONG_STATE,
                "Expected to %s in case %d, but the time for it is over".formatted(what, state.id()),
                new CaseView(state, court.now()).next());
    }

    private void report(Courtroom court, Duty duty) {
        var state = court.require(id, lookback);
        var view = new CaseView(state, court.now());
        var document = new LinkedHashMap<>(view.document());
        document.put("transactions", duty.sent());
        // it has risen when somebody closed the case meanwhile
        var seat = state.seatOf(session.walletFile().address());
        seat.ifPresent(mine -> {
            document.put("seat", mine.number());
            duty.kept(state).ifPresent(ballot -> document.put("vote", ballot.vote()));
        });
        session.answer(document, () -> {
            session.say("");
            if (seat.isEmpty() || seat.get().vote().isPresent()) {
                session.say("  %s opened; anybody counts from %s: perigee court close %d"
                        .formatted(session.ink().done(), Words.instant(state.revealUntil(), court.now()), id));
            } else {
                session.say("  %s voted; it is to be opened from %s,\n    until %s: perigee court judge %d"
                        .formatted(
                                session.ink().waiting(),
                                Words.instant(state.revealFrom(), court.now()),
                                Words.moment(state.revealUntil()),
                                id));
            }
            session.say("");
        });
    }
}
