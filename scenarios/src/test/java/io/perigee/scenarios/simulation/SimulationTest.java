package io.perigee.scenarios.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.scenarios.simulation.adversary.Strategies;
import io.perigee.scenarios.simulation.adversary.Strategy;
import io.perigee.scenarios.simulation.report.JsonReport;
import io.perigee.scenarios.simulation.report.Plot;
import io.perigee.scenarios.simulation.report.Row;
import io.perigee.scenarios.simulation.report.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The goals, on 67 worlds of each strategy at each share. Seeds count from 0, so a red run is run again as it was:
 * {@code perigee simulate --seeds 5025 --owners 32 --jobs 1}, and one world of it with {@code --replay SEED}.
 */
class SimulationTest {
    private static final Plan PLAN = Plan.of(5_025, 32, 1);
    private static final double ATTACKERS = 0.10;
    /** Commits and never reveals. */
    private static final int MUTE = 13;

    private static final double KNOWN = 1.05;
    private static final double NEW = 1.08;
    private static final double UNPAID = 0.02;
    private static final Path PAGE = Path.of("..", "docs", "verification.md");
    /** Those whose rows change most where more than a tenth attack. */
    private static final Set<Integer> SHOWN = Set.of(1, 11, 12, 16, 17, 18, Strategies.OUTAGES, 23, 24);

    /** Where a forger and the friend that audits it outvote the auditor that found the forgery; see the page. */
    private static final int BEFRIENDED = 17;

    private static List<Row> rows;
    /** A tenth attacks, and nobody goes to court. */
    private static List<Row> hub;

    @BeforeAll
    static void live() {
        rows = Simulation.run(PLAN, lived -> {});
        hub = Simulation.run(
                Plan.of(PLAN.seeds() / 3, PLAN.owners(), PLAN.jobs())
                        .only(ATTACKERS)
                        .under(Sanctions.HUB),
                lived -> {});
    }

    @Test
    void shouldLeaveNobodyAGainWhereItsRecordIsAllItLoses() {
        assertThat(hub)
                .filteredOn(row -> row.strategy().isOfProviders())
                .allSatisfy(row -> assertThat(row.tally().gain).as(words(row)).isNegative());
    }

    @Test
    void shouldPutOutWhoStealsWhereItsRecordIsAllItLoses() {
        assertThat(hub).allSatisfy(row -> {
            assertThat(row.tally().stolenPerIdentity()).as(words(row)).isLessThanOrEqualTo(1);
            assertThat(row.tally().wrongInTheLongRun(ATTACKERS)).as(words(row)).isLessThanOrEqualTo(1e-4);
        });
    }

    @Test
    void shouldPutOutNobodyHonestWhereItsRecordIsAllItLosesButByAFriendOfTheForger() {
        assertThat(hub).allSatisfy(row -> assertThat(row.tally().honestSlashed)
                .as(words(row))
                .isLessThanOrEqualTo(row.strategy().number() == BEFRIENDED ? row.tally().jobs / 1_000 : 0));
    }

    /** A friend that says the same next time does not clear it. */
    @Test
    void shouldPutOutFriendsWhoForgeTheSameSegmentAndWithholdIt() {
        // given 32 owners of whom three are friends, and 2,048 jobs
        var setting = new Setting(7, Strategies.PATIENT, ATTACKERS, 32, 64).under(Sanctions.HUB);

        // when
        var world = World.live(setting);

        // then
        assertThat(world.ejected).isEqualTo(3);
        assertThat(world.caught).as("each by its third silence").isLessThanOrEqualTo(9);
        assertThat(world.stolenPerIdentity()).isLessThanOrEqualTo(1);
        assertThat(world.honestSlashed).isZero();
    }

    /** A machine that dies while it should serve what was drawn has the leaves of the next run, and is not out by it. */
    @Test
    void shouldPutOutNoMachineThatDiesNowAndThen() {
        // given a tenth of all machines vanish in every run, and 64 jobs an owner
        var setting = new Setting(7, strategy(Strategies.OUTAGES), ATTACKERS, 32, 64).under(Sanctions.HUB);

        // when
        var world = World.live(setting);

        // then
        assertThat(world.doubts).isPositive();
        assertThat(world.honestSlashed).isZero();
    }

