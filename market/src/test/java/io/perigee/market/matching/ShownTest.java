package io.perigee.market.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.kind.WorkKinds;
import io.perigee.market.reputation.Field;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShownTest {
    private static final JobSpec SPEC = SampleJobs.withPlacement(
            SampleJobs.strict(2), new JobSpec.Placement(List.of(), Decimal.parse("0.5"), List.of(), "any"));

    private final List<Set<Field>> asked = new ArrayList<>();
    private final Map<Field, Decimal> records = new HashMap<>();

    @Test
    void shouldAskOnceAndOnlyForOwnersWhoseOffersDoOtherwise() {
        // given
        var good = offer("good", 1_000, 0);
        var new1 = offer("new", 1_000, 0);
        var busy = offer("busy", 1_000, 1);
        var dear = offer("dear", 1L << 50, 0);
        records.put(field(good), Decimal.parse("0.5"));

        // when
        var shown = Shown.whereItMatters(List.of(good, new1, busy, dear), List.of(request()), SPEC, this::scores);

        // then
        assertThat(asked).containsExactly(Set.of(field(good), field(new1)));
        assertThat(shown)
                .filteredOn(view -> Constraint.REPUTATION.keeps(view, SPEC, request()))
                .as("of who does not do anyway nobody knows that it has shown too little")
                .extracting(OfferView::provider)
                .containsExactly(good.provider(), busy.provider(), dear.provider());
        assertThat(Matcher.candidates(request(), SPEC, shown))
                .extracting(OfferView::provider)
                .containsExactly(good.provider());
    }

    @Test
    void shouldAskForOwnersWhoStandByThoughTheirMachinesAreBusy() {
        // given
        var busy = offer("busy", 1_000, 1);

        // when
        Shown.whereItMatters(
                List.of(busy), List.of(request().standby(new PlacementRequest.Standby(1, 100))), SPEC, this::scores);

        // then
        assertThat(asked).containsExactly(Set.of(field(busy)));
    }

    private Map<Field, Decimal> scores(Set<Field> fields) {
        asked.add(fields);
        return records;
    }

    private static Field field(OfferView view) {
        return new Field(view.owner(), NumericClass.STRICT, Field.family(SPEC));
    }

    private static OfferView offer(String name, long price, int used) {
        var provider = SampleProvider.of(name).asking(price);
        return SampleView.of(provider, used);
    }

    private static PlacementRequest request() {
        return new PlacementRequest(
                1,
                Set.of(),
                WorkKinds.of(SPEC).classDemand(SPEC),
                null,
                PlacementRequest.Selection.CHEAPEST,
                Amount.of(1_000_000_000),
                0,
                RandomMarket.NOW,
                RandomMarket.NOW.plusSeconds(60),
                Digest.ZERO);
    }
}
