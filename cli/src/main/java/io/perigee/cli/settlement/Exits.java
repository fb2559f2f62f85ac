package io.perigee.cli.settlement;

import io.perigee.cli.Refusal;
import io.perigee.cli.ethereum.Chain;
import io.perigee.cli.ethereum.Directs;
import io.perigee.cli.ethereum.Directs.Shown;
import io.perigee.cli.settlement.Exit.State;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.result.KeptEvidence;
import io.perigee.protocol.result.KeptSeal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** Looks up how runs stand, and which of them are a quorum. Reads the chain alone. */
final class Exits {
    private final Chain chain;
    private final Directs directs;
    private final Duration window;
    private final Instant now;
    private final Optional<Integer> border;
    private final Voices voices;

    /**
     * @param border shown in place of the furthest
     * @param voices of auditors of the runs that are asked for
     */
    Exits(Chain chain, Optional<Integer> border, Voices voices) {
        this.voices = voices;
        this.chain = chain;
        this.directs = chain.directs();
        this.window = chain.funds().times().window();
        this.now = chain.now();
        this.border = border;
    }

    Instant now() {
        return now;
    }

    Exit of(KeptEvidence run) {
        var shown = new Shown(run, seal(run));
        var order = run.order();
        var price = run.assignment().price();
        var deadline = Instant.ofEpochSecond(order.deadline());
        var from = order.direct() ? deadline.plusSeconds(1) : deadline.plus(window.multipliedBy(4));
        var until = deadline.plus(window.multipliedBy(6));
        var earned =
                run.audits() ? price : run.assignment().earnedAt(shown.seal().border());
        var paid = directs.paid(run.orderHash(), run.assignmentHash());
        var state = paid.covers(earned) ? State.PAID : state(shown, from, until, deadline);
        int opened = state == State.READY || state == State.OPENED ? directs.tally(shown) : 0;
        return new Exit(shown, state, from, until, earned, paid, opened, note(state, run));
    }

    private State state(Shown shown, Instant from, Instant until, Instant deadline) {
        var run = shown.run();
        if (now.isAfter(until)) {
            return State.OVER;
        }
        if (run.audits()) {
            return audit(run, from);
        }
        if (!shown.seal().receipted()) {
            var recorded = directs.recordedAt(shown.seal().commitment().digest(run.domain()));
            if (recorded.isEmpty()) {
                return now.isBefore(deadline) ? State.UNRECORDED : State.LOST;
            }
            if (recorded.get().isAfter(deadline)) {
                return State.LOST;
            }
        }
        if (now.isBefore(from)) {
            return State.EARLY;
        }
        if (!directs.free(run.order(), run.orderHash())) {
            return State.IN_EPOCH;
        }
        boolean mine = directs.openings(run).stream()
                .anyMatch(opening -> opening.assignment().equals(run.assignmentHash())
                        && opening.border() == shown.seal().border());
        return mine ? State.OPENED : State.READY;
    }

    private State audit(KeptEvidence run, Instant from) {
        if (run.verdict() == null) {
            return State.LOST;
        }
        if (now.isBefore(from)) {
            return State.EARLY;
        }
        return directs.free(run.order(), run.orderHash()) ? State.SIGNED : State.IN_EPOCH;
    }

    private String note(State state, KeptEvidence run) {
        var order = run.order();
        return switch (state) {
            case SIGNED -> "paid with the run it signed for: --evidence of both";
            case EARLY -> order.direct() ? "" : "until then an epoch may pay it";
            case UNRECORDED -> "no receipt of the hub: --record";
            case LOST -> run.audits() ? "it signed no verdict" : "no receipt, and not recorded before the deadline";
            case IN_EPOCH -> inEpoch(order);
            case PAID, READY, OPENED, OVER -> "";
        };
    }

    private String inEpoch(JobOrder order) {
        int number = EpochId.numberOf(order.deadline(), window);
        return switch (chain.epochs().state(new EpochId(order.hub(), order.token(), number))) {
            case PENDING -> "epoch %d may still pay it".formatted(number);
            case FINAL -> "epoch %d is final: perigee settlement settle %d".formatted(number, number);
            case SETTLED ->
                "epoch %d is settled: perigee claim; if it left this out: perigee settlement carry".formatted(number);
            case NOTHING -> "its window's epoch may still be posted";
        };
    }

    private KeptSeal seal(KeptEvidence run) {
        if (run.audits()) {
            return run.furthest();
        }
        return border.map(wanted -> run.seals().stream()
                        .filter(seal -> seal.border() == wanted)
                        .findFirst()
                        .orElseThrow(() -> new Refusal(
                                ErrorCode.NOT_FOUND,
                                "Expected a seal of border %d of assignment %s, but it keeps those of %s"
                                        .formatted(
                                                wanted,
                                                run.assignmentHash(),
                                                run.seals().stream()
                                                        .map(KeptSeal::border)
                                                        .toList()),
                                "Name another border")))
                .orElseGet(() -> voices.decided(run).orElseGet(run::furthest));
    }

    /** Those that are a quorum among themselves, and runs with a quorum of auditors: each group can be shown at once. */
    List<List<Exit>> quorums(List<Exit> exits) {
        var quorums = new ArrayList<List<Exit>>();
        for (var exit : exits) {
            if (isAudited(exit)) {
                var voiced = voices.upon(exit.shown().run(), exit.shown().seal());
                var group = new ArrayList<>(List.of(exit));
                exits.stream()
                        .filter(other -> voiced.contains(other.shown().run()))
                        .forEach(group::add);
                quorums.add(group);
            }
        }
        quorums.addAll(agreeing(exits.stream()
                .filter(exit -> !exit.shown().run().audits() && !isAudited(exit))
                .toList()));
        return quorums;
    }

    private boolean isAudited(Exit exit) {
        return exit.countsForQuorum()
                && voices.decides(exit.shown().run(), exit.shown().seal());
    }

    private static List<List<Exit>> agreeing(List<Exit> exits) {
        record Answer(Object order, int from, int border, Object root, Object output) {}
        var groups = new LinkedHashMap<Answer, List<Exit>>();
        for (var exit : exits) {
            if (exit.countsForQuorum()) {
                var run = exit.shown().run();
                var seal = exit.shown().seal();
                var answer = new Answer(
                        run.orderHash(),
                        run.assignment().fromBorder(),
                        seal.border(),
                        seal.opening().root(),
                        seal.opening().outputDigest());
                var group = groups.computeIfAbsent(answer, _ -> new ArrayList<>());
                if (group.stream().noneMatch(other -> other.shown()
                        .run()
                        .assignment()
                        .owner()
                        .equals(run.assignment().owner()))) {
                    group.add(exit);
                }
            }
        }
        return groups.values().stream()
                .filter(group ->
                        group.size() >= group.getFirst().shown().run().order().quorum())
                .toList();
    }

    /** What other runs of the order showed on chain, said where it matters. */
    List<String> others(Exit exit) {
        var run = exit.shown().run();
        var seal = exit.shown().seal();
        var lines = new ArrayList<String>();
        for (var opening : directs.openings(run)) {
            if (opening.assignment().equals(run.assignmentHash())) {
                continue;
            }
            if (opening.border() != seal.border()) {
                lines.add("another owner opened border %d: --border %d shows yours"
                        .formatted(opening.border(), opening.border()));
            } else if (!opening.root().equals(seal.opening().root())
                    || !opening.outputDigest().equals(seal.opening().outputDigest())) {
                lines.add("another owner opened another answer for border %d".formatted(opening.border()));
            }
        }
        return lines.stream().distinct().toList();
    }
}
