package io.perigee.cli.court;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.cli.ethereum.CaseState;
import io.perigee.cli.ethereum.CaseState.Stage;
import io.perigee.cli.ethereum.ChainFault;
import io.perigee.cli.view.Words;
import io.perigee.protocol.codec.Json;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A judge who is always there. */
@Command(
        name = "watch",
        description = "for judges: do what each of the wallet's seats asks for, as long as it runs",
        footer = {
            "",
            "Looks for cases that the wallet sits in; runs each segment again from the case directory that is put into "
                    + "--cases, votes, and opens the vote when it is time. Votes are kept in the home: stop it and start it "
                    + "as you like, but not for long. A case whose directory is not there is told, since silence costs the "
                    + "ticket.",
            "",
            "Example: perigee court watch --cases ~/cases"
        })
final class WatchCommand implements Callable<Integer> {
    /** After something failed it is tried again so much of W later. */
    private static final int TRIES_A_WINDOW = 32;

    private final Session session;
    private final Map<Long, Instant> again = new HashMap<>();
    private final Set<BigInteger> told = new HashSet<>();

    @Option(
            names = "--cases",
            paramLabel = "DIR",
            required = true,
            description = "where the case directories are that you are given; names do not matter")
    private Path cases = Path.of(".");

    @Option(names = "--once", description = "look once, do what is to be done, and end")
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

    WatchCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var court = new Courtroom(session);
        session.confirm(yes || session.json(), "Vote in this wallet's name whenever it is drawn?");
        session.wallet();
        try (var ballots = Ballots.open(session.configuration().home());
                var reruns = new Reruns()) {
            var duty = new Duty(session, ballots, trainers);
            do {
                round(court, duty, reruns);
            } while (!once && pace.rest(court));
        }
        return ExitCode.DONE;
    }

    /** A chain that does not answer now is asked again. */
    private void round(Courtroom court, Duty duty, Reruns reruns) {
        try {
            var mine = session.walletFile().address();
            var read = court.book().casesOf(mine, lookback.from(court));
            read.unreadable().forEach(this::unreadable);
            var seated = read.found().stream()
                    .filter(state ->
                            state.verdict().isEmpty() && state.seatOf(mine).isPresent())
                    .toList();
            var now = court.now();
            seated.forEach(state -> attend(court, duty, reruns, state, now));
            if (once) {
                seated.stream()
                        .filter(state -> reruns.has(duty.place(state)))
                        .forEach(state -> guarded(state, now, () -> voted(duty, reruns, state)));
            }
        } catch (ChainFault e) {
            if (once) {
                throw e;
            }
            session.terminal()
                    .err()
                    .println("  %s %s".formatted(session.errorInk().notice(), e.getMessage()));
        }
    }

    private void attend(Courtroom court, Duty duty, Reruns reruns, CaseState state, Instant now) {
        guarded(state, now, () -> {
            if (!now.isBefore(again.getOrDefault(state.id(), Instant.MIN))) {
                step(court, duty, reruns, state, now);
            }
        });
    }

    /** One case that fails does not keep the others from being judged, whatever was handed in about it. */
    private void guarded(CaseState state, Instant now, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            later(state, now);
            tell(state, "failed", String.valueOf(e.getMessage()));
        }
    }

    private void later(CaseState state, Instant now) {
        again.put(state.id(), now.plus(state.window().dividedBy(TRIES_A_WINDOW)));
    }

    private void step(Courtroom court, Duty duty, Reruns reruns, CaseState state, Instant now) {
        var seat = duty.seat(state);
        var stage = state.stage(now);
        if (stage == Stage.COMMITTING && !seat.committed()) {
            var kept = duty.kept(state);
            if (kept.isPresent()) {
                commit(duty, state, kept.get());
            } else if (reruns.ended(duty.place(state))) {
                voted(duty, reruns, state);
            } else {
                reruns.start(duty.place(state), () -> vote(duty, state));
            }
        } else if (stage == Stage.REVEALING && seat.committed() && seat.vote().isEmpty()) {
            var ballot = duty.required(state);
            duty.reveal(ballot);
            tell(state, "opened", duty.side(state, ballot));
        } else if (stage == Stage.TO_CLOSE) {
            again.put(state.id(), now.plus(court.book().terms().window()));
            tell(state, "waits", new CaseView(state, now).next());
        }
    }

    /** @return empty when no directory is about the case */
    private Optional<Ballot> vote(Duty duty, CaseState state) {
        var files = new Shelf(cases).find(state.dispute());
        return files.isEmpty() ? Optional.empty() : Optional.of(duty.vote(state, files));
    }

    /** Takes what the rerun came to. */
    private void voted(Duty duty, Reruns reruns, CaseState state) {
        var ballot = reruns.take(duty.place(state));
        if (ballot.isPresent()) {
            commit(duty, state, ballot.get());
            return;
        }
        var now = session.chain().now();
        later(state, now);
        tell(
                state,
                "missing",
                "no directory in %s is about it; the time to vote ends %s"
                        .formatted(cases, Words.instant(state.commitUntil(), now)));
    }

    private void commit(Duty duty, CaseState state, Ballot ballot) {
        duty.commit(ballot, true);
        tell(state, "voted", duty.side(state, ballot));
    }

    private void unreadable(BigInteger id, String why) {
        if (told.add(id)) {
            tell(id, "unreadable", why);
        }
    }

    private void tell(CaseState state, String event, String why) {
        tell(BigInteger.valueOf(state.id()), event, why);
    }

    private void tell(BigInteger id, String event, String why) {
        if (session.json()) {
            var document = new LinkedHashMap<String, Object>();
            document.put("at", session.clock().instant());
            document.put("case", id);
            document.put("event", event);
            document.put("why", why);
            session.terminal().out().println(Json.text(document));
            session.terminal().out().flush();
            return;
        }
        var ink = session.ink();
        var sign =
                switch (event) {
                    case "voted", "opened" -> ink.done();
                    case "waits" -> ink.waiting();
                    default -> ink.failed();
                };
        session.say("  %s case %d  %s  %s".formatted(sign, id, ink.bold(event), why));
    }
}
