package io.perigee.scheduler.placing;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.lifecycle.JobInput;
import io.perigee.market.matching.OfferView;
import io.perigee.market.reputation.Field;
import io.perigee.market.reputation.Reputation;
import io.perigee.protocol.command.DeclineAssignment;
import io.perigee.protocol.fact.AttemptEnded;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.OutcomeKind;
import io.perigee.protocol.fact.OutcomeNoted;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.VerificationPolicy;
import io.perigee.scheduler.postgres.PostgresOfferLog;
import io.perigee.scheduler.postgres.PostgresPlacingQueue;
import io.perigee.scheduler.postgres.PostgresRecordBook;
import io.perigee.scheduler.testing.OfflineMarket;
import io.perigee.testkit.Ids;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import io.perigee.testkit.sample.SampleRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What owners have shown, in the book that matching chooses by. */
class ConductIT {
    private static final JobSpec SPEC = SampleJobs.audited(VerificationPolicy.AUDIT);
    private static final SampleProvider SILENT =
            SampleProvider.of("silent").asking(1).withSlots(10);
    private static final SampleProvider HONEST =
            SampleProvider.of("honest").asking(200_000).withSlots(10);

    private final OfflineMarket market = new OfflineMarket();

    @BeforeEach
    void open() {
        Stream.of("b", "c").map(name -> SampleProvider.of(name).asking(300_000)).forEach(market::join);
        market.join(HONEST);
        market.join(SILENT);
    }

    @AfterEach
    void close() {
        market.close();
    }

    @Test
    void shouldGiveTheNextJobToAnotherAfterWhatTheCheapestHasLost() {
        // given one that asks 1 unit and never answers
        var jobs = new ArrayList<JobId>();
        for (int number = 0; number < 5; number++) {
            jobs.add(market.submit(SPEC));
            market.match();
        }
        market.clock.advance(Duration.ofSeconds(30));
        jobs.forEach(this::timePasses);
        assertThat(jobs).allSatisfy(job -> assertThat(market.facts(job, AttemptEnded.class))
                .hasSize(1));
        market.match();

        // when
        var sixth = market.submit(SPEC);
        market.match();

        // then
        assertThat(assigned(sixth)).isEqualTo(HONEST.id());
        assertThat(jobs).allSatisfy(job -> assertThat(assigned(job)).isEqualTo(HONEST.id()));
        // and the log of the book says why
        var check = new SelectionCheck(
                market.database, new PostgresPlacingQueue(), new PostgresOfferLog(), market.jobs.policy(), (_, _) -> {
                    throw new IllegalStateException("Expected nothing to be audited");
                });
        assertThat(check.of(sixth).holds()).isTrue();
        assertThat(check.of(jobs.getFirst()).choices()).hasSize(2);
        assertThat(check.of(jobs.getFirst()).holds()).isTrue();
    }

    @Test
    void shouldPlaceNobodyThatWasConvictedUntilItsCheatWeighsAHalf() {
        // given
        market.match();
        note(SILENT, OutcomeKind.CHEATED);

        // when
        var job = market.submit(SPEC);
        market.match();

        // then
        assertThat(assigned(job)).isEqualTo(HONEST.id());
        market.clock.advance(Reputation.HALF_LIFE);
        var later = market.submit(SPEC);
        market.match();
        assertThat(assigned(later)).isEqualTo(SILENT.id());
    }

    @Test
    void shouldGiveTheNextJobsToAnotherAfterTheCheapestHasDeclined() {
        // given
        market.match();
        var declined = market.submit(SPEC);
        market.match();
        decline(declined);
        market.match();

        // when
        var next = market.submit(SPEC);
        market.match();

        // then
        assertThat(assigned(declined)).isEqualTo(HONEST.id());
        assertThat(assigned(next)).isEqualTo(HONEST.id());
        var check = new SelectionCheck(
                market.database, new PostgresPlacingQueue(), new PostgresOfferLog(), market.jobs.policy(), (_, _) -> {
                    throw new IllegalStateException("Expected nothing to be audited");
                });
        assertThat(check.of(declined).choices()).hasSize(2);
        assertThat(check.of(declined).holds()).isTrue();
        assertThat(check.of(next).holds()).isTrue();
        // and it is asked again after some minutes
        market.clock.advance(OfferView.ASIDE);
        var later = market.submit(SPEC);
        market.match();
        assertThat(assigned(later)).isEqualTo(SILENT.id());
    }

    /** No change says that an offer is aside no more. */
    @Test
    void shouldWakeWhoWaitsForAnOfferThatIsAside() {
        // given a job that two owners may run
        var others = List.of(HONEST.address(), SampleProvider.of("b").address());
        var job = market.submit(SampleJobs.withPlacement(
                SampleJobs.strict(2), new JobSpec.Placement(List.of(), Decimal.ZERO, others, "any")));
        market.match();
        decline(job);
        market.match();
        assertThat(market.facts(job, JobAssigned.class)).hasSize(2);

        // when
        market.clock.advance(OfferView.ASIDE);
        market.match();

        // then
        assertThat(market.facts(job, JobAssigned.class)).hasSize(3);
    }

    /** Replicas commit to no secret of the hub, and the hub's choice by it can be said again all the same. */
    @Test
    void shouldSayAgainWhomItAskedAfterAReplicaCrashed() {
        // given
        market.match();
        var job = market.submit(SampleJobs.strict(2));
        market.match();
        var replica = SampleRun.honest(
                SILENT,
                market.facts(job, JobAssigned.class).stream()
                        .filter(fact -> fact.assignment().provider().equals(SILENT.id()))
                        .findFirst()
                        .orElseThrow(),
                true);

        // when
        market.say(SILENT, replica.accept());
        market.say(SILENT, replica.fail(FailureKind.CRASHED, 139, "segfault"));
        market.matchmaker.freed();
        market.match();

        // then
        var check = new SelectionCheck(
                market.database,
                new PostgresPlacingQueue(),
                new PostgresOfferLog(),
                market.jobs.policy(),
                OfflineMarket.SECRETS);
        assertThat(check.of(job).choices()).hasSize(2);
        assertThat(check.of(job).holds()).isTrue();
    }

    /** The cheapest does. */
    private void decline(JobId job) {
        var assignment = market.facts(job, JobAssigned.class).stream()
                .map(JobAssigned::assignment)
                .filter(each -> each.provider().equals(SILENT.id()))
                .findFirst()
                .orElseThrow();
        market.say(SILENT, new DeclineAssignment(job, assignment.digest(Parties.DOMAIN), "no"));
        market.matchmaker.freed();
    }

    private void timePasses(JobId job) {
        market.database.transact(tx -> market.book
                .lock(tx, job)
                .ifPresent(stored -> market.jobs.decide(tx, stored, new JobInput.TimePassed(), List.of())));
        market.matchmaker.freed();
    }

    private ProviderId assigned(JobId job) {
        return market.facts(job, JobAssigned.class).getLast().assignment().provider();
    }

    private void note(SampleProvider provider, OutcomeKind kind) {
        market.database.transact(tx -> new PostgresRecordBook()
                .note(
                        tx,
                        List.of(new OutcomeNoted(
                                Ids.jobId(),
                                0,
                                provider.address(),
                                NumericClass.STRICT,
                                Field.family(SPEC),
                                kind,
                                market.jobs.now()))));
    }
}