    @Test
    void shouldCoverEveryStrategyAtEveryShare() {
        assertThat(rows).hasSize(3 * Strategies.ALL.size());
        assertThat(rows).allSatisfy(row -> assertThat(row.tally().hashes)
                .hasSize(PLAN.seeds() / rows.size())
                .doesNotHaveDuplicates());
    }

    @Test
    void shouldLeaveNobodyAGainFromCheating() {
        assertThat(rows)
                .filteredOn(row -> row.strategy().isOfProviders())
                .allSatisfy(row -> assertThat(row.tally().gain).as(words(row)).isNegative());
    }

    @Test
    void shouldLetAnIdentityStealLessThanOneJobAndTheMarketAcceptAlmostNothingWrong() {
        assertThat(rows).allSatisfy(row -> assertThat(row.tally().stolenPerIdentity())
                .as(words(row))
                .isLessThanOrEqualTo(1));
        assertThat(rows).filteredOn(row -> row.share() == ATTACKERS).allSatisfy(row -> assertThat(
                        row.tally().wrongInTheLongRun(ATTACKERS))
                .as(words(row))
                .isLessThanOrEqualTo(1e-4));
    }

    @Test
    void shouldSlashNobodyHonestWhereTenInAHundredAttack() {
        assertThat(rows)
                .filteredOn(row -> row.share() == ATTACKERS || !row.strategy().colludes())
                .allSatisfy(row ->
                        assertThat(row.tally().honestSlashed).as(words(row)).isZero());
    }

    /** Across classes no difference takes a stake: what the tolerance gets wrong is pay. */
    @Test
    void shouldPayAlmostEverybodyHonestWhereTenInAHundredAttackOrNobodyDoes() {
        assertThat(rows)
                .filteredOn(row -> row.share() == ATTACKERS || !row.strategy().isOfProviders())
                .allSatisfy(row -> assertThat((double) row.tally().honestUnpaid / row.tally().jobs)
                        .as(words(row))
                        .isLessThanOrEqualTo(UNPAID));
    }

    @Test
    void shouldCostLittleFromTheFirstJobOn() {
        var quiet = sum(row -> row.strategy().number() == Strategies.REFUSING);
        assertThat(quiet.replicationOfKnown()).isLessThanOrEqualTo(KNOWN);
        assertThat(quiet.replicationOfNew()).isLessThanOrEqualTo(NEW);
    }

    @Test
    void shouldCostLittleWhereMachinesVanishToo() {
        var outages = sum(row -> row.strategy().number() == Strategies.OUTAGES);
        var storm = sum(row -> row.strategy().number() == Strategies.STORM);
        assertThat(List.of(outages, storm)).allSatisfy(weather -> {
            assertThat(weather.replicationOfKnown()).isLessThanOrEqualTo(KNOWN);
            assertThat(weather.replicationOfNew()).isLessThanOrEqualTo(NEW);
            assertThat(weather.honestSlashed).isZero();
        });
    }

    /** A market whose stakes are all bound in runs that wait for auditors would stand still. */
    @Test
    void shouldFinishEveryJobThatCanEnd() {
        assertThat(rows)
                .filteredOn(row -> row.strategy().number() != Strategies.NEVER_ENDING)
                .allSatisfy(
                        row -> assertThat(row.tally().finished).as(words(row)).isEqualTo(row.tally().jobs));
    }

    /** An image that never ends is run by three owners at most; by one, once its builder is known. */
    @Test
    void shouldLoseFewLeasesToABuilderOnceItIsKnown() {
        // given
        int seed = 7;

        // when
        var shortly = World.live(new Setting(seed, strategy(Strategies.NEVER_ENDING), ATTACKERS, 32, 1));
        var longer = World.live(new Setting(seed, strategy(Strategies.NEVER_ENDING), ATTACKERS, 32, 8));

        // then
        assertThat(leasesLost(shortly)).isBetween(2.5, 3.0);
        assertThat(leasesLost(longer)).isBetween(1.0, 2.2);
    }

