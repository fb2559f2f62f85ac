package io.perigee.scheduler.placing;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.kind.ClassDemand;
import io.perigee.market.reputation.Field;
import io.perigee.market.reputation.Reputation;
import io.perigee.market.reputation.RequesterReputation;
import io.perigee.market.verification.Population;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.OutcomeKind;
import io.perigee.protocol.fact.OutcomeNoted;
import io.perigee.protocol.fact.RecordFact;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.scheduler.postgres.PostgresRecordBook;
import io.perigee.scheduler.record.RecordBook;
import io.perigee.scheduler.testing.OfflineMarket;
import io.perigee.testkit.Ids;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import io.perigee.testkit.sample.SampleRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which jobs matching looks at, and what it reads for them. */
class MatchmakerIT {
    private static final SampleProvider A = SampleProvider.of("a");
    private static final SampleProvider B = SampleProvider.of("b");
    private static final SampleProvider DEAR = SampleProvider.of("dear").asking(1L << 50);
    private static final JobSpec SPEC = SampleJobs.strict(2);
    /** What one verified run is enough for, and none is not. */
    private static final JobSpec OF_RECORD =
            SampleJobs.withPlacement(SPEC, new JobSpec.Placement(List.of(), Decimal.parse("0.3"), List.of(), "any"));

    private final Asked records = new Asked();
    private final OfflineMarket market = new OfflineMarket(records);

    @AfterEach
    void close() {
        market.close();
    }

    @Test
    void shouldPlaceTheOthersThoughNothingCanBeDecidedAboutTheFirst() {
        // given
        var broken = List.of(market.submit(SPEC), market.submit(SPEC));
        var others = List.of(market.submit(SPEC), market.submit(SPEC));
        market.breakJobs(broken.toArray(JobId[]::new));
        market.join(A.withSlots(2));
        market.join(B.withSlots(2));

        // when
        market.match();

        // then
        assertThat(others).allSatisfy(job -> assertThat(market.facts(job, JobAssigned.class))
                .hasSize(2));
    }

    @Test
    void shouldLookAtABrokenJobEverLessOften() {
        // given
        market.join(A);
        market.join(B);
        var broken = market.submit(SPEC);
        market.breakJobs(broken);
        var begin = market.clock.instant();
        List<Duration> looks = new ArrayList<>();

        // when
        for (int second = 0; second < 20; second++) {
            market.matchmaker.swept();
            market.match();
            var tried = Duration.between(begin, market.tried(broken).orElseThrow());
            if (looks.isEmpty() || !looks.getLast().equals(tried)) {
                looks.add(tried);
            }
            market.clock.advance(Duration.ofSeconds(1));
        }

        // then
        assertThat(looks).extracting(Duration::toSeconds).containsExactly(0L, 1L, 3L, 7L, 15L);
    }

    @Test
    void shouldPlaceAJobOnceItCanBeDecidedAbout() {
        // given
        market.join(A);
        market.join(B);
        var job = market.submit(SPEC);
        market.breakJobs(job);
        market.match();
        market.mend(job);

        // when
        market.clock.advance(Duration.ofSeconds(1));
        market.matchmaker.swept();
        market.match();

        // then
        assertThat(market.facts(job, JobAssigned.class)).hasSize(2);
    }

    @Test
    void shouldPlaceAJobOnceAKeyHasBegunThatBeganTooLate() {
        // given
        market.join(A);
        var early = market.clock.instant().minus(Duration.ofSeconds(5));
        market.join(B);
        market.clock.set(early);
        market.change(
                "UPDATE provider SET session_key = jsonb_set(session_key, '{notBefore}', to_jsonb($1::bigint)) WHERE id = $2",
                early.plusSeconds(3).getEpochSecond(),
                B.id().value());
        var job = market.submit(SPEC);
        market.match();
        assertThat(market.facts(job, JobAssigned.class)).isEmpty();

        // when
        market.clock.advance(Duration.ofSeconds(3));
        market.match();

        // then
        assertThat(market.facts(job, JobAssigned.class)).hasSize(2);
    }

    /** As many as the round of placing takes, at the most, and not each of them against every offer. */
    @Test
    void shouldLookAtFewOfManyThatWaitForOneSlot() {
        // given
        var waiting = Stream.generate(() -> market.submit(SPEC)).limit(1_000).toList();
        market.join(A);
        market.match();
        double looks = looks();
        double explained = explained();

        // when
        market.join(B);
        int rounds = 0;
        while (market.matchmaker.round()) {
            rounds++;
        }

        // then
        assertThat(waiting.stream().flatMap(job -> market.facts(job, JobAssigned.class).stream()))
                .hasSize(2);
        assertThat(rounds).isLessThan(4);
        assertThat(looks() - looks).isLessThanOrEqualTo(128);
        assertThat(explained() - explained).isZero();
    }

    @Test
    void shouldPlaceTheNextThatWaitsWhenASlotIsFreeAgain() {
        // given
        var waiting = List.of(market.submit(SPEC), market.submit(SPEC));
        market.match();
        market.join(A);
        market.join(B);
        market.match();

        // when
        market.join(SampleProvider.of("c"));
        market.match();
        market.join(SampleProvider.of("d"));
        market.match();

        // then
        assertThat(waiting).allSatisfy(job -> assertThat(market.facts(job, JobAssigned.class))
                .hasSize(2));
    }

