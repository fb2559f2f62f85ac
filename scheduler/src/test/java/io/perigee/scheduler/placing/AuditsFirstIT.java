package io.perigee.scheduler.placing;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.lifecycle.JobInput;
import io.perigee.protocol.command.Command;
import io.perigee.protocol.fact.CheckpointRequested;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.JobFact;
import io.perigee.protocol.fact.JobQueued;
import io.perigee.protocol.fact.NoMatchReason;
import io.perigee.protocol.fact.ProviderOffline;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.fact.SegmentsDrawn;
import io.perigee.protocol.fact.VerdictRequested;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.VerificationPolicy;
import io.perigee.scheduler.postgres.PostgresJobBook;
import io.perigee.scheduler.postgres.PostgresOfferLog;
import io.perigee.scheduler.postgres.PostgresPlacingQueue;
import io.perigee.scheduler.postgres.PostgresRecordBook;
import io.perigee.scheduler.testing.OfflineMarket;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import io.perigee.testkit.sample.SampleRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A market that is full: three owners with one slot each, and more audited jobs than slots. */
class AuditsFirstIT {
    private static final JobSpec SPEC = SampleJobs.audited(VerificationPolicy.AUDIT);
    /** Who waits for longer than a lease may be kept back for all of it. */
    private static final JobSpec LONG_QUEUE = SampleJobs.withDeadlines(SPEC, new JobSpec.Deadlines(7_200, 600, 300));

    private static final int LEASE = 30 + 600 + 300;

    private static final Map<String, SampleProvider> OWNERS = Stream.of("x", "y", "z")
            .map(SampleProvider::of)
            .collect(Collectors.toMap(each -> each.id().value(), Function.identity()));

    private static final Duration STEP = Duration.ofSeconds(100);
    private static final Duration RUN = Duration.ofSeconds(500);
    private static final Duration AUDIT = Duration.ofSeconds(200);

    private final OfflineMarket market = new OfflineMarket();
    private final List<JobId> jobs = new ArrayList<>();
    private final Map<String, SampleRun> runs = new HashMap<>();
    /** What agents are at work on, until when. */
    private final Map<SampleRun, Instant> busy = new LinkedHashMap<>();

    private final Set<Object> answered = new HashSet<>();

    @BeforeEach
    void open() {
        OWNERS.values().forEach(market::join);
    }

    @AfterEach
    void close() {
        market.close();
    }

    @Test
    void shouldPayEverySealedRunThoughTheMarketIsFull() {
        // given
        IntStream.range(0, 6).forEach(_ -> jobs.add(market.submit(SPEC)));

        // when
        for (int step = 0; step < 40; step++) {
            step();
        }

        // then whoever got a turn is paid; for some there is no room before they have waited long enough
        var begun = jobs.stream()
                .filter(job -> !market.facts(job, JobAssigned.class).isEmpty())
                .toList();
        assertThat(begun).hasSizeGreaterThanOrEqualTo(4).allSatisfy(job -> assertThat(
                        market.facts(job, ResultAccepted.class))
                .as(() -> names(job).toString())
                .hasSize(1));
    }

    @Test
    void shouldKeepAFreeOwnerForTheAuditThatWaitsForTwo() {
        // given a run that has sealed while both others are at work, and one more job that waits
        IntStream.range(0, 4).forEach(_ -> jobs.add(market.submit(SPEC)));
        step();
        var first = busy.keySet().iterator().next();
        finish(first);
        var waits = jobs.get(3);
        assertThat(market.facts(waits, JobAssigned.class))
                .as("who ran it cannot audit it and is free")
                .hasSize(1);
        var late = market.submit(SPEC);
        jobs.add(late);

        // when one of the others is free
        finish(busy.keySet().iterator().next());

        // then
        assertThat(market.facts(late, JobAssigned.class)).isEmpty();
        assertThat(market.facts(late, JobQueued.class).getLast().reasons())
                .extracting(NoMatchReason::constraint)
                .containsExactly("verification.audits");
    }

    @Test
    void shouldBeginWhatWasKeptBackOnceTheTimeOfTheAuditIsUp() {
        // given
        var late = keptBack();

        // when
        market.clock.advance(Duration.ofSeconds(LEASE));
        market.matchmaker.swept();
        market.match();

        // then
        assertThat(market.facts(late, JobAssigned.class)).hasSize(1);
    }

    @Test
    void shouldBeginWhatWasKeptBackBeforeWhoeverComesThen() {
        // given
        var late = keptBack();
        market.clock.advance(Duration.ofSeconds(LEASE));

        // when
        var newcomer = market.submit(LONG_QUEUE);
        market.match();

        // then
        assertThat(market.facts(late, JobAssigned.class)).hasSize(1);
        assertThat(market.facts(newcomer, JobAssigned.class)).isEmpty();
    }

