package io.perigee.settlement.chain;

import io.perigee.protocol.id.Address;
import java.math.BigInteger;

/** Sends to the chain. Every call returns within the node's timeout or throws {@link ChainUnavailable}. */
public interface ChainSender {
    /**
     * How many transactions of the sender are mined up to a block, itself included: the next nonce the chain takes after
     * it. Safe to rely on once the block has enough confirmations.
     */
    long minedCount(Address sender, long block);

    /** How the call would end if it were mined now. */
    Estimate estimate(Address sender, Call call);

    FeeQuote fees();

    /** What the sender has for gas, in wei. */
    BigInteger balance(Address sender);

    /** Hands signed bytes over. Handing the same bytes over again is harmless. */
    Submission send(byte[] raw);
}
