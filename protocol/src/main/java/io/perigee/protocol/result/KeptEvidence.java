package io.perigee.protocol.result;

import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.message.SessionKey;
import java.util.List;

/**
 * What a provider keeps of a run so that the escrow can pay it with the hub gone. An agent writes it when it seals, and
 * again when a receipt comes; {@code perigee settle-direct} reads it. Who has it can open the run, so it stays private until
 * the hub has opened it, or the order's deadline is past.
 *
 * @param version {@link #VERSION}
 * @param chainId with {@code escrow}, where all signatures are good
 * @param orderSignature the builder's
 * @param hubSignature the hub's, over the assignment
 * @param sessionKeySignature the owner's
 * @param acceptance the session key's, over the assignment
 * @param seals borders in ascending order; the last is the furthest that the run can show
 */
public record KeptEvidence(
        int version,
        long chainId,
        Address escrow,
        JobOrder order,
        Signature orderSignature,
        Assignment assignment,
        Signature hubSignature,
        SessionKey sessionKey,
        Signature sessionKeySignature,
        Signature acceptance,
        List<KeptSeal> seals) {
    public static final int VERSION = 1;
    /** So many borders are kept; of a run that seals more, the last ones. */
    public static final int MOST_SEALS = 64;

    public KeptEvidence {
        seals = List.copyOf(seals);
        if (version != VERSION) {
            throw InvalidValue.reading("version", Integer.toString(version), "only 1 is known");
        }
        if (seals.isEmpty() || seals.size() > MOST_SEALS) {
            throw InvalidValue.reading("seals", seals.size() + " of them", "1 to 64 are kept");
        }
        var hash = assignment.digest(new Domain(chainId, escrow));
        int before = -1;
        for (var seal : seals) {
            if (!seal.commitment().assignmentHash().equals(hash) || seal.border() <= before) {
                throw InvalidValue.reading(
                        "seals", "border " + seal.border(), "it is of another assignment, or out of order");
            }
            before = seal.border();
        }
    }

    public Domain domain() {
        return new Domain(chainId, escrow);
    }

    public Digest orderHash() {
        return order.digest(domain());
    }

    public Digest assignmentHash() {
        return assignment.digest(domain());
    }

    public KeptSeal furthest() {
        return seals.getLast();
    }
}
