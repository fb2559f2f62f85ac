package io.perigee.agent.execution;

import io.perigee.agent.identity.Enrolment;
import io.perigee.protocol.gateway.HubMessage.AssignmentOffer;
import io.perigee.protocol.gateway.HubMessage.ReceiptGiven;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.message.Verdict;
import io.perigee.protocol.result.SegmentHashes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything one attempt must not forget, stored before it is acted upon. From it and the session key every seal,
 * commitment and opening can be made again, byte for byte.
 *
 * @param work the hub's message with the signed assignment, the order and the spec
 * @param gpus UUIDs of leased GPUs
 * @param segments the borders hashed so far, in order without gaps
 * @param receipts the hub's receipts for commitments of this attempt
 * @param verdict what it signed as an auditor, once and for all; null before that
 * @param enrolled by whose word it was accepted: evidence names the session key that was in force then, whatever the agent
 *     is enrolled with by now; null in records of before this was kept
 */
public record AttemptRecord(
        AssignmentOffer work,
        Digest assignmentHash,
        Instant acceptedAt,
        List<String> gpus,
        Phase phase,
        List<SegmentHashes> segments,
        List<ReceiptGiven> receipts,
        @Nullable Verdict verdict,
        @Nullable Enrolled enrolled) {

    /** The owner's word for the session key, as the {@link Enrolment} of that time had it. */
    public record Enrolled(SessionKey sessionKey, Signature ownerSignature) {
        static Enrolled by(Enrolment enrolment) {
            return new Enrolled(enrolment.sessionKey(), enrolment.ownerSignature());
        }
    }

    public AttemptRecord {
        gpus = List.copyOf(gpus);
        segments = List.copyOf(segments);
        receipts = List.copyOf(receipts);
    }

    static AttemptRecord accepted(
            AssignmentOffer work, Digest assignmentHash, List<String> gpus, Enrolment enrolment, Instant now) {
        return new AttemptRecord(
                work,
                assignmentHash,
                now,
                gpus,
                new Phase.Preparing(),
                List.of(),
                List.of(),
                null,
                Enrolled.by(enrolment));
    }

    /** Whether what this key signs and salts is of this attempt; of records of before the key was kept it is taken for granted. */
    boolean isBy(Address key) {
        return enrolled == null || enrolled.sessionKey().key().equals(key);
    }

    public int fromBorder() {
        return work.assignment().fromBorder();
    }

    public int toBorder() {
        return work.assignment().toBorder();
    }

    /** Whether it ends where the job does, so that it leaves the job's outputs. */
    public boolean endsJob() {
        return toBorder() == work.spec().borders();
    }

    /** An auditor seals and opens what it found, and keeps and uploads no files. */
    public boolean audits() {
        return work.assignment().role() == Role.AUDITOR;
    }

    /** The segment that ends at a border that was hashed. */
    SegmentHashes segment(int border) {
        return segments.get(border - fromBorder() - 1);
    }

    /** The highest border hashed so far. */
    public int reached() {
        return segments.isEmpty() ? fromBorder() : segments.getLast().border();
    }

    /** Whether the job writes borders at all. */
    public boolean segmented() {
        return toBorder() > fromBorder();
    }

    public Optional<ReceiptGiven> receipt(int border) {
        return receipts.stream()
                .filter(r -> r.commitment().toBorder() == border)
                .findFirst();
    }

    /**
     * Whether a request to open that border changes anything. Only a sealed part can be asked for: the whole is opened
     * unasked. The latest request stands, because openings of different borders do not contradict each other.
     */
    boolean haltsAt(int border) {
        if (border <= fromBorder() || border >= toBorder() || border > reached()) {
            return false;
        }
        return switch (phase) {
            case Phase.Running _, Phase.Resuming _, Phase.Finishing _, Phase.Sealed _, Phase.Finished _ -> true;
            case Phase.Halted(int other) -> other != border;
            case Phase.Opened(int other, var _, var _) -> other != border;
            case Phase.Preparing _, Phase.Failed _, Phase.Closed _ -> false;
        };
    }

    AttemptRecord in(Phase next) {
        return new AttemptRecord(work, assignmentHash, acceptedAt, gpus, next, segments, receipts, verdict, enrolled);
    }

    AttemptRecord with(SegmentHashes segment) {
        var more = new ArrayList<>(segments);
        more.add(segment);
        return new AttemptRecord(work, assignmentHash, acceptedAt, gpus, phase, more, receipts, verdict, enrolled);
    }

    AttemptRecord with(ReceiptGiven receipt) {
        var more = new ArrayList<>(receipts);
        more.add(receipt);
        return new AttemptRecord(work, assignmentHash, acceptedAt, gpus, phase, segments, more, verdict, enrolled);
    }

    AttemptRecord with(Verdict signed) {
        return new AttemptRecord(work, assignmentHash, acceptedAt, gpus, phase, segments, receipts, signed, enrolled);
    }
}