    private double looks() {
        return market.metrics.get("perigee.matching").timer().count();
    }

    private double explained() {
        return market.metrics.get("perigee.matching.explained").counter().count();
    }

    @Test
    void shouldAskOnceForTheRecordsOfThoseWhoDoOtherwise() {
        // given
        market.join(A);
        market.join(B);
        market.join(DEAR);
        var job = market.submit(OF_RECORD);
        market.match();
        var looked = market.tried(job);

        // when
        for (int sweep = 0; sweep < 5; sweep++) {
            market.clock.advance(Duration.ofSeconds(5));
            market.matchmaker.swept();
            market.match();
        }
        var another = market.submit(OF_RECORD);
        market.match();

        // then
        assertThat(records.asked).containsExactly(Set.of(field(A), field(B)));
        assertThat(market.tried(job)).as("nothing has changed for it").isEqualTo(looked);
        assertThat(market.tried(another)).contains(market.jobs.now());
    }

    /** Else a job that trains well would be looked at with each border that it seals, and be the last in its line. */
    @Test
    void shouldKeepThePlaceOfAJobThatWaitsForAReplicaWhileTheOtherWorks() {
        // given
        market.join(A);
        market.join(B);
        var job = market.submit(SPEC);
        market.match();
        var assigned = market.facts(job, JobAssigned.class);
        var run = SampleRun.honest(A, of(A, assigned), true);
        market.say(B, SampleRun.honest(B, of(B, assigned), true).fail(FailureKind.CRASHED, 1, "died"));
        market.match();
        var tried = market.tried(job);
        var since = since(job);
        market.clock.advance(Duration.ofSeconds(10));

        // when
        market.say(A, run.accept());
        market.say(A, run.commit(1));
        market.say(A, run.commit(2));

        // then
        assertThat(tried).isPresent();
        assertThat(market.tried(job)).isEqualTo(tried);
        assertThat(since(job)).isEqualTo(since);
    }

    private Instant since(JobId job) {
        return market.database.reading(tx -> tx.queryOne("SELECT since FROM job WHERE id = $1", job.value())
                .orElseThrow()
                .instant("since"));
    }

    private static JobAssigned of(SampleProvider provider, List<JobAssigned> assigned) {
        return assigned.stream()
                .filter(each -> each.assignment().provider().equals(provider.id()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldPlaceAJobOnceOwnersHaveShownEnough() {
        // given
        market.join(A);
        market.join(B);
        var job = market.submit(OF_RECORD);
        market.match();
        assertThat(market.facts(job, JobAssigned.class)).isEmpty();

        // when
        note(A);
        market.matchmaker.swept();
        market.match();
        assertThat(market.facts(job, JobAssigned.class)).isEmpty();
        note(B);
        market.matchmaker.swept();
        market.match();

        // then
        assertThat(market.facts(job, JobAssigned.class)).hasSize(2);
        assertThat(records.asked).containsExactly(Set.of(field(A), field(B)), Set.of(field(A)), Set.of(field(B)));
    }

    private void note(SampleProvider provider) {
        var field = field(provider);
        market.database.transact(tx -> records.note(
                tx,
                List.of(new OutcomeNoted(
                        Ids.jobId(),
                        0,
                        field.owner(),
                        field.numericClass(),
                        field.imageFamily(),
                        OutcomeKind.VERIFIED,
                        market.jobs.now()))));
    }

    private static Field field(SampleProvider provider) {
        return new Field(provider.address(), NumericClass.STRICT, Field.family(SPEC));
    }

    /** The records of the database, and which were asked for. */
    private static final class Asked implements RecordBook {
        private final RecordBook book = new PostgresRecordBook();
        private final List<Set<Field>> asked = new ArrayList<>();

        @Override
        public Reputation reputation(Tx tx, Field field, Instant now) {
            asked.add(Set.of(field));
            return book.reputation(tx, field, now);
        }

        @Override
        public Map<Field, Reputation> reputations(Tx tx, Set<Field> fields, Instant now) {
            asked.add(fields);
            return book.reputations(tx, fields, now);
        }

        @Override
        public Noted notedSince(Tx tx, String seen) {
            return book.notedSince(tx, seen);
        }

        @Override
        public RequesterReputation requester(Tx tx, Address builder, Instant now) {
            return book.requester(tx, builder, now);
        }

        @Override
        public Set<Digest> peopled(Tx tx, ClassDemand.OfImage open) {
            return book.peopled(tx, open);
        }

        @Override
        public Population population(Tx tx, Digest numericClass) {
            return book.population(tx, numericClass);
        }

        @Override
        public boolean hasDiffered(Tx tx, Digest numericClass, List<Address> owners) {
            return book.hasDiffered(tx, numericClass, owners);
        }

        @Override
        public void note(Tx tx, List<RecordFact> facts) {
            book.note(tx, facts);
        }
    }
}
