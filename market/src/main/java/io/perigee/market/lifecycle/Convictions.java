package io.perigee.market.lifecycle;

import io.perigee.market.payout.Payouts;
import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.result.RunEvidence;
import java.util.List;

/**
 * Runs of an audited job that the run which holds in the end proves wrong: the contract burns their bonds.
 *
 * <p>Only what was opened can be shown. And only what others have run again: a run fell because q of them got something
 * else, or it first went another way in a segment that auditors of the run that holds ran as well. What rests on that
 * run's word alone, which may itself be forged where nobody looked, costs no bond.
 */
public final class Convictions {
    private Convictions() {}

    /** What is shown beside a run that holds, in the order of the attempts; each at most once. */
    static List<RunEvidence> of(Job job, Payable held) {
        return job.attempts().stream()
                .filter(attempt -> !attempt.audits() && attempt.ended())
                .flatMap(attempt -> attempt
                        .evidence(held.toBorder())
                        .filter(run -> contradicts(run, held.winners().getFirst()))
                        .filter(run -> isRejected(attempt) || isRunAgain(job, held, run))
                        .filter(run -> Payouts.burns(job.order(), run, held))
                        .stream())
                .toList();
    }

    /** The decision holds this run against its owner. */
    public static boolean isConvicted(Job job, Attempt attempt) {
        return job.state() instanceof State.Decided decided
                && decided.payable().links().stream()
                        .flatMap(link -> link.contradictors().stream())
                        .anyMatch(run -> run.assignment().attempt() == attempt.number());
    }

    /** Whether the bond of an attempt that is over may still burn, so that its stake must not stand for another. */
    public static boolean mayBurn(Job job, Attempt attempt) {
        return switch (job.state()) {
            case State.Settled _ -> false;
            case State.Decided _ -> isRejected(attempt) || isConvicted(job, attempt);
            case State.Submitted _,
                    State.Funded _,
                    State.Queued _,
                    State.Active _,
                    State.Disputed _,
                    State.Auditing _,
                    State.Closing _ ->
                isRejected(attempt)
                        || (job.audited()
                                && !attempt.audits()
                                && attempt.ended()
                                && attempt.evidence(job.lastBorder()).isPresent());
        };
    }

    /** What a run that fell has yet to lose, in words. */
    static String atRisk(Job job, Attempt run) {
        if (job.order().quorum() < 2) {
            return "a quorum of one burns no bond";
        }
        return run.assignment().numericClass().equals(NumericClass.STRICT)
                ? "its bond of %s burns once another run holds"
                        .formatted(run.assignment().bond())
                : "outside class strict that costs the pay and no bond";
    }

    private static boolean isRejected(Attempt attempt) {
        return attempt.end().filter(AttemptEnd.REJECTED::equals).isPresent();
    }

    /** Of the same borders another answer: all that the contract asks. */
    private static boolean contradicts(RunEvidence run, RunEvidence winner) {
        return run.assignment().fromBorder() == winner.assignment().fromBorder()
                && !run.opening().agreesWith(winner.opening());
    }

    /** With the run that holds, q owners say of the segment in which the two part what this one does not. */
    private static boolean isRunAgain(Job job, Payable held, RunEvidence run) {
        int parting = parting(run, held.winners().getFirst(), held.toBorder());
        long auditors = held.verdicts().stream()
                .map(audit -> audit.run().assignment())
                .filter(audit -> audit.fromBorder() < parting && parting <= audit.toBorder())
                .count();
        return auditors + 1 >= job.quorum();
    }

    /** The border of the first segment that differs; the last where only the outputs do. */
    private static int parting(RunEvidence run, RunEvidence winner, int last) {
        for (int i = 0; i < run.segments().size(); i++) {
            if (!run.segments().get(i).equals(winner.segments().get(i))) {
                return run.segments().get(i).border();
            }
        }
        return last;
    }
}
