package io.perigee.settlement.ethereum;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.settlement.chain.Submission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SendingFaultsTest {
    @ParameterizedTest
    @ValueSource(strings = {"already known", "ALREADY_EXISTS: already known", "transaction already imported"})
    void shouldTakeAKnownTransactionForAnAcceptedOne(String said) {
        assertThat(SendingFaults.read(said)).containsInstanceOf(Submission.Accepted.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonce too low: next nonce 7, tx nonce 3", "Nonce too low", "nonce is too low"})
    void shouldSeeAUsedNonce(String said) {
        assertThat(SendingFaults.read(said)).containsInstanceOf(Submission.NonceUsed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "replacement transaction underpriced",
                "transaction underpriced: tip needed 1, tip permitted 0",
                "max fee per gas less than block base fee: address 0x0, maxFeePerGas: 1, baseFee: 7",
                "FeeTooLow"
            })
    void shouldSeeThatMoreMustBePaid(String said) {
        assertThat(SendingFaults.read(said)).containsInstanceOf(Submission.Underpriced.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "insufficient funds for gas * price + value: balance 0, tx cost 1",
                "Upfront cost exceeds account balance",
                "Insufficient funds for gas * price + value"
            })
    void shouldSeeThatTheAccountIsEmpty(String said) {
        assertThat(SendingFaults.read(said)).containsInstanceOf(Submission.NoFunds.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "intrinsic gas too low",
                "exceeds block gas limit",
                "oversized data: transaction size 1, limit 0",
                "invalid chain id for signer",
                "transaction type not supported"
            })
    void shouldSeeThatTheseBytesWillNeverDo(String said) {
        assertThat(SendingFaults.read(said)).containsInstanceOf(Submission.Refused.class);
    }

    @Test
    void shouldKnowNothingFromATextItDoesNotKnow() {
        assertThat(SendingFaults.read("the server is busy")).isEmpty();
    }
}
