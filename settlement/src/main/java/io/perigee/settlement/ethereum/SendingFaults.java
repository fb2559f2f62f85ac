package io.perigee.settlement.ethereum;

import io.perigee.settlement.chain.Submission;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Why nodes do not take a transaction. JSON-RPC has no codes for it; the texts of Geth, reth, Besu, Nethermind, Erigon
 * and anvil are told apart here and nowhere else.
 */
final class SendingFaults {
    private static final List<String> KNOWN =
            List.of("already known", "already imported", "known transaction", "alreadyknown", "already in mempool");
    private static final List<String> NONCE_USED =
            List.of("nonce too low", "nonce is too low", "nonce_too_low", "oldnonce", "nonce below");
    private static final List<String> TOO_CHEAP = List.of(
            "underpriced",
            "replacement",
            "feetoolow",
            "fee too low",
            "max fee per gas less than block base fee",
            "max fee per gas is too low");
    private static final List<String> NO_FUNDS =
            List.of("insufficient funds", "insufficientfunds", "upfront cost exceeds", "insufficient balance");
    private static final List<String> NEVER = List.of(
            "intrinsic gas",
            "gas limit",
            "gaslimit",
            "oversized",
            "too large",
            "invalid sender",
            "invalid signature",
            "chain id",
            "chainid",
            "not supported",
            "invalid transaction",
            "rlp");

    private SendingFaults() {}

    /** Reads a node's text; empty when it does not say anything about these bytes: then nothing is known. */
    static Optional<Submission> read(String said) {
        var text = said.toLowerCase(Locale.ROOT);
        if (holds(text, KNOWN)) {
            return Optional.of(new Submission.Accepted());
        }
        if (holds(text, NONCE_USED)) {
            return Optional.of(new Submission.NonceUsed());
        }
        if (holds(text, TOO_CHEAP)) {
            return Optional.of(new Submission.Underpriced(said));
        }
        if (holds(text, NO_FUNDS)) {
            return Optional.of(new Submission.NoFunds(said));
        }
        return holds(text, NEVER) ? Optional.of(new Submission.Refused(said)) : Optional.empty();
    }

    private static boolean holds(String text, List<String> parts) {
        return parts.stream().anyMatch(text::contains);
    }
}
