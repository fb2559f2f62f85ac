package io.perigee.protocol.result;

import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.message.SessionKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
 * @param verdict what an auditor signed; null of any other run, and before it did
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
        List<KeptSeal> seals,
        @Nullable KeptVerdict verdict) {
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
        if (verdict != null && !verdict.verdict().assignmentHash().equals(hash)) {
            throw InvalidValue.reading(
                    "verdict", verdict.verdict().assignmentHash().value(), "it is of another assignment");
        }
    }

    /** A run of a job as it was opened, kept with that one seal. */
    public static KeptEvidence of(Domain domain, JobOrder order, Signature orderSignature, RunEvidence run) {
        return new KeptEvidence(
                VERSION,
                domain.chainId(),
                domain.escrow(),
                order,
                orderSignature,
                run.assignment(),
                run.hubSignature(),
                run.sessionKey(),
                run.sessionKeySignature(),
                run.acceptance(),
                List.of(new KeptSeal(
                        run.commitment(),
                        run.commitmentSignature(),
                        run.opening(),
                        run.receipt(),
                        run.receiptSignature())),
                null);
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

    /** Whether it is an auditor's: paid for its verdict, with the run that this is upon. */
    public boolean audits() {
        return assignment.role() == Role.AUDITOR;
    }

    public KeptSeal furthest() {
        return seals.getLast();
    }
}
