package io.perigee.protocol.result;

import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.Commitment;
import io.perigee.protocol.message.Receipt;
import io.perigee.protocol.message.SessionKey;
import java.util.List;

/** Everything signed and opened about one attempt: enough to be paid by the contract without the hub. */
public record RunEvidence(
        Assignment assignment,
        Signature hubSignature,
        Signature acceptance,
        SessionKey sessionKey,
        Signature sessionKeySignature,
        Commitment commitment,
        Signature commitmentSignature,
        Receipt receipt,
        Signature receiptSignature,
        Opening opening,
        List<SegmentHashes> segments) {
    public RunEvidence {
        segments = List.copyOf(segments);
    }
}
