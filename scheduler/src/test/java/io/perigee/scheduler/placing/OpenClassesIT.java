package io.perigee.scheduler.placing;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.kind.ClassDemand;
import io.perigee.market.reputation.Field;
import io.perigee.market.verification.Population;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.JobQueued;
import io.perigee.protocol.fact.ProviderOnline;
import io.perigee.protocol.fact.ProviderRegistered;
import io.perigee.protocol.fact.StakeChanged;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.offer.ImageClass;
import io.perigee.protocol.offer.Offer;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.scheduler.postgres.PostgresOfferLog;
import io.perigee.scheduler.postgres.PostgresPlacingQueue;
import io.perigee.scheduler.postgres.PostgresRecordBook;
import io.perigee.scheduler.testing.OfflineMarket;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Friends who ask next to nothing in a class of their own, beside one that many stand behind. */
class OpenClassesIT {
    private static final JobSpec LORA = SampleJobs.lora(2);
    private static final Digest SHARED = Parties.digest("shared");
    private static final Digest PRIVATE = Parties.digest("private");
    private static final ContentId ANOTHER = Parties.content("another image");
    private static final List<SampleProvider> MANY = IntStream.range(0, Population.OWNERS)
            .mapToObj(i -> SampleProvider.of("many" + i).withSlots(9))
            .toList();

    private final OfflineMarket market = new OfflineMarket();

    @BeforeEach
    void join() {
        MANY.forEach(provider -> join(provider, SHARED, LORA.image()));
        join(SampleProvider.of("x").asking(1).withSlots(9), PRIVATE, LORA.image());
        join(SampleProvider.of("y").asking(1).withSlots(9), PRIVATE, LORA.image());
        join(SampleProvider.of("z").asking(1).withSlots(9), SHARED, ANOTHER);
        market.match();
    }

    @AfterEach
    void close() {
        market.close();
    }

    @Test
    void shouldPlaceNothingAmongFriendsOnceManyHaveAgreed() {
        // given
        var young = market.submit(LORA);
        market.match();

        // when
        agree(young, Population.EQUAL_PAIRS);
        var grown = market.submit(LORA);
        market.match();

        // then
        assertThat(classOf(young)).isEqualTo(PRIVATE);
        assertThat(classOf(grown)).isEqualTo(SHARED);
        assertThat(check(young).holds()).isTrue();
        assertThat(check(grown).holds()).isTrue();
    }

    @Test
    void shouldTellWhyAJobWaitsAndPlaceItWhenTheClassesAreOpenAgain() {
        // given a job that one of many may run
        var young = market.submit(LORA);
        agree(young, Population.EQUAL_PAIRS);
        var excluded = MANY.subList(1, MANY.size()).stream()
                .map(SampleProvider::address)
                .toList();
        var job = market.submit(excluding(excluded));
        market.match();
        assertThat(market.facts(job, JobQueued.class).getLast().reasons())
                .anySatisfy(reason -> assertThat(reason.detail()).contains("where none is named", SHARED.value()));

        // when
        agree(young, Population.EQUAL_PAIRS - 1);
        market.matchmaker.swept();
        market.match();

        // then
        assertThat(classOf(job)).isEqualTo(PRIVATE);
        assertThat(check(job).holds()).isTrue();
    }

    @Test
    void shouldCountNobodyForAnImageThatItOffersTheClassNotFor() {
        // given
        agree(market.submit(LORA), Population.EQUAL_PAIRS);

        // then
        assertThat(peopled(LORA.image(), false)).containsExactly(SHARED);
        assertThat(peopled(ANOTHER, false)).isEmpty();
        assertThat(peopled(LORA.image(), true)).isEmpty();
    }

    private Set<Digest> peopled(ContentId image, boolean gpu) {
        var book = new PostgresRecordBook();
        return market.database.reading(tx -> book.peopled(tx, new ClassDemand.OfImage(image, gpu)));
    }

    @Test
    void shouldStillRecomputeChoicesFromBeforeClassesWereNoted() {
        // given
        var job = market.submit(LORA);
        market.match();
        market.change("UPDATE placement SET classes = NULL");

        // then
        assertThat(check(job).choices()).hasSize(1);
        assertThat(check(job).holds()).isTrue();
    }

    @Test
    void shouldSayThatAChoiceByRecordCannotBeRecomputed() {
        // given
        var job = market.submit(SampleJobs.withPlacement(
                LORA, new JobSpec.Placement(List.of(), Decimal.parse("0.0001"), List.of(), "any")));
        var facts = market.facts(job, JobAssigned.class);
        assertThat(check(job).unnoted()).isZero();
        assertThat(facts).isEmpty();

        // when
        shown(SampleProvider.of("x"));
        shown(SampleProvider.of("y"));
        market.matchmaker.swept();
        market.match();

        // then
        assertThat(classOf(job)).isEqualTo(PRIVATE);
        assertThat(check(job).choices()).isEmpty();
        assertThat(check(job).unnoted()).isEqualTo(2);
    }

    private void shown(SampleProvider provider) {
        var other = market.submit(SampleJobs.strict(2));
        market.change(
                "INSERT INTO outcome (job_id, attempt, owner, numeric_class, image_family, kind, at)"
                        + " VALUES ($1, 1, $2, $3, $4, 'VERIFIED', $5)",
                other.value(),
                provider.address().value(),
                PRIVATE.value(),
                Field.family(LORA),
                market.jobs.now());
    }

    private static JobSpec excluding(List<Address> owners) {
        return SampleJobs.withPlacement(LORA, new JobSpec.Placement(List.of(), Decimal.ZERO, owners, "any"));
    }

    private Digest classOf(JobId job) {
        return market.facts(job, JobAssigned.class).getFirst().assignment().numericClass();
    }

    /** As far as it is known a minute later. */
    private void agree(JobId job, int pairs) {
        market.change(
                "INSERT INTO class_pairs (job_id, numeric_class, equal, unexplained) VALUES ($1, $2, $3, 0)"
                        + " ON CONFLICT (job_id) DO UPDATE SET equal = excluded.equal",
                job.value(),
                SHARED.value(),
                pairs);
        market.clock.advance(Duration.ofMinutes(1));
    }

    private SelectionCheck.Report check(JobId job) {
        return new SelectionCheck(
                        market.database,
                        new PostgresPlacingQueue(),
                        new PostgresOfferLog(),
                        market.jobs.policy(),
                        OfflineMarket.SECRETS)
                .of(job);
    }

    private void join(SampleProvider provider, Digest numericClass, ContentId image) {
        var o = provider.offer();
        var offer = new Offer(
                o.hardware(),
                List.of(numericClass),
                List.of(new ImageClass(image, numericClass, "avx2", false, 0)),
                o.perMillionTokens(),
                o.perHour(),
                o.slots(),
                o.memory(),
                o.disk(),
                o.cpus(),
                o.gpus(),
                o.region());
        market.hear("settlement", new ProviderRegistered(provider.address(), provider.id(), 1));
        market.hear("settlement", new StakeChanged(provider.address(), Amount.of(1_000_000), 1));
        market.hear(
                "gateway",
                new ProviderOnline(
                        provider.id(),
                        provider.address(),
                        provider.sessionKey(),
                        provider.sessionKeySignature(),
                        offer));
        market.matchmaker.freed();
    }
}
