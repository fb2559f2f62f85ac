package io.perigee.market.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.kind.ClassDemand;
import io.perigee.market.reputation.Field;
import io.perigee.market.reputation.Outcome;
import io.perigee.market.reputation.Reputation;
import io.perigee.protocol.fact.NoMatchReason;
import io.perigee.protocol.fact.OutcomeKind;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What records do to offers, and what a price of next to nothing is worth beside them. */
class ConductTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final JobSpec SPEC = SampleJobs.strict(1);
    private static final SampleProvider CHEAP = SampleProvider.of("cheap").asking(1);
    private static final SampleProvider DEAR = SampleProvider.of("dear").asking(300_000);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void shouldChooseTheCheapestWhileItEndsOneInFourWell(int lost) {
        assertThat(chosen(recorded(CHEAP, outcomes(0, lost)), SampleView.of(DEAR)))
                .isEqualTo(CHEAP);
    }

    /** However little it asks: five lost at a price of 1 would be as cheap as 6. */
    @ParameterizedTest
    @ValueSource(ints = {4, 5, 1_000})
    void shouldPutWhoEndsFewerBehindAll(int lost) {
        assertThat(chosen(recorded(CHEAP, outcomes(0, lost)), SampleView.of(DEAR)))
                .isEqualTo(DEAR);
        assertThat(chosen(recorded(CHEAP, outcomes(0, lost))))
                .as("where nobody else is")
                .isEqualTo(CHEAP);
        assertThat(chosen(recorded(CHEAP, outcomes(20, lost / 4)), SampleView.of(DEAR)))
                .as("who has done as much well")
                .isEqualTo(lost < 100 ? CHEAP : DEAR);
    }

    @Test
    void shouldCountReliabilityIntoThePrice() {
        // given one that ends half of its attempts well, and asks a bit more than half
        var half = SampleProvider.of("half").asking(160_000);

        // then
        assertThat(chosen(recorded(half, outcomes(1, 2)), SampleView.of(DEAR))).isEqualTo(DEAR);
        assertThat(chosen(recorded(half, outcomes(4, 1)), SampleView.of(DEAR))).isEqualTo(half);
    }

    @Test
    void shouldPlaceNobodyThatWasProvenWrongWithinAHalfLife() {
        // given
        var cheat = Stream.of(outcome(OutcomeKind.CHEATED, NOW.minus(Duration.ofDays(1))))
                .toList();
        var old = Stream.of(outcome(OutcomeKind.CHEATED, NOW.minus(Reputation.HALF_LIFE)))
                .toList();

        // when
        var match = match(recorded(CHEAP, cheat));

        // then
        assertThat(((Match.None) match).reasons())
                .extracting(NoMatchReason::constraint)
                .contains("record");
        assertThat(chosen(recorded(CHEAP, old))).isEqualTo(CHEAP);
    }

    @Test
    void shouldCountTheWorstOfTheFieldsThatAnOfferServesAndNoOther() {
        // given
        var view = SampleView.of(CHEAP);
        var bad = Reputation.of(outcomes(0, 9), NOW);
        var good = Reputation.of(outcomes(9, 0), NOW);
        var served = new Field(CHEAP.address(), NumericClass.STRICT, "strict");
        var containers = new Field(CHEAP.address(), Digest.ZERO, "sha256:1");
        var elsewhere = new Field(CHEAP.address(), Parties.digest("another class"), "strict");

        // then
        assertThat(Conduct.of(view, Map.of(served, good, elsewhere, bad)).reliability())
                .isEqualTo(OfferView.RELIABLE);
        assertThat(Conduct.of(view, Map.of(served, good, containers, bad)).reliability())
                .isEqualTo(100_000);
        assertThat(Conduct.of(view, Map.of())).isEqualTo(view);
    }

    private static OfferView recorded(SampleProvider provider, List<Outcome> outcomes) {
        var field = new Field(provider.address(), NumericClass.STRICT, Field.family(SPEC));
        return Conduct.of(SampleView.of(provider), Map.of(field, Reputation.of(outcomes, NOW)));
    }

    private static List<Outcome> outcomes(int verified, int lost) {
        return Stream.concat(
                        Stream.generate(() -> outcome(OutcomeKind.VERIFIED, NOW))
                                .limit(verified),
                        Stream.generate(() -> outcome(OutcomeKind.CRASHED, NOW)).limit(lost))
                .toList();
    }

    private static Outcome outcome(OutcomeKind kind, Instant at) {
        return new Outcome(new JobId(new UUID(0x7000L, Long.MIN_VALUE)), 0, kind, at);
    }

    private static SampleProvider chosen(OfferView... views) {
        var found = (Match.Found) match(views);
        return found.picks().getFirst().view().provider().equals(CHEAP.id())
                ? CHEAP
                : found.picks().getFirst().view().provider().equals(DEAR.id())
                        ? DEAR
                        : SampleProvider.of("half").asking(160_000);
    }

    private static Match match(OfferView... views) {
        var request = new PlacementRequest(
                1,
                Set.of(),
                new ClassDemand.Fixed(NumericClass.STRICT),
                null,
                PlacementRequest.Selection.CHEAPEST,
                Amount.of(5_000),
                100,
                NOW,
                NOW.plusSeconds(60),
                Digest.ZERO);
        var index = new OfferIndex();
        Stream.of(views).forEach(index::put);
        var match = index.match(request, SPEC);
        assertThat(match).isEqualTo(Matcher.match(request, SPEC, index.views()));
        return match;
    }
}