    /** Who asks for next to nothing and opens nothing would be the cheapest for every job, and for ever. */
    @Test
    void shouldGiveFewJobsToWhoAsksNothingAndOpensNothing() {
        // given 32 owners of whom three ask 1 unit, and 512 jobs
        int seed = 7;

        // when
        var world = World.live(new Setting(seed, strategy(MUTE), ATTACKERS, 32, 16).asking(1));

        // then
        assertThat(world.finished).isEqualTo(world.jobs);
        assertThat(world.runsOfThieves).isPositive().isLessThan(world.runs / 5);
    }

    @Test
    void shouldMakeTheHubAndTheBuilderPayForTheirOwnTricks() {
        assertThat(rows)
                .filteredOn(
                        row -> row.strategy().isHubsFriend() || row.strategy().number() == Strategies.REFUSING)
                .allSatisfy(row ->
                        assertThat(row.tally().atCulpritsCost).as(words(row)).isPositive());
    }

    @Test
    void shouldReplayAWorldFromItsSeedWhoeverElseLives() {
        // given
        int seed = 86;

        // when
        var again = World.live(PLAN.world(seed)).hashes;

        // then
        assertThat(rows.stream()
                        .filter(row -> row.isLike(new Row(PLAN.world(seed).strategy(), 0.1))))
                .singleElement()
                .satisfies(row -> assertThat(row.tally().hashes).containsAll(again));
        assertThat(again).isNotEqualTo(World.live(PLAN.world(seed + Strategies.ALL.size())).hashes);
    }

    @Test
    void shouldReportForPeopleForProgramsAndForEyes() {
        assertThat(Text.table(rows).lines()).hasSize(rows.size() + 2);
        assertThat(JsonReport.of(PLAN, rows)).contains("\"stateHash\"").doesNotContain("NaN");
        assertThat(Plot.svg(rows)).startsWith("<svg").endsWith("</svg>\n").doesNotContain("NaN");
    }

    /** {@code -Dperigee.docs.write=true} writes the tables anew. */
    @Test
    void shouldFindThePagesTablesUpToDate() throws IOException {
        // given
        var tenth = rows.stream().filter(row -> row.share() == ATTACKERS).toList();
        var more = rows.stream()
                .filter(row ->
                        row.share() > ATTACKERS && SHOWN.contains(row.strategy().number()))
                .toList();
        var page = Files.readString(PAGE);
        var text = region(
                region(region(page, "a tenth attacks", Text.table(tenth)), "more attack", Text.table(more)),
                "the hub's sanctions",
                Text.table(hub));
        if (Boolean.getBoolean("perigee.docs.write")) {
            Files.writeString(PAGE, text);
            page = text;
        }

        // then
        assertThat(page)
                .as("docs/verification.md; write it with -Dperigee.docs.write=true")
                .isEqualTo(text);
    }

    private static String region(String page, String name, String text) {
        var opening = "<!-- generated: " + name + " -->\n";
        int from = page.indexOf(opening) + opening.length();
        int until = page.indexOf("<!-- end -->", from);
        assertThat(page).contains(opening);
        return page.substring(0, from) + text + page.substring(until);
    }

    private static Tally sum(Predicate<Row> wanted) {
        var sum = new Tally();
        rows.stream().filter(wanted).forEach(row -> sum.add(row.tally()));
        return sum;
    }

    private static double leasesLost(Tally world) {
        return (double) world.leasesLost / (world.jobs - world.finished);
    }

    private static Strategy strategy(int number) {
        return Strategies.ALL.get(number - 1);
    }

    private static String words(Row row) {
        return "%s, %.0f %%".formatted(row.strategy().words(), 100 * row.share());
    }
}
