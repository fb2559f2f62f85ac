package io.perigee.settlement.epoch;

import io.perigee.protocol.epoch.EpochLedger;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.result.Payable;
import io.perigee.settlement.chain.Call;

/** Turns what is to be said of an epoch into calls of the contract. */
public interface EpochEncoder {
    Call post(EpochLedger ledger);

    Call settle(EpochLedger ledger);

    /**
     * Shows all lines of an order, with the evidence that {@code direct} would take.
     *
     * @param what the contract's key of the demand
     */
    Call answer(
            EpochLedger ledger,
            Digest what,
            JobOrder order,
            Digest orderHash,
            Signature orderSignature,
            Payable payable);

    /** Shows that there is no line of the order demanded. */
    Call answerNone(EpochLedger ledger, Address builder, Digest orderHash);

    /** Shows what a settled epoch paid of an order, or that it paid nothing, so that {@code direct} may pay the rest. */
    Call carry(EpochLedger ledger, JobOrder order, Digest orderHash);
}
