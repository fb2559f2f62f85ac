package io.perigee.settlement.ethereum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.id.Address;
import io.perigee.settlement.chain.ChainUnavailable;
import io.perigee.settlement.chain.EpochViews.Standing;
import io.perigee.settlement.testing.Market;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EpochStandingsIT {
    private Market market;
    private Rpc rpc;

    @BeforeAll
    void start() {
        market = Market.still();
        rpc = new Rpc(market.url(), Duration.ofSeconds(5));
    }

    @AfterAll
    void stop() {
        rpc.close();
        market.close();
    }

    @Test
    void shouldSayThatAnEpochWasNotPosted() {
        // given
        var standings = standings(market.epochsAddress());

        // when
        var standing = standings.standing(epoch(), market.height());

        // then
        assertThat(standing).isEqualTo(Standing.NOTHING);
    }

    @Test
    void shouldNotTakeAnEmptyAnswerForAnEpochThatWasNotPosted() {
        // given
        var nowhere = standings(Address.parse("0x" + "77".repeat(20)));

        // when + then
        assertThatThrownBy(() -> nowhere.standing(epoch(), market.height()))
                .isInstanceOf(ChainUnavailable.class)
                .hasMessageContaining("answered 0");
    }

    private EpochStandings standings(Address epochs) {
        return new EpochStandings(rpc, new EthereumNode(rpc), epochs);
    }

    private EpochId epoch() {
        return new EpochId(market.hub.address(), market.token(), 7);
    }
}
