package io.perigee.market.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.pricing.Pricing;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.testkit.sample.SampleJobs;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a builder is told to loosen, on random markets. */
class RelaxationTest {
    @Test
    void shouldMatchWithWhatItSaysIsEnough() {
        int alone = 0;
        int besideOthers = 0;
        for (long seed = 0; seed < 3_000; seed++) {
            // given
            var market = new RandomMarket(seed);
            for (int i = 0; i < 30; i++) {
                market.add(market.offer(12));
            }
            var wanted = market.wantedBesideOthers();
            var spec = wanted.spec();

            // when
            var relaxation = Explanation.of(wanted.request(), spec, market.views(), Openings.UNKNOWN)
                    .relaxation();

            // then
            if (relaxation.isPresent()) {
                assertThat(Matcher.match(
                                costing(wanted.request(), spec, relaxation.get()),
                                loosened(spec, relaxation.get()),
                                market.views()))
                        .as("seed %d: %s", seed, relaxation.get())
                        .isInstanceOf(Match.Found.class);
                alone += wanted.request().standby() == null ? 1 : 0;
                besideOthers += wanted.request().standby() == null ? 0 : 1;
            }
        }
        assertThat(alone).isGreaterThan(20);
        assertThat(besideOthers).isGreaterThan(20);
    }

    private static PlacementRequest costing(PlacementRequest request, JobSpec spec, Explanation.Relaxation relaxation) {
        return relaxation.constraint().equals("price.max")
                ? request.costing(
                        Pricing.attemptCeiling(spec.costing(new JobSpec.Price(Amount.parse(relaxation.enough())))))
                : request;
    }

    private static JobSpec loosened(JobSpec spec, Explanation.Relaxation relaxation) {
        var needs = spec.resources();
        var placement = spec.placement();
        var enough = relaxation.enough();
        return switch (relaxation.constraint()) {
            case "resources.gpu" ->
                needing(
                        spec,
                        new JobSpec.GpuNeed(needs.gpu().count(), 0, List.of()),
                        needs.cpu(),
                        needs.memory(),
                        needs.disk());
            case "resources.cpu" -> needing(spec, needs.gpu(), Integer.parseInt(enough), needs.memory(), needs.disk());
            case "resources.memory" -> needing(spec, needs.gpu(), needs.cpu(), Long.parseLong(enough), needs.disk());
            case "resources.disk" -> needing(spec, needs.gpu(), needs.cpu(), needs.memory(), Long.parseLong(enough));
            case "placement.regions" ->
                SampleJobs.withPlacement(
                        spec,
                        new JobSpec.Placement(
                                enough.equals("any") ? List.of() : List.of(enough.split(", ")),
                                placement.minReputation(),
                                List.of(),
                                "any"));
            case "placement.minReputation" ->
                SampleJobs.withPlacement(
                        spec, new JobSpec.Placement(placement.regions(), Decimal.parse(enough), List.of(), "any"));
            default -> spec;
        };
    }

    private static JobSpec needing(JobSpec spec, JobSpec.GpuNeed gpu, int cpu, long memory, long disk) {
        return SampleJobs.withResources(spec, new JobSpec.Resources(gpu, cpu, memory, disk));
    }
}
