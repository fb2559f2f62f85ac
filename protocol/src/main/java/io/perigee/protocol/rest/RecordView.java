package io.perigee.protocol.rest;

import io.perigee.protocol.fact.OrderOutcomeKind;
import io.perigee.protocol.fact.OutcomeKind;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import java.time.Instant;
import java.util.List;

/**
 * What an address has shown on this hub: as a builder, and as an owner in each numeric class with each family of images.
 * Counts and weights are of what is not yet so old that it weighs nothing.
 */
public record RecordView(Address address, Requester builder, List<Runner> owner) {
    public RecordView {
        owner = List.copyOf(owner);
    }

    /**
     * As a builder. No payment depends on it.
     *
     * @param fairness (H + 1) / (H + F + 1) of what was honoured and what was not, decayed; 1 where nothing is known
     * @param owners how many must find a job at fault, or see it crash, until it ends
     * @param evidence newest first, and shown to the builder alone
     */
    public record Requester(Decimal fairness, int owners, int honoured, int faulty, int refused, List<Order> evidence) {
        public Requester {
            evidence = List.copyOf(evidence);
        }
    }

    /** @param weight of a million, what it still counts */
    public record Order(JobId job, OrderOutcomeKind kind, Instant at, long weight) {}

    /**
     * As an owner.
     *
     * @param imageFamily the trainer's name, or the digest of a builder's own image
     * @param verified runs since the last proven cheat or doubt
     * @param score honesty times reliability: what a job's least reputation is compared with
     * @param drawn segments that are drawn of the next run under {@code audit}, besides the last
     * @param evidence newest first, and shown to the owner alone
     */
    public record Runner(
            Digest numericClass,
            String imageFamily,
            int verified,
            int crashed,
            int cheated,
            Decimal honesty,
            Decimal reliability,
            Decimal score,
            int drawn,
            List<Run> evidence) {
        public Runner {
            evidence = List.copyOf(evidence);
        }
    }

    /** @param weight of a million, what it still counts; 0 for what a cheat has wiped */
    public record Run(JobId job, int attempt, OutcomeKind kind, Instant at, long weight) {}
}
