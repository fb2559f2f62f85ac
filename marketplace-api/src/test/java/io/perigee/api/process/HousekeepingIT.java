package io.perigee.api.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.api.Servers;
import io.perigee.api.artifact.ArtifactStore;
import io.perigee.eventlog.postgres.Database;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Servers.class)
final class HousekeepingIT {
    @Inject
    Housekeeping housekeeping;

    @Inject
    Database database;

    @Inject
    ArtifactStore store;

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

    @Test
    void shouldForgetTheRestWhenOneThingCannotBeForgotten() {
        // given
        var now = Instant.now();
        keep("others", 1, now.minus(Duration.ofDays(31)));
        database.transact(tx -> {
            tx.execute("insert into session (token_hash, kind, subject, created_at, expires_at)"
                    + " values ('stuck', 'provider', 'p', now() - interval '2 days', now() - interval '1 day')");
            tx.execute("create function stuck() returns trigger language plpgsql as"
                    + " $$ begin raise exception 'it is stuck'; end $$");
            tx.execute("create trigger stuck before delete on session for each row"
                    + " when (old.token_hash = 'stuck') execute function stuck()");
        });

        // when
        try {
            housekeeping.forget(now);
        } finally {
            database.transact(tx -> tx.execute("drop function stuck cascade"));
        }

        // then
        assertThat(kept("others")).isZero();
    }

    @Test
    void shouldKeepAnUploadThatIsStillAppendedTo() throws Exception {
        // given: both announced two days ago
        var moving = announced();
        var left = announced();
        store.append(moving, 0, 10, new ByteArrayInputStream(new byte[4]));

        // when
        housekeeping.forget(Instant.now());

        // then
        assertThat(isAnnounced(moving)).isTrue();
        assertThat(isAnnounced(left)).isFalse();
    }

    private UUID announced() {
        var id = UUID.randomUUID();
        database.transact(tx -> tx.execute(
                "insert into upload (id, subject, content, size, media_type, complete, created_at)"
                        + " values ($1, 's', $2, 10, 'a/b', false, $3)",
                id,
                id.toString(),
                Instant.now().minus(Duration.ofDays(2))));
        return id;
    }

    private boolean isAnnounced(UUID upload) {
        return database.inTransaction(
                tx -> !tx.query("select 1 from upload where id = $1", upload).isEmpty());
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
