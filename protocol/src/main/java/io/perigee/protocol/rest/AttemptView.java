package io.perigee.protocol.rest;

import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.message.Role;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One run of a job by one provider.
 *
 * @param role whether it runs the job, or segments of another's run again
 * @param fromBorder where its work starts
 * @param toBorder where its work ends
 * @param border the last border it committed to
 * @param root its Merkle root, once the verdict is in
 * @param progress the newest word of the provider; never evidence
 */
public record AttemptView(
        int attempt,
        ProviderId provider,
        Address owner,
        Role role,
        int fromBorder,
        int toBorder,
        AttemptState state,
        Digest assignmentHash,
        Digest numericClass,
        Amount price,
        Amount bond,
        Amount paid,
        Instant assignedAt,
        Instant leaseUntil,
        @Nullable Integer border,
        @Nullable Digest seal,
        @Nullable Digest root,
        @Nullable Digest outputDigest,
        @Nullable FailureKind failure,
        @Nullable Integer exitCode,
        @Nullable String detail,
        @Nullable ProgressView progress) {}
