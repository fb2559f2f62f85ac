package io.perigee.settlement.intent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.settlement.chain.FeeQuote;
import io.perigee.settlement.chain.Fees;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class FeePolicyTest {
    private final FeePolicy policy = new FeePolicy(wei(10), wei(1_000));

    @Test
    void shouldOfferTwiceTheBaseFeeAndTheTip() {
        // when
        var fees = policy.first(quote(100, 20));

        // then
        assertThat(fees).isEqualTo(fees(220, 20));
    }

    @Test
    void shouldNotGoBelowTheFloorOrAboveTheCap() {
        // when
        var low = policy.first(quote(0, 0));
        var high = policy.first(quote(900, 2_000));

        // then
        assertThat(low).isEqualTo(fees(10, 10));
        assertThat(high).isEqualTo(fees(1_000, 1_000));
    }

    @Test
    void shouldRaiseBothFeesByAtLeastAnEighthRoundedUp() {
        // when
        var fees = policy.bump(fees(101, 9), quote(0, 0)).orElseThrow();

        // then
        assertThat(fees).isEqualTo(fees(114, 11));
    }

    @Test
    void shouldFollowTheMarketWhenItRoseByMore() {
        // when
        var fees = policy.bump(fees(100, 10), quote(200, 40)).orElseThrow();

        // then
        assertThat(fees).isEqualTo(fees(440, 40));
    }

    @Test
    void shouldRaiseFeesOfZero() {
        // given
        var free = new FeePolicy(BigInteger.ZERO, wei(10));

        // when
        var fees = free.bump(fees(0, 0), quote(0, 0)).orElseThrow();

        // then
        assertThat(fees).isEqualTo(fees(1, 1));
    }

    @Test
    void shouldStopAtTheCap() {
        // when
        var fees = policy.bump(fees(990, 10), quote(0, 0));

        // then
        assertThat(fees).isEmpty();
    }

    @Test
    void shouldSayWhetherAnOfferIsStillEnough() {
        assertThat(policy.fits(fees(120, 20), quote(100, 20))).isTrue();
        assertThat(policy.fits(fees(119, 19), quote(100, 20))).isFalse();
        assertThat(policy.fits(fees(1_000, 20), quote(5_000, 20))).isTrue();
    }

    @Test
    void shouldRefuseAFloorAboveTheCap() {
        assertThatThrownBy(() -> new FeePolicy(wei(2), wei(1))).hasMessageContaining("Expected to hold a fee floor");
    }

    private static FeeQuote quote(long base, long tip) {
        return new FeeQuote(wei(base), wei(tip));
    }

    private static Fees fees(long max, long priority) {
        return new Fees(wei(max), wei(priority));
    }

    private static BigInteger wei(long value) {
        return BigInteger.valueOf(value);
    }
}
