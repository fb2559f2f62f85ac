package io.perigee.settlement.intent;

import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.settlement.chain.Call;
import io.perigee.settlement.chain.Revert;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is to happen on the chain, once.
 *
 * @param job whom it is for; empty when it is for an epoch
 * @param nonce of the transaction under way; empty while nothing is signed
 * @param tries how often it was tried and parked again
 * @param giveUpAt when, by the chain's time, the contract takes it no more; empty when it always does
 * @param reason why it was parked, voided or given up
 * @param outcome the transaction that did it, as far as it is known
 * @param endedIn the chain's head when it was over without a transaction of ours: what others did until then is known once
 *     the block counts. Empty until the writer has seen a head after the end
 */
public record Intent(
        Purpose purpose,
        Optional<JobId> job,
        Call call,
        IntentState state,
        OptionalLong nonce,
        int tries,
        Instant nextAt,
        Optional<Instant> giveUpAt,
        boolean fulfilled,
        Optional<Revert> reason,
        Optional<Outcome> outcome,
        OptionalLong endedIn) {

    /** Where the purpose was carried out; final once the intent is CONFIRMED. */
    public record Outcome(Digest transaction, long block, long gasUsed) {}

    public long requireNonce() {
        return nonce.orElseThrow(
                () -> new IllegalStateException("Expected %s to have a nonce, but it is %s".formatted(purpose, state)));
    }
}
