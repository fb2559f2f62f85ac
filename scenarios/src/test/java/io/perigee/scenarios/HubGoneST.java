package io.perigee.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The hub stops for good. What its providers kept, and the chain, are enough. */
class HubGoneST {
    @Test
    void shouldPayTheProvidersWhoOpenOnChainWhenTheHubStopsAfterTheCommitments() {
        try (Town town = Town.with(List.of(), "hub-gone")) {
            // given: settlement dies while the work is done, so that nothing of it is on chain, and the rest when it is
            // committed
            var before = town.books();
            String id = town.submit();
            town.awaitUnderWay(id);
            town.stack.kill("settlement");
            var committed = Owner.awaitCommitted(town);
            town.stack.kill("scheduler");
            town.stack.kill("api");
            stillTime(town);

            // when
            advanceTo(town, committed.getFirst().opening());
            committed.forEach(Owner::settleDirect);
            advanceTo(
                    town,
                    now(town)
                            .plus(town.stack.options().window().multipliedBy(2))
                            .plusSeconds(1));
            committed.forEach(Owner::claim);

            // then
            var after = town.books();
            var due = BigInteger.ZERO;
            for (Owner owner : committed) {
                assertThat(before.change(after, owner.name()))
                        .as("what %s was paid", owner)
                        .isEqualTo(owner.price());
                due = due.add(owner.price());
            }
            assertThat(before.change(after, "escrow")).isEqualTo(due.negate());
            assertThat(after.stakes()).isEqualTo(before.stakes());
        }
    }

    // ---- the chain's time

    /** From now on a block comes with each transaction, a second after the one before it: W is only four. */
    private static void stillTime(Town town) {
        town.stack.ledger().anvil().call("evm_setIntervalMining", 0);
        town.stack.ledger().anvil().call("evm_setAutomine", true);
        town.stack.ledger().anvil().call("anvil_setBlockTimestampInterval", 1);
    }

    private static void advanceTo(Town town, Instant instant) {
        if (now(town).isBefore(instant)) {
            town.stack.ledger().anvil().call("evm_setNextBlockTimestamp", instant.getEpochSecond());
            town.stack.ledger().anvil().call("evm_mine");
        }
    }

    private static Instant now(Town town) {
        JsonNode block = town.stack.ledger().anvil().call("eth_getBlockByNumber", "latest", false);
        return Instant.ofEpochSecond(Long.decode(block.path("timestamp").asText()));
    }
}
