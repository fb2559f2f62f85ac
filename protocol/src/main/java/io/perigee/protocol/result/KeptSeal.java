package io.perigee.protocol.result;

import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Commitment;
import io.perigee.protocol.message.Receipt;
import org.jspecify.annotations.Nullable;

/**
 * A border that a provider sealed, with what opens it.
 *
 * @param signature the session key's, over the commitment
 * @param receipt the hub's word that the commitment came in time; without it the commitment must be recorded on chain
 * @param receiptSignature the hub's, exactly when there is a receipt
 */
public record KeptSeal(
        Commitment commitment,
        Signature signature,
        Opening opening,
        @Nullable Receipt receipt,
        @Nullable Signature receiptSignature) {
    public KeptSeal {
        if ((receipt == null) != (receiptSignature == null)) {
            throw InvalidValue.reading(
                    "receiptSignature",
                    String.valueOf(receiptSignature),
                    "a receipt is there exactly with its signature");
        }
        if (!Seal.of(commitment.assignmentHash(), commitment.toBorder(), opening)
                .equals(commitment.seal())) {
            throw InvalidValue.reading("opening", opening.root().value(), "it is not what the commitment seals");
        }
    }

    public int border() {
        return commitment.toBorder();
    }

    public boolean receipted() {
        return receipt != null;
    }
}
