package io.perigee.settlement.intent;

import io.perigee.protocol.id.Digest;
import io.perigee.settlement.chain.Fees;
import java.time.Instant;
import java.util.Optional;

/**
 * Signed bytes under a nonce.
 *
 * @param number counts the attempts at one nonce from 0; each pays more than the one before
 * @param voids whether it is empty and only fills the nonce
 * @param waitsSince since when it waits to be mined: its signing, or the loss of the block that held it
 * @param sentAt when the node last took it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record SignedTransaction(
        Digest hash,
        long nonce,
        int number,
        Optional<Purpose> purpose,
        boolean voids,
        byte[] raw,
        long gasLimit,
        Fees fees,
        Instant waitsSince,
        Optional<Instant> sentAt) {
    public SignedTransaction {
        raw = raw.clone();
    }

    @Override
    public byte[] raw() {
        return raw.clone();
    }
}
