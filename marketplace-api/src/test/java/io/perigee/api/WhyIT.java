package io.perigee.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.eventlog.postgres.Database;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.rest.ProviderWhy;
import io.perigee.testkit.data.OfferBuilder;
import io.perigee.testkit.process.Await;
import io.perigee.testkit.sample.SampleProvider;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Owners ask why their providers got the work they got. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
final class WhyIT {
    @Inject
    Database database;

    private final SampleProvider provider = SampleProvider.of("asked-" + UUID.randomUUID());

    private final Region region = new Region();
    private Door door;

    @BeforeEach
    void signIn() {
        door = Door.open();
        Log.allot(door.wallet().address(), 1_000_000_000L);
    }

    @AfterEach
    void forget() {
        region.close();
        database.transact(tx -> tx.execute("delete from agent where version = 'why'"));
    }

    @Test
    void shouldAnswerForAProviderThatAThousandOthersWereSeenAfter() {
        // given
        seen(provider.id().value(), provider.address().value(), 1, Instant.now().minus(Duration.ofDays(1)));
        seen("", "0x" + "1".repeat(40), 1_000, Instant.now());

        // when
        var answer = Door.open(provider.wallet()).get("/providers/{id}/why", provider.id());

        // then
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
    }

    @Test
    void shouldTellWhoWasBusyThatItWasNotItsPrice() {
        // given
        var busy = connected(16_000_000_000L);
        var other = connected(16_000_000_000L);
        Assigning.assign(busy, job(door.spec()));
        told(busy, why -> why.matched() == 1);

        // when
        Assigning.assign(other, job(door.spec()));

        // then
        told(busy, why -> why.lost().contains(new ProviderWhy.Lost("busy", 1)));
    }

    @Test
    void shouldTellWhoHasTooLittleMemoryForARunThatItWasNotItsPrice() {
        // given a run that needs more than its spec asks for
        var small = connected(3_100_000_000L);
        var large = connected(60_000_000_000L);
        var base = Door.directory(door.token(), Map.of("config.json", EstimateIT.CONFIG, "model.safetensors", "x"));
        var spec = Door.spec(base, door.directory("dataset"));
        ((ObjectNode) spec.get("train")).put("seqLen", 1_024);

        // when
        Assigning.assign(large, job(spec));

        // then
        told(small, why -> why.lost().stream()
                .anyMatch(lost -> lost.constraint().equals("estimate.memory")));
    }

    private JobView job(ObjectNode spec) {
        return Door.read(door.submit(door.signed(door.quote(spec))), JobView.class);
    }

    private SampleProvider connected(long memory) {
        var provider = Region.staked();
        region.connect(provider, OfferBuilder.anOffer().at(1_000).lending(4, memory));
        return provider;
    }

    private static void told(SampleProvider provider, Predicate<ProviderWhy> expected) {
        var owner = Door.open(provider.wallet());
        Await.until(
                Log.SOON,
                () -> expected.test(Door.read(owner.get("/providers/{id}/why", provider.id()), ProviderWhy.class)),
                () -> "told " + owner.get("/providers/{id}/why", provider.id()).asString());
    }

    @Test
    void shouldTellNobodyElse() {
        // given
        seen(provider.id().value(), provider.address().value(), 1, Instant.now());

        // when
        var answer = Door.open().get("/providers/{id}/why", provider.id());

        // then
        assertThat(answer.statusCode()).isEqualTo(404);
    }

    /** Those without a name get names of their own. */
    private void seen(String name, String owner, int many, Instant at) {
        database.transact(tx -> tx.execute(
                """
              insert into agent (provider, owner, session_key, session_key_signature, key_address, serial, offer, online,
                                 connection, version, seen_at)
              select case $1 when '' then '0x' || encode(sha256(cast(n as text)::bytea), 'hex') else $1 end,
                     $2, $3, $4, 'k', 1, $5, false, gen_random_uuid(), 'why', $6
              from generate_series(1, $7::integer) n
              """,
                name,
                owner,
                Json.text(provider.sessionKey()),
                provider.sessionKeySignature().toString(),
                Json.text(provider.offer()),
                at,
                many));
    }
}
