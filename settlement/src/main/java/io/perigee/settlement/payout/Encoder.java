package io.perigee.settlement.payout;

import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.result.Payable;
import io.perigee.settlement.chain.Call;
import java.util.List;

/** Turns what is owed into calls of the escrow. */
public interface Encoder {
    /** Shows the evidence of those who agree and of those who contradict; the contract checks all of it. */
    Call direct(JobOrder order, Signature orderSignature, Payable payable);

    /** Moves matured credits to their owners' payees. */
    Call collect(List<Digest> assignmentHashes);
}
