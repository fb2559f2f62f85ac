package io.perigee.api.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.api.Servers;
import io.perigee.eventlog.postgres.Database;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Servers.class)
final class HousekeepingIT {
    @Inject
    Housekeeping housekeeping;

    @Inject
    Database database;

    @Test
    void shouldForgetAllThatHasExpiredHoweverMuchItIs() throws Exception {
        // given
        var now = Instant.now();
        keep("old", 10_001, now.minus(Duration.ofDays(31)));
        keep("young", 1, now.minus(Duration.ofDays(29)));

        // when
        housekeeping.forget(now);

        // then
        assertThat(kept("old")).isZero();
        assertThat(kept("young")).isOne();
    }

    private void keep(String builder, int keys, Instant at) {
        database.transact(tx -> tx.execute(
                "insert into idempotency (builder, key, body_hash, created_at)"
                        + " select $1, 'key' || n, 'hash', $2 from generate_series(1, $3::integer) as n",
                builder,
                at,
                keys));
    }

    private long kept(String builder) {
        return database.inTransaction(
                tx -> tx.queryOne("select count(*) as n from idempotency where builder = $1", builder)
                        .orElseThrow()
                        .number("n"));
    }
}
