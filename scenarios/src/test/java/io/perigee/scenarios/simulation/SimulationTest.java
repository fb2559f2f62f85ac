package io.perigee.scenarios.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.scenarios.simulation.adversary.Strategies;
import io.perigee.scenarios.simulation.adversary.Strategy;
import io.perigee.scenarios.simulation.report.JsonReport;
import io.perigee.scenarios.simulation.report.Plot;
import io.perigee.scenarios.simulation.report.Row;
import io.perigee.scenarios.simulation.report.Text;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The goals, on a few hundred small worlds; seeds count from 0, so a red run is run again as it was. */
class SimulationTest {
    private static final int SEEDS = 132;
    private static final int OWNERS = 32;
    private static final double ATTACKERS = 0.10;

    private static List<Row> rows;

    @BeforeAll
    static void live() {
        rows = Simulation.run(SEEDS, OWNERS, 1);
    }

    @Test
    void shouldCoverEveryStrategyAtEveryShare() {
        assertThat(rows).hasSize(3 * Strategies.ALL.size());
    }

    /** Over all shares: one row of so few worlds may hold a lucky poisoner. */
    @Test
    void shouldLeaveNobodyAGainFromCheating() {
        assertThat(Strategies.ALL).filteredOn(Strategy::isOfProviders).allSatisfy(strategy -> assertThat(rows.stream()
                        .filter(row -> row.strategy() == strategy)
                        .mapToDouble(row -> row.tally().gain)
                        .sum())
                .as(strategy.words())
                .isNegative());
    }

    @Test
    void shouldLetAnIdentityStealLessThanOneJobAndTheMarketAcceptAlmostNothingWrong() {
        assertThat(rows).filteredOn(row -> row.share() == ATTACKERS).allSatisfy(row -> {
            assertThat(row.tally().stolenPerIdentity())
                    .as(row.strategy().words())
                    .isLessThanOrEqualTo(1);
            assertThat(row.tally().wrongInTheLongRun(ATTACKERS))
                    .as(row.strategy().words())
                    .isLessThanOrEqualTo(1e-4);
        });
    }

    @Test
    void shouldSlashNobodyHonestWhereTenInAHundredAttack() {
        assertThat(rows)
                .filteredOn(row -> row.share() == ATTACKERS || !row.strategy().colludes())
                .allSatisfy(row -> assertThat(row.tally().honestSlashed)
                        .as(row.strategy().words())
                        .isZero());
    }

    @Test
    void shouldCostLittleFromTheFirstJobOn() {
        // given what honest builders and providers see; a tenth of outages has its own bound
        var quiet = new Tally();
        rows.stream().filter(row -> row.strategy().number() == 20).forEach(row -> quiet.add(row.tally()));

        // then
        assertThat(quiet.replicationOfKnown()).isLessThanOrEqualTo(1.05);
        assertThat(quiet.replicationOfNew()).isLessThanOrEqualTo(1.08);
    }

    @Test
    void shouldFinishEveryJobThatCanEnd() {
        assertThat(rows)
                .filteredOn(row -> row.share() == ATTACKERS && row.strategy().number() != Strategies.NEVER_ENDING)
                .allSatisfy(row -> assertThat(row.tally().finished)
                        .as(row.strategy().words())
                        .isEqualTo(row.tally().jobs));
    }

    @Test
    void shouldReplayAWorldFromItsSeed() {
        // given
        var setting = new Setting(7, Strategies.ALL.get(11), 0.3, OWNERS, 1);

        // when
        var again = World.live(setting).hashes;

        // then
        assertThat(again).isEqualTo(World.live(setting).hashes);
        assertThat(again).isNotEqualTo(World.live(new Setting(8, Strategies.ALL.get(11), 0.3, OWNERS, 1)).hashes);
    }

    @Test
    void shouldReportForPeopleForProgramsAndForEyes() {
        assertThat(Text.table(rows).lines()).hasSize(rows.size() + 2);
        assertThat(JsonReport.of(SEEDS, rows)).contains("\"stateHash\"").doesNotContain("NaN");
        assertThat(Plot.svg(rows)).startsWith("<svg").endsWith("</svg>\n").doesNotContain("NaN");
    }
}
