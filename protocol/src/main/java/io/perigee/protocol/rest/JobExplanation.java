package io.perigee.protocol.rest;

import io.perigee.protocol.fact.NoMatchReason;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.JobId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a job waits, against the offers of this moment.
 *
 * @param missing replicas that are still wanted; 0 when the job does not wait
 * @param reasons for each constraint, how many offers it lost
 * @param relaxation the one constraint without which the job would match now at the lowest price; null when none alone
 *     would do
 * @param expectedWaitSeconds at the pace at which offers that fit became free, as if no other job waited; null when that is not known
 * @param freed how often an offer became free while that was observed
 * @param observedSeconds how long was looked
 * @param at when this was true
 */
public record JobExplanation(
        JobId id,
        JobState state,
        int missing,
        List<NoMatchReason> reasons,
        @Nullable Relaxation relaxation,
        @Nullable Long expectedWaitSeconds,
        int freed,
        long observedSeconds,
        Instant at) {
    public JobExplanation {
        reasons = List.copyOf(reasons);
    }

    /**
     * A constraint that the builder can loosen.
     *
     * @param constraint the part of the spec: "placement.regions"
     * @param enough to what
     * @param total what all replicas would then cost
     */
    public record Relaxation(String constraint, String enough, Amount total) {}
}
