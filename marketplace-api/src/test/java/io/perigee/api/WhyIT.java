package io.perigee.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.eventlog.postgres.Database;
import io.perigee.protocol.codec.Json;
import io.perigee.testkit.sample.SampleProvider;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Owners ask why their providers got the work they got. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
final class WhyIT {
    @Inject
    Database database;

    private final SampleProvider provider = SampleProvider.of("asked-" + UUID.randomUUID());

    @AfterEach
    void forget() {
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
