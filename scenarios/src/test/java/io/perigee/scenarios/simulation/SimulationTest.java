package io.perigee.scenarios.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.verification.Subject;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.result.Draw;
import io.perigee.scenarios.simulation.adversary.Strategies;
import io.perigee.scenarios.simulation.adversary.Strategy;
import io.perigee.scenarios.simulation.peer.PeerTally;
import io.perigee.scenarios.simulation.report.JsonReport;
import io.perigee.scenarios.simulation.report.Plot;
import io.perigee.scenarios.simulation.report.Row;
import io.perigee.scenarios.simulation.report.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The goals, on 56 worlds of each strategy at each share. Seeds count from 0, so a red run is run again as it was:
 * {@code perigee simulate --seeds 5040 --owners 32 --jobs 1}, and one world of it with {@code --replay SEED}.
 */
class SimulationTest {
    private static final Plan PLAN = Plan.of(5_040, 32, 1);
    private static final double ATTACKERS = 0.10;
    /** Commits and never reveals. */
    private static final int MUTE = 13;

    private static final double KNOWN = 1.05;
    private static final double NEW = 1.08;
    /** Of newcomers the goal is missed, and of all where a tenth of the machines vanish in a run; see the page. */
    private static final double NEW_MISSED = 0.002;

    private static final double MISSED = 0.02;
    /** Who forges one segment is caught too seldom for a few worlds to say what it gains. */
    private static final Set<Integer> RARE = Set.of(11, Strategies.PATIENT, 28);

