package io.perigee.cli.job;

import io.perigee.cli.Refusal;
import io.perigee.cli.ethereum.ChainFault;
import io.perigee.client.ApiException;
import io.perigee.protocol.error.ErrorCode;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * A hub sees a deposit some blocks after the chain does, and until then refuses what the chain would cover: that refusal
 * is worth waiting for, a bounded number of times.
 *
 * @param covered whether the chain says that the allotment covers the order
 * @param rest waits a little; told how often it was called before
 */
record DepositWait(int tries, BooleanSupplier covered, IntConsumer rest) {

    /** What the submission gives. Throws the hub's refusal when it is another, or stays. */
    <T> T until(Supplier<T> submission) {
        for (int refused = 0; ; refused++) {
            try {
                return submission.get();
            } catch (ApiException e) {
                if (!e.is(ErrorCode.ALLOTMENT_TOO_SMALL) || refused >= tries || !isCovered()) {
                    throw e;
                }
                rest.accept(refused);
            }
        }
    }

    /** Where the chain cannot be asked, the hub's word stands. */
    private boolean isCovered() {
        try {
            return covered.getAsBoolean();
        } catch (ChainFault | Refusal unknown) {
            return false;
        }
    }
}