    @Test
    void shouldBeginWhatWasKeptBackOnceNobodyCouldServeTheAudit() {
        // given a fourth owner that stands by for the one that is kept back, and for no other
        var fourth = SampleProvider.of("w").asking(300_000);
        market.join(fourth);
        var without = new JobSpec.Placement(List.of(), Decimal.ZERO, List.of(fourth.address()), "any");
        var late = keptBack(SampleJobs.withPlacement(LONG_QUEUE, without));
        var gone = busy.keySet().iterator().next().provider();

        // when
        market.hear("gateway", new ProviderOffline(gone.id(), "missed 3 heartbeats"));
        market.matchmaker.swept();
        market.match();

        // then
        assertThat(market.facts(late, JobAssigned.class)).hasSize(1);
    }

    @Test
    void shouldLookAtABrokenAuditEverLessOften() {
        // given an audit that another scheduler has looked at
        keptBack();
        var broken = audited();
        market.breakJobs(broken);
        var matchmaker = new Matchmaker(
                market.database,
                new PostgresJobBook(),
                new PostgresPlacingQueue(),
                new PostgresOfferLog(),
                new PostgresRecordBook(),
                market.jobs,
                market.metrics);
        var begin = market.clock.instant();
        List<Duration> looks = new ArrayList<>();

        // when
        for (int second = 0; second < 10; second++) {
            market.submit(SPEC);
            matchmaker.wanted();
            while (matchmaker.round()) {
                // until there is nothing more to look at
            }
            var tried = Duration.between(begin, market.tried(broken).orElseThrow());
            if (looks.isEmpty() || !looks.getLast().equals(tried)) {
                looks.add(tried);
            }
            market.clock.advance(Duration.ofSeconds(1));
        }

        // then
        assertThat(looks).extracting(Duration::toSeconds).containsExactly(0L, 1L, 3L, 7L);
    }

    /** A run that would take the last slot of an owner from an audit that waits for one more. */
    private JobId keptBack() {
        return keptBack(LONG_QUEUE);
    }

    /** @param before what was submitted before it */
    private JobId keptBack(JobSpec before) {
        IntStream.range(0, 4).forEach(_ -> jobs.add(market.submit(before)));
        step();
        finish(busy.keySet().iterator().next());
        var late = market.submit(LONG_QUEUE);
        jobs.add(late);
        finish(busy.keySet().iterator().next());
        assertThat(market.facts(late, JobQueued.class).getLast().reasons())
                .extracting(NoMatchReason::constraint)
                .containsExactly("verification.audits");
        return late;
    }

    private JobId audited() {
        return jobs.stream()
                .filter(job -> !market.facts(job, SegmentsDrawn.class).isEmpty())
                .findFirst()
                .orElseThrow();
    }

    /** Agents say what is due, everybody looks at the clock, and matching goes on. */
    private void step() {
        market.clock.advance(STEP);
        busy.entrySet().stream()
                .filter(each -> !market.clock.instant().isBefore(each.getValue()))
                .map(Map.Entry::getKey)
                .toList()
                .forEach(this::finish);
        jobs.forEach(job -> market.database.transact(tx -> market.book
                .lock(tx, job)
                .ifPresent(stored -> market.jobs.decide(tx, stored, new JobInput.TimePassed(), List.of()))));
        go();
    }

    private void finish(SampleRun run) {
        busy.remove(run);
        market.say(run.provider(), run.commit(run.lastBorder()));
        market.say(run.provider(), run.reveal(run.lastBorder()));
        go();
    }

    private void go() {
        boolean heard;
        do {
            market.matchmaker.freed();
            market.match();
            heard = jobs.stream().map(this::hear).reduce(false, Boolean::logicalOr);
        } while (heard);
    }

    private boolean hear(JobId job) {
        var news =
                market.facts(job, JobFact.class).stream().filter(answered::add).toList();
        news.forEach(this::hear);
        return !news.isEmpty();
    }

    private void hear(JobFact fact) {
        switch (fact) {
            case JobAssigned assigned -> {
                var provider = OWNERS.get(assigned.assignment().provider().value());
                boolean audits = assigned.assignment().role() == Role.AUDITOR;
                var run = audits
                        ? SampleRun.auditing(provider, assigned, SPEC.borders())
                        : SampleRun.honest(provider, assigned, true);
                runs.put(key(assigned.jobId(), assigned.attempt()), run);
                busy.put(run, market.clock.instant().plus(audits ? AUDIT : RUN));
                market.say(provider, run.accept());
            }
            case CheckpointRequested asked -> says(asked.jobId(), asked.attempt(), run -> run.serve(asked.border()));
            case VerdictRequested asked -> says(asked.jobId(), asked.attempt(), run -> run.sign(asked));
            default -> {}
        }
    }

    private void says(JobId job, int attempt, Function<SampleRun, Command> words) {
        var run = runs.get(key(job, attempt));
        market.say(run.provider(), words.apply(run));
    }

    private static String key(JobId job, int attempt) {
        return job + "/" + attempt;
    }

    private List<String> names(JobId job) {
        return market.facts(job, JobFact.class).stream()
                .map(fact -> fact.getClass().getSimpleName())
                .toList();
    }
}
