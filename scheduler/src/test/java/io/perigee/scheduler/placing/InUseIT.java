package io.perigee.scheduler.placing;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.matching.OfferView;
import io.perigee.protocol.fact.AttemptEnded;
import io.perigee.protocol.fact.Body;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.ResultCommitted;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.ProviderId;
import io.perigee.scheduler.postgres.PostgresOfferLog;
import io.perigee.scheduler.testing.OfflineMarket;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import io.perigee.testkit.sample.SampleRun;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in use of each provider, in whatever order and however often agents say things. */
class InUseIT {
    private static final List<SampleProvider> PROVIDERS = IntStream.range(0, 5)
            .mapToObj(i -> SampleProvider.of("p" + i).withSlots(12))
            .toList();

    private final OfflineMarket market = new OfflineMarket();

    private record Said(SampleProvider by, Body words) {}

    @AfterEach
    void close() {
        market.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldBeWhatTheAttemptsThatGoOnHold(long seed) {
        // given
        var random = new Random(seed);
        PROVIDERS.forEach(market::join);
        var jobs = Stream.generate(() -> market.submit(SampleJobs.strict(2)))
                .limit(25)
                .toList();
        market.match();
        var said = new ArrayList<Said>();
        jobs.stream()
                .flatMap(job -> market.facts(job, JobAssigned.class).stream())
                .forEach(assigned -> said.addAll(words(assigned, random)));
        said.addAll(List.copyOf(said.subList(0, said.size() / 2)));
        Collections.shuffle(said, random);

        // when
        for (var each : said) {
            market.say(each.by(), each.words());
            if (random.nextInt(20) == 0) {
                market.matchmaker.freed();
                market.match();
            }
        }
        market.matchmaker.freed();
        market.match();

        // then
        var inUse = market
                .database
                .inTransaction(tx -> {
                    var index = new LiveIndex(new PostgresOfferLog());
                    index.catchUp(tx, market.jobs.now());
                    return index.views();
                })
                .stream()
                .filter(view -> view.usedSlots() > 0)
                .collect(Collectors.toMap(OfferView::provider, OfferView::usedSlots));
        assertThat(inUse).as("seed %d", seed).isNotEmpty().isEqualTo(goingOn(jobs));
    }

    /** What one that was assigned says, of which some is not to be said. */
    private static List<Said> words(JobAssigned assigned, Random random) {
        var provider = PROVIDERS.stream()
                .filter(each -> each.id().equals(assigned.assignment().provider()))
                .findFirst()
                .orElseThrow();
        var run = SampleRun.honest(provider, assigned, true);
        var words = new ArrayList<Body>();
        switch (random.nextInt(5)) {
            case 0 -> words.add(run.decline());
            case 1 -> words.addAll(List.of(run.accept(), run.fail(FailureKind.CRASHED, 1, "died")));
            case 2 -> words.addAll(List.of(run.accept(), run.commit(1)));
            case 3 -> {
                words.add(run.accept());
                IntStream.rangeClosed(1, run.lastBorder()).mapToObj(run::commit).forEach(words::add);
            }
            default -> words.add(run.accept());
        }
        return words.stream().map(each -> new Said(provider, each)).toList();
    }

    /** Those that have not ended, nor sealed their last border. */
    private Map<ProviderId, Integer> goingOn(List<JobId> jobs) {
        var held = new HashMap<ProviderId, Integer>();
        for (var job : jobs) {
            Set<Integer> over = new HashSet<>();
            market.facts(job, AttemptEnded.class).forEach(fact -> over.add(fact.attempt()));
            market.facts(job, ResultCommitted.class).stream()
                    .filter(fact ->
                            fact.commitment().toBorder() == SampleJobs.strict(2).borders())
                    .forEach(fact -> over.add(fact.attempt()));
            market.facts(job, JobAssigned.class).stream()
                    .filter(fact -> !over.contains(fact.attempt()))
                    .forEach(fact -> held.merge(fact.assignment().provider(), 1, Integer::sum));
        }
        return held;
    }
}
