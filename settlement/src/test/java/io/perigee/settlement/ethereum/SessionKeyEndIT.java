package io.perigee.settlement.ethereum;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.settlement.chain.Estimate;
import io.perigee.settlement.testing.Market;
import io.perigee.settlement.testing.Story;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The last second of a session key, where the contract puts it; the front door's rule has the same test. */
class SessionKeyEndIT {
    private Market market;
    private Rpc rpc;

    @BeforeEach
    void start() {
        market = Market.still();
        rpc = new Rpc(market.url(), Duration.ofSeconds(5));
    }

    @AfterEach
    void stop() {
        rpc.close();
        market.close();
    }

    @Test
    void shouldBeGoodForAnAssignmentOfItsLastSecond() {
        assertThat(direct(0)).isInstanceOf(Estimate.Gas.class);
    }

    @Test
    void shouldNotBeGoodForAnAssignmentOfTheNext() {
        assertThat(direct(-1)).isInstanceOfSatisfying(Estimate.WouldRevert.class, refused -> assertThat(
                        refused.revert().code())
                .isEqualTo("KeyNotInForce"));
    }

    /** @param seconds from the assignment to the key's end */
    private Estimate direct(int seconds) {
        var story = Story.aJob(market);
        long issuedAt = story.assignment(0, market.owners.getFirst()).issuedAt();
        var call = new EscrowCalls(rpc, market.escrowAddress())
                .direct(story.order, story.signature(), story.agreedWithKeysUntil(issuedAt + seconds));
        return new EthereumSender(rpc, new RevertReasons(EscrowCalls.errors())).estimate(market.payer.address(), call);
    }
}
