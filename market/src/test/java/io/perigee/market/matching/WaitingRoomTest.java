package io.perigee.market.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.id.JobId;
import java.util.LinkedHashMap;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaitingRoomTest {
    private final WaitingRoom room = new WaitingRoom();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldWakeExactlyTheJobsThatAnOfferDoesFor(long seed) {
        // given
        var market = new RandomMarket(seed);
        var waiting = new LinkedHashMap<JobId, RandomMarket.Wanted>();
        for (int number = 0; number < 300; number++) {
            var id = new JobId(new UUID(0x7000L + number, Long.MIN_VALUE + number));
            var wanted = market.wanted();
            waiting.put(id, wanted);
            room.enter(id, wanted.request(), wanted.spec());
        }

        for (int round = 0; round < 50; round++) {
            // when
            var offer = market.offer(40);
            var helped = room.helpedBy(offer);

            // then
            assertThat(helped)
                    .as("seed %d", seed)
                    .containsExactlyInAnyOrderElementsOf(waiting.entrySet().stream()
                            .filter(entry -> Constraint.allKept(
                                    offer,
                                    entry.getValue().spec(),
                                    entry.getValue().request()))
                            .map(entry -> entry.getKey())
                            .toList());
        }
        waiting.keySet().forEach(room::leave);
        assertThat(room.size()).isZero();
        assertThat(room.helpedBy(market.offer(40))).isEmpty();
    }
}
