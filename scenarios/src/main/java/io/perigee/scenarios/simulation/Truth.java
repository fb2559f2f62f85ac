package io.perigee.scenarios.simulation;

import io.perigee.market.verification.Answer;
import io.perigee.market.verification.Hindsight;
import io.perigee.market.verification.Subject;
import io.perigee.protocol.id.Digest;
import java.util.HashMap;
import java.util.Map;

/** What leaves and outputs are: a function of the order, the border and how the run was forged, if it was. */
final class Truth {
    private Truth() {}

    /** The leaf at a border; an empty flavour is an honest run's. */
    static Digest leaf(Job job, int border, String flavour) {
        return job.leaves.computeIfAbsent(
                border + " " + flavour, name -> Market.digest(job.orderHash + " leaf " + name));
    }

    /** Stands for the Merkle root: equal for equal leaves. */
    static Digest root(Job job, Attempt run) {
        return Market.digest(job.orderHash + " root " + run.from() + " " + run.border + " " + run.conduct.forged() + " "
                + run.conduct.flavour());
    }

    /** The outputs come from the last checkpoint, whatever that is worth, or are forged by themselves. */
    static Digest output(Job job, Attempt run) {
        return run.border == Setting.SEGMENTS
                ? output(job, claimed(job, run, run.border), run.conduct.forgesOutputs() ? run.conduct.flavour() : "")
                : Digest.ZERO;
    }

    private static Digest output(Job job, Digest last, String flavour) {
        return Market.digest(job.orderHash + " output " + last + flavour);
    }

    /** What a run claims about a subject. */
    static Answer claim(Job job, Attempt run, Subject subject) {
        return switch (subject) {
            case Subject.Segment(int border) -> segment(border, claimed(job, run, border));
            case Subject.Output(int border) -> new Answer.Result(border, border, Digest.ZERO, output(job, run));
        };
    }

    /** What whoever really runs it from the run's own checkpoint gets; outputs come from what it got to itself. */
    static Answer honest(Job job, Attempt run, Subject subject) {
        return switch (subject) {
            case Subject.Segment(int border) -> segment(border, leaf(job, border, ""));
            case Subject.Output(int border) ->
                new Answer.Result(border, border, Digest.ZERO, output(job, leaf(job, border, ""), ""));
        };
    }

    static Answer invented(Job job, Subject subject, String flavour) {
        return switch (subject) {
            case Subject.Segment(int border) -> segment(border, leaf(job, border, flavour));
            case Subject.Output(int border) ->
                new Answer.Result(border, border, Digest.ZERO, Market.digest(job.orderHash + " output " + flavour));
        };
    }

    static Digest claimed(Job job, Attempt run, int border) {
        return leaf(job, border, run.conduct.forged().get(border) ? run.conduct.flavour() : "");
    }

    /** What the runs that hold say of one that was not accepted, though it had opened all its leaves. */
    static Hindsight hindsight(Job job, Attempt run) {
        if (run.answers.isEmpty()) {
            return Hindsight.NOTHING;
        }
        var held = new HashMap<Integer, Digest>();
        job.accepted.forEach(each -> held.putAll(opened(job, each)));
        return Hindsight.of(opened(job, run), held);
    }

    /** The outputs stand behind the last leaf. */
    private static Map<Integer, Digest> opened(Job job, Attempt run) {
        var leaves = new HashMap<Integer, Digest>();
        for (int border = run.from() + 1; border <= run.border; border++) {
            leaves.put(border, claimed(job, run, border));
        }
        leaves.put(Setting.SEGMENTS + 1, output(job, run));
        leaves.values().removeIf(Digest::isZero);
        return leaves;
    }

    private static Answer segment(int border, Digest leaf) {
        return new Answer.Result(border - 1, border, leaf, Digest.ZERO);
    }
}
