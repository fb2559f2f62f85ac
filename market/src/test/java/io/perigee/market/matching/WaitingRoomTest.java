package io.perigee.market.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.kind.WorkKinds;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import java.util.LinkedHashMap;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
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
            var id = new JobId(new UUID(0x7000L, Long.MIN_VALUE + number));
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

    @Test
    void shouldNotLookAtJobsThatAnOfferIsTooDearFor() {
        // given ten thousand jobs that pay next to nothing, and one that pays
        var provider = SampleProvider.of("p").asking(1_000_000);
        var offer = new OfferView(
                provider.id(),
                provider.address(),
                provider.sessionKey(),
                provider.sessionKeySignature(),
                provider.offer(),
                Amount.of(1_000_000),
                0,
                0,
                Decimal.ZERO,
                Standing.GOOD);
        var spec = SampleJobs.strict(2);
        for (int number = 0; number < 10_000; number++) {
            room.enter(id(number), request(spec, 1 + number % 7), spec);
        }
        room.enter(id(10_000), request(spec, 1_000_000_000), spec);

        // when
        var helped = room.helpedBy(offer);

        // then
        assertThat(helped).containsExactly(id(10_000));
        assertThat(room.looks()).isEqualTo(1);
    }

    private static PlacementRequest request(JobSpec spec, long ceiling) {
        return new PlacementRequest(
                2,
                Set.of(),
                WorkKinds.of(spec).classDemand(spec),
                null,
                PlacementRequest.Selection.CHEAPEST,
                Amount.of(ceiling),
                0,
                RandomMarket.NOW,
                RandomMarket.NOW.plusSeconds(60),
                Digest.ZERO);
    }

    private static JobId id(int number) {
        return new JobId(new UUID(0x7000L, Long.MIN_VALUE + number));
    }
}
