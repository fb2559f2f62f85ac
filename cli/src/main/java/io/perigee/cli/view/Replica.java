package io.perigee.cli.view;

import io.perigee.protocol.id.Amount;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.rest.AttemptState;
import io.perigee.protocol.rest.ProgressView;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One attempt as the viewer knows it. */
final class Replica {
    private static final int MOST_STEPS = 100_000;

    private final Assignment assignment;
    private AttemptState state = AttemptState.ASSIGNED;
    private int step;
    private int sealed;
    private int steps;
    private @Nullable ProgressView latest;
    private double[] losses = new double[0];

    Replica(Assignment assignment, int steps) {
        this.assignment = assignment;
        this.steps = steps;
    }

    int attempt() {
        return assignment.attempt();
    }

    String owner() {
        return assignment.owner().value();
    }

    Amount price() {
        return assignment.price();
    }

    AttemptState state() {
        return state;
    }

    void become(AttemptState next) {
        state = next;
    }

    /** Sealed a border; with its last one it has committed to the whole. */
    void sealed(int border) {
        sealed = Math.max(sealed, border);
        if (border >= assignment.toBorder()) {
            state = AttemptState.COMMITTED;
            step = steps;
        }
    }

    int sealed() {
        return sealed;
    }

    int borders() {
        return assignment.toBorder();
    }

    /** Whether it still counts: not lost, declined or failed. */
    boolean live() {
        return switch (state) {
            case ASSIGNED, RUNNING, COMMITTED, REVEALED, VERIFIED, REJECTED -> true;
            case LOST, YIELDED, FAILED, DECLINED, CANCELLED -> false;
        };
    }

    boolean committed() {
        return switch (state) {
            case COMMITTED, REVEALED, VERIFIED, REJECTED -> true;
            case ASSIGNED, RUNNING, LOST, YIELDED, FAILED, DECLINED, CANCELLED -> false;
        };
    }

    boolean revealed() {
        return committed() && state != AttemptState.COMMITTED;
    }

    void progress(ProgressView view) {
        latest = view;
        step = Math.max(step, view.step());
        steps = view.steps() > 0 ? view.steps() : steps;
        var loss = view.loss();
        if (loss != null && view.step() >= 1 && view.step() <= MOST_STEPS) {
            if (losses.length < view.step()) {
                int old = losses.length;
                losses = Arrays.copyOf(losses, Math.max(view.step(), Math.min(steps, MOST_STEPS)));
                Arrays.fill(losses, old, losses.length, Double.NaN);
            }
            losses[view.step() - 1] = loss.number().doubleValue();
        }
    }

    int step() {
        return step;
    }

    int steps() {
        return steps;
    }

    @Nullable
    ProgressView latest() {
        return latest;
    }

    /** One value a step, with steps that were not reported filled in between those that were. */
    double[] losses() {
        var filled = losses.clone();
        int last = -1;
        for (int i = 0; i < filled.length; i++) {
            if (Double.isFinite(filled[i])) {
                for (int gap = last + 1; last >= 0 && gap < i; gap++) {
                    filled[gap] = filled[last] + (filled[i] - filled[last]) * (gap - last) / (i - last);
                }
                if (last < 0) {
                    Arrays.fill(filled, 0, i, filled[i]);
                }
                last = i;
            }
        }
        return filled;
    }
}
