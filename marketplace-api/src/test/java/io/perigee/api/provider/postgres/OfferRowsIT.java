package io.perigee.api.provider.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.eventlog.DatabaseSettings;
import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.Migrations;
import io.perigee.market.kind.ClassDemand;
import io.perigee.market.matching.OfferView;
import io.perigee.market.verification.Population;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.offer.ImageClass;
import io.perigee.testkit.TestServers;
import io.perigee.testkit.data.OfferBuilder;
import io.perigee.testkit.postgres.PostgresServer;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** More offers than fit into a page, or into memory. */
class OfferRowsIT {
    private static final Digest SHARED = Parties.digest("shared");
    private static final List<SampleProvider> PROVIDERS = IntStream.range(0, Population.OWNERS)
            .mapToObj(i -> SampleProvider.of("p" + i))
            .toList();

    private final Database database = database();

    private static Database database() {
        var settings = new DatabaseSettings(
                "127.0.0.1",
                TestServers.postgres().port(),
                TestServers.postgres().newDatabase(),
                "api",
                PostgresServer.USER,
                PostgresServer.PASSWORD);
        Migrations.run(settings, "classpath:db/migration/api");
        return new Database(settings);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void shouldReadAllPageByPage() {
        // given
        PROVIDERS.forEach(this::join);

        // when
        var odd = read(7, 100);
        var even = read(5, 100);
        var exact = read(5, PROVIDERS.size());

        // then
        assertThat(List.of(odd, even, exact)).allSatisfy(live -> {
            assertThat(live.complete()).isTrue();
            assertThat(live.views())
                    .extracting(OfferView::provider)
                    .containsExactlyInAnyOrderElementsOf(
                            PROVIDERS.stream().map(SampleProvider::id).toList());
        });
    }

    @Test
    void shouldSayThatThereAreMoreThanItReadsAndFindEachByItsId() {
        // given
        PROVIDERS.forEach(this::join);

        // when
        var some = read(5, PROVIDERS.size() - 1);

        // then
        assertThat(some.complete()).isFalse();
        assertThat(some.views()).hasSize(PROVIDERS.size() - 1);
        assertThat(PROVIDERS)
                .allSatisfy(provider ->
                        assertThat(one(provider.id())).map(OfferView::provider).contains(provider.id()));
        assertThat(one(SampleProvider.of("nobody").id())).isEmpty();
    }

    @Test
    void shouldKnowTheClassesThatManyStandBehind() {
        // given
        PROVIDERS.forEach(this::join);
        var open = new ClassDemand.OfImage(SampleJobs.lora(2).image(), false);
        assertThat(read(5, 100).classes().of(open)).isEmpty();

        // when
        database.transact(tx -> tx.execute(
                "insert into class_pairs (job, numeric_class, equal, unexplained) values ($1, $2, $3, 0)",
                UUID.randomUUID(),
                SHARED.value(),
                Population.EQUAL_PAIRS));

        // then
        assertThat(read(5, 100).classes().of(open)).containsExactly(SHARED);
    }

    private Optional<OfferView> one(ProviderId provider) {
        return database.reading(tx -> OfferRows.one(tx, provider, Instant.now()));
    }

    private LiveOffers read(int page, int most) {
        return database.reading(tx -> OfferRows.all(tx, new OfferTexts(), page, most, Instant.now()));
    }

    private void join(SampleProvider provider) {
        var offer = OfferBuilder.anOffer()
                .at(1_000)
                .holding(new ImageClass(SampleJobs.lora(2).image(), SHARED, "avx2", false, 0))
                .build();
        database.transact(tx -> {
            tx.execute(
                    """
                  insert into agent (provider, owner, session_key, session_key_signature, key_address, serial, offer, online,
                                     connection, version, seen_at)
                  values ($1, $2, $3, $4, 'k', 1, $5, true, gen_random_uuid(), 'v', now())
                  """,
                    provider.id().value(),
                    provider.address().value(),
                    Json.text(provider.sessionKey()),
                    provider.sessionKeySignature().toString(),
                    Json.text(offer));
            tx.execute(
                    "insert into stake (owner, amount, block) values ($1, 1000, 1)",
                    provider.address().value());
        });
    }
}