    private static final double UNPAID = 0.02;
    private static final Path PAGE = Path.of("..", "docs", "verification.md");
    /** Those whose rows change most where more than a tenth attack. */
    private static final Set<Integer> SHOWN = Set.of(1, 11, 12, 16, 17, 18, Strategies.OUTAGES, 23, 24);

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
        assertNobodyGains(hub);
    }

    @Test
    void shouldPutOutWhoStealsWhereItsRecordIsAllItLoses() {
        assertThat(hub).allSatisfy(row -> {
            assertThat(row.tally().stolenPerIdentity()).as(words(row)).isLessThanOrEqualTo(1);
            assertThat(row.tally().wrongAfter(1_000, ATTACKERS)).as(words(row)).isLessThanOrEqualTo(1e-4);
        });
    }

    @Test
    void shouldPutOutNobodyHonestWhereItsRecordIsAllItLoses() {
        assertThat(hub)
                .allSatisfy(row ->
                        assertThat(row.tally().honestSlashed).as(words(row)).isZero());
    }

    /** A cheat among machines that vanish is not taken for one of them, nor they for it. */
    @Test
    void shouldKeepCheatsAndOutagesApartWhereATenthOfAllMachinesVanish() {
        // given
        var strategies = Strategies.ALL.stream().filter(Strategy::isOfProviders).toList();

        // when
        var rows = strategies.stream()
                .map(strategy -> IntStream.range(0, 6)
                        .mapToObj(seed -> World.live(new Setting(seed, strategy, ATTACKERS, 32, 1)
                                .under(Sanctions.HUB)
                                .inAStorm()))
                        .map(tally -> new Row(strategy, ATTACKERS, tally, new PeerTally(), new PeerTally()))
                        .reduce(new Row(strategy, ATTACKERS), (sum, row) -> {
                            sum.add(row);
                            return sum;
                        }))
                .toList();

        // then
        assertNobodyGains(rows.stream()
                .filter(row -> !RARE.contains(row.strategy().number()))
                .toList());
        assertThat(rows)
                .allSatisfy(row ->
                        assertThat(row.tally().honestSlashed).as(words(row)).isZero());
    }

    /** A doubt that stayed would put out whoever runs for long enough on a machine that dies now and then. */
    @Test
    void shouldPutOutNoMachineThatDiesNowAndThenHoweverLongItRuns() {
        // given a tenth of all machines vanish in every run, and 640 jobs an owner
        var setting = new Setting(7, strategy(Strategies.OUTAGES), ATTACKERS, 20, 640).under(Sanctions.HUB);

        // when
        var world = World.live(setting);

        // then
        assertThat(world.doubts).as("silences").isGreaterThan(10);
        assertThat(world.honestSlashed).isZero();
    }

    @Test
    void shouldDecideAndPayTheSameWhereEveryMessageComesTwice() {
        for (var strategy : Strategies.ALL) {
            // given
            var setting = new Setting(7, strategy, 0.3, 32, 1).under(Sanctions.HUB);

            // when
            var once = World.live(setting.doubling(0));
            var twice = World.live(setting.doubling(1));

            // then
            assertThat(twice.end).as(strategy.words()).isEqualTo(once.end);
            assertThat(twice.hashes).isNotEqualTo(once.hashes);
        }
    }

    /** What a fork showed first is drawn by nobody, though it would draw something else. */
    @Test
    void shouldDrawByTheBlockThatIsFinalAndNotByTheOneThatWasSeenFirst() {
        // given
        var world = new World(new Setting(7, strategy(Strategies.OUTAGES), ATTACKERS, 32, 8), line -> {});

        // when
        var lived = world.toTheEnd();

        // then
        var forked = world.jobs().stream()
                .flatMap(job -> job.attempts.stream())
                .filter(run -> !run.answers.isEmpty() && !run.audits() && !run.gone)
                .filter(run -> !finalHash(run).equals(run.seenAtHead))
                .toList();
        assertThat(lived.forked).isPositive();
        assertThat(forked).isNotEmpty().allSatisfy(run -> {
            int k = (int) run.answers.keySet().stream()
                    .filter(subject -> subject instanceof Subject.Segment(int border) && border < run.border)
                    .count();
            var drawn = run.answers.keySet().stream().map(Voices::border).collect(Collectors.toSet());
            assertThat(List.of(k, k + 1)).anySatisfy(each -> assertThat(drawn)
                    .containsAll(Draw.segments(seed(run, finalHash(run)), run.from(), run.border, each)));
        });
        assertThat(forked).anySatisfy(run -> assertThat(
                        Draw.segments(seed(run, Objects.requireNonNull(run.seenAtHead)), run.from(), run.border, 2))
                .isNotEqualTo(Draw.segments(seed(run, finalHash(run)), run.from(), run.border, 2)));
    }

    private static Digest finalHash(Attempt run) {
        return new Chain(7).hash(Objects.requireNonNull(run.receipt).drawBlock(), Long.MAX_VALUE);
    }

    private static Digest seed(Attempt run, Digest block) {
        return Draw.seed(block, Machines.secret(run), Objects.requireNonNull(run.seal));
    }

    /** Who runs honestly and copies what a friend has run saves a segment now and then, and nobody can see it. */
    private static void assertNobodyGains(List<Row> rows) {
        assertThat(rows).filteredOn(row -> row.strategy().isOfProviders()).allSatisfy(row -> {
            if (row.strategy().number() == Strategies.COPYING) {
                assertThat(row.tally().stolen).as(words(row)).isZero();
                assertThat(row.tally().gain)
                        .as(words(row))
                        .isLessThan(Setting.COST * 4 * row.tally().cheats / Setting.SEGMENTS + 1e-9);
            } else {
                assertThat(row.tally().gain).as(words(row)).isLessThanOrEqualTo(0);
                assertThat(row.tally().gain < 0 || row.tally().cheats == 0)
                        .as(words(row))
                        .isTrue();
            }
        });
    }

    /** A friend that says the same next time does not clear it. */
    @Test
    void shouldPutOutFriendsWhoForgeTheSameSegmentAndWithholdIt() {
        // given 32 owners of whom three are friends, and 2,048 jobs
        var setting = new Setting(7, strategy(Strategies.PATIENT), ATTACKERS, 32, 64).under(Sanctions.HUB);

        // when
        var world = World.live(setting);

        // then
        assertThat(world.ejected).isEqualTo(3);
        assertThat(world.caught).as("each by its third silence").isLessThanOrEqualTo(9);
        assertThat(world.stolenPerIdentity()).isLessThanOrEqualTo(1);
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
        assertNobodyGains(rows.stream()
                .filter(row -> row.share() == ATTACKERS
                        || !RARE.contains(row.strategy().number()))
                .toList());
    }

    @Test
    void shouldLetAnIdentityStealLessThanOneJobAndTheMarketAcceptAlmostNothingWrong() {
        assertThat(rows)
                .filteredOn(row -> !RARE.contains(row.strategy().number()))
                .allSatisfy(row -> assertThat(row.tally().stolenPerIdentity())
                        .as(words(row))
                        .isLessThanOrEqualTo(1));
        assertThat(rows)
                .filteredOn(row -> row.share() == ATTACKERS
                        && !RARE.contains(row.strategy().number()))
                .allSatisfy(row -> assertThat(row.tally().wrongAfter(1_000, ATTACKERS))
                        .as(words(row))
                        .isLessThanOrEqualTo(1e-4));
        var rare = sum(
                row -> row.share() == ATTACKERS && RARE.contains(row.strategy().number()));
        assertThat(rare.stolenPerIdentity()).isLessThanOrEqualTo(1);
        assertThat(rare.wrongAfter(1_000, ATTACKERS)).isLessThanOrEqualTo(1e-4);
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
        assertThat(quiet.replicationOfNew()).isLessThanOrEqualTo(NEW + NEW_MISSED);
    }

    @Test
    void shouldCostLittleWhereMachinesVanishToo() {
        var outages = sum(row -> row.strategy().number() == Strategies.OUTAGES);
        var storm = sum(row -> row.strategy().number() == Strategies.STORM);
        assertThat(List.of(outages, storm)).allSatisfy(weather -> {
            assertThat(weather.replicationOfKnown()).isLessThanOrEqualTo(KNOWN + MISSED);
            assertThat(weather.replicationOfNew()).isLessThanOrEqualTo(NEW + MISSED);
            assertThat(weather.honestSlashed).isZero();
        });
    }

    /** A market whose stakes are all bound in runs that wait for auditors would stand still. */
    @Test
    void shouldFinishEveryJobThatCanEnd() {
        assertThat(rows)
                .filteredOn(row -> row.strategy().number() != Strategies.NEVER_ENDING)
                .allSatisfy(row -> assertThat(row.tally().finished)
                        .as(words(row))
                        .isGreaterThanOrEqualTo(
                                row.share() == ATTACKERS ? row.tally().jobs : row.tally().jobs * 98 / 100));
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
        int seed = 96;

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
        assertThat(JsonReport.of(PLAN, rows))
                .contains("\"stateHash\"", "\"sanctions\": \"court\"")
                .doesNotContain("NaN");
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
