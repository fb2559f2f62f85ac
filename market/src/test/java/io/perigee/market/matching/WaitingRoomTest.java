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
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
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
            room.enter(id, List.of(wanted.request()), wanted.spec());
        }

        for (int round = 0; round < 50; round++) {
            // when
            var offer = market.offer(40);
            var helped = helpedBy(offer);

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
        assertThat(helpedBy(market.offer(40))).isEmpty();
    }

    @Test
    void shouldNotLookAtJobsThatAnOfferIsTooDearFor() {
        // given ten thousand jobs that pay next to nothing, and one that pays
        var provider = SampleProvider.of("p").asking(1_000_000);
        var offer = SampleView.of(provider);
        var spec = SampleJobs.strict(2);
        for (int number = 0; number < 10_000; number++) {
            room.enter(id(number), List.of(request(spec, 1 + number % 7)), spec);
        }
        room.enter(id(10_000), List.of(request(spec, 1_000_000_000)), spec);

        // when
        var helped = helpedBy(offer);

        // then
        assertThat(helped).containsExactly(id(10_000));
        assertThat(room.looks()).isEqualTo(1);
    }

    /** Its own machine may be busy: what was missing is somebody who could audit. */
    @Test
    void shouldWakeAJobThatLacksAnAuditor() {
        // given
        var provider = SampleProvider.of("p").asking(1_000_000);
        var busy = SampleView.of(provider, 1);
        var spec = SampleJobs.strict(2);
        room.enter(id(0), List.of(request(spec, 1_000_000_000)), spec);
        room.enter(id(1), List.of(request(spec, 1_000_000_000).standby(new PlacementRequest.Standby(2, 100))), spec);

        // when
        var helped = helpedBy(busy);

        // then
        assertThat(helped).containsExactly(id(1));
    }

    /** Of what auditors may be dealt the fewest hands may ask for the lowest price. */
    @Test
    void shouldWakeAJobThatAnOfferDoesForInAnyOfItsAlternatives() {
        // given
        var spec = SampleJobs.strict(2);
        room.enter(id(0), List.of(request(spec, 1_000_000_000), request(1, spec, 1)), spec);
        room.enter(id(1), List.of(request(spec, 1), request(1, spec, 1_000_000_000)), spec);
        room.enter(id(2), List.of(request(spec, 1), request(1, spec, 1)), spec);

        // when
        var helped = helpedBy(SampleView.of(SampleProvider.of("p").asking(1_000_000)));

        // then
        assertThat(helped).containsExactlyInAnyOrder(id(0), id(1));
    }

    @Test
    void shouldWakeAJobByAKeyThatBeganAfterItWasLookedAt() {
        // given
        var spec = SampleJobs.strict(2);
        var view = SampleView.of(SampleProvider.of("p").asking(1_000_000));
        var looked = Instant.ofEpochSecond(view.sessionKey().notBefore() - 1);
        room.enter(id(0), List.of(request(spec, 1_000_000_000).askedAt(looked)), spec);

        // when
        var before = room.helpedBy(view, looked, WaitingRoomTest::shown);
        var since = room.helpedBy(view, looked.plusSeconds(1), WaitingRoomTest::shown);

        // then
        assertThat(before).isEmpty();
        assertThat(since).containsExactly(id(0));
    }

    @Test
    void shouldWakeAJobThatAsksForARecordOnlyByOwnersWhoHaveIt() {
        // given
        var spec = SampleJobs.withPlacement(
                SampleJobs.strict(2), new JobSpec.Placement(List.of(), Decimal.parse("0.5"), List.of(), "any"));
        var view = SampleView.of(SampleProvider.of("p").asking(1_000_000));
        room.enter(id(0), List.of(request(spec, 1_000_000_000)), spec);
        room.enter(id(1), List.of(request(SampleJobs.strict(2), 1_000_000_000)), SampleJobs.strict(2));

        // when
        var little = room.helpedBy(view.shown(Decimal.parse("0.4999")), RandomMarket.NOW, WaitingRoomTest::shown);
        var enough = room.helpedBy(view.shown(Decimal.parse("0.5")), RandomMarket.NOW, WaitingRoomTest::shown);
        var byRecord = room.helpedByRecord(view.shown(Decimal.parse("0.5")), RandomMarket.NOW, WaitingRoomTest::shown);

        // then
        assertThat(little).containsExactly(id(1));
        assertThat(enough).containsExactlyInAnyOrder(id(0), id(1));
        assertThat(byRecord).containsExactly(id(0));
        assertThat(room.asksForRecords()).isTrue();
        assertThat(room.leave(id(0))).isTrue();
        assertThat(room.asksForRecords()).isFalse();
    }

    private List<JobId> helpedBy(OfferView view) {
        return room.helpedBy(view, RandomMarket.NOW, WaitingRoomTest::shown);
    }

    private static Decimal shown(OfferView view, JobSpec spec) {
        return view.reputation();
    }

    private static PlacementRequest request(JobSpec spec, long ceiling) {
        return request(2, spec, ceiling);
    }

    private static PlacementRequest request(int count, JobSpec spec, long ceiling) {
        return new PlacementRequest(
                count,
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
