package io.perigee.protocol.rest;

import io.perigee.protocol.fact.Cause;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.spec.JobSpec;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A job as its builder sees it.
 *
 * @param outcome null until it is decided
 * @param cause why it ended without a result; null otherwise
 * @param deadline when the present state ends by itself
 * @param epoch the epoch that pays it; null before it is decided, and for a job that no epoch pays
 * @param outputs the winner's outputs, once the verdict is in
 * @param checkpoint the winner's last checkpoint, once the verdict is in
 */
public record JobView(
        JobId id,
        String name,
        JobState state,
        @Nullable Outcome outcome,
        @Nullable Cause cause,
        @Nullable String detail,
        Address builder,
        Instant submittedAt,
        Instant updatedAt,
        @Nullable Instant deadline,
        JobSpec spec,
        Digest specHash,
        Digest orderHash,
        JobOrder order,
        int borders,
        int verifiedTo,
        Amount maxPayment,
        Amount reserved,
        Amount paid,
        Amount refunded,
        List<AttemptView> attempts,
        List<String> transactions,
        @Nullable JobEpoch epoch,
        @Nullable ContentId outputs,
        @Nullable ContentId checkpoint) {
    public JobView {
        attempts = List.copyOf(attempts);
        transactions = List.copyOf(transactions);
    }
}
