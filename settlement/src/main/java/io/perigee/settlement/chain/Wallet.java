package io.perigee.settlement.chain;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;

/** The key that pays for gas. It signs and does nothing else; the key itself never leaves the adapter, or never enters it. */
public interface Wallet {
    Address address();

    /**
     * Signs an EIP-1559 transaction. The same input may give other bytes the next time, so the caller stores what it sends.
     *
     * @throws io.perigee.eventlog.TryLater when the key is in a remote signer that does not sign now
     */
    Signed sign(Draft draft);

    /** What is signed. */
    record Draft(long nonce, long gasLimit, Fees fees, Call call) {}

    /**
     * Bytes to send.
     *
     * @param hash the transaction's hash, known before anybody has seen the bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Signed(Digest hash, byte[] raw) {}
}
