package io.perigee.settlement.ethereum;

import io.perigee.contracts.Escrow;
import io.perigee.contracts.shape.EscrowShapes;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.JobOrder;
import java.math.BigInteger;
import org.web3j.protocol.core.RemoteFunctionCall;
import org.web3j.protocol.core.methods.response.TransactionReceipt;

/** A builder's own payment, which the service never makes. */
public final class ReleaseCalls {
    private ReleaseCalls() {}

    /** @param total all that the assignment shall have got */
    public static RemoteFunctionCall<TransactionReceipt> byTheBuilder(
            Escrow escrow,
            JobOrder order,
            byte[] orderHash,
            Assignment assignment,
            byte[] assignmentHash,
            Signature hubSignature,
            Address payee,
            long total) {
        return escrow.release(
                EscrowShapes.order(order),
                EscrowShapes.assignment(assignment),
                EscrowShapes.signature(hubSignature),
                new Escrow.Release(orderHash, assignmentHash, payee.value(), BigInteger.valueOf(total)),
                new Escrow.Signature(new byte[Digest.BYTES], new byte[Digest.BYTES]));
    }
}
