package io.perigee.devstack.demo;

import io.perigee.devstack.Expected;
import io.perigee.devstack.stack.Ledger;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.rest.HubInfo;
import io.perigee.protocol.rest.JobEpoch;
import io.perigee.protocol.rest.JobState;
import io.perigee.protocol.rest.JobView;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Waits for a decided job to be settled, and moves the chain's time over what an order lives and the windows of its epoch.
 * Only a chain of one's own can be moved so; on others the same takes days.
 */
public final class Windows {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration LOOK = Duration.ofMillis(700);
    /** After its deadline, when no epoch pays an order, the contract takes its evidence from so many W on. */
    private static final int TO_DIRECT = 4;

    private final Ledger ledger;
    private final User builder;
    private final long window;
    private final Consumer<String> say;

    /** @param say told of each move, in a sentence */
    public Windows(Ledger ledger, User builder, Consumer<String> say) {
        this.ledger = ledger;
        this.builder = builder;
        this.window = Json.read(builder.ask("hub"), HubInfo.class).windowSeconds();
        this.say = say;
    }

    /** What a decided job waits for: the chain's time, and what it is good for. */
    private record Wait(long until, String what) {}

    /**
     * Returns the job as it is settled.
     *
     * @throws Expected when it does not come so far in time
     */
    public JobView settle(String id) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            var job = Json.read(builder.ask("job", id), JobView.class);
            if (job.state() == JobState.SETTLED) {
                return job;
            }
            wait(job).ifPresent(this::forward);
            rest();
        }
        throw new Expected(
                "Expected job %s to be settled within %d s of moving the chain, but it is not"
                        .formatted(id, PATIENCE.toSeconds()),
                "Read the log of settlement");
    }

    /** Empty while something else is waited for. */
    private Optional<Wait> wait(JobView job) {
        var epoch = job.epoch();
        if (epoch != null) {
            return Optional.of(wait(epoch));
        }
        var matures = job.deadline();
        if (job.state() == JobState.DECIDED && matures != null) {
            return Optional.of(
                    new Wait(matures.getEpochSecond() + 1, "over the window in which a credit may be disputed"));
        }
        return leftItsEpoch(job)
                ? Optional.of(new Wait(
                        job.order().deadline() + TO_DIRECT * window + 1,
                        "over its order's deadline and four windows, from when on its evidence is taken"))
                : Optional.empty();
    }

    private boolean leftItsEpoch(JobView job) {
        for (var entry : builder.ask("timeline", job.id().toString())) {
            if (entry.path("kind").asText().equals("EpochLeft")) {
                return true;
            }
        }
        return false;
    }

    private Wait wait(JobEpoch epoch) {
        long number = epoch.number();
        return epoch.transaction() == null
                ? new Wait(
                        (number + 1) * window + 1,
                        "to the end of the window of its order's deadline, when epoch %d may be posted"
                                .formatted(number))
                : new Wait(
                        (number + 3) * window + 1,
                        "over the two windows in which anybody may look at epoch %d".formatted(number));
    }

    private void forward(Wait wait) {
        long left = wait.until() - ledger.time();
        if (left > 0) {
            say.accept("The chain is moved forward by %s: %s.".formatted(words(left), wait.what()));
            ledger.forwardTo(wait.until());
        }
    }

    private static String words(long seconds) {
        return seconds < 120 ? seconds + " s" : "%d min %d s".formatted(seconds / 60, seconds % 60);
    }

    private static void rest() {
        try {
            Thread.sleep(LOOK);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for a settlement", e);
        }
    }
}
