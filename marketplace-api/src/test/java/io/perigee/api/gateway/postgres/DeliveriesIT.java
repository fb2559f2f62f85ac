package io.perigee.api.gateway.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.api.Servers;
import io.perigee.api.gateway.AgentBook;
import io.perigee.api.gateway.Told;
import io.perigee.eventlog.postgres.Database;
import io.perigee.protocol.id.ProviderId;
import io.perigee.testkit.sample.SampleProvider;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is looked for first when very much is open for a provider. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
final class DeliveriesIT {
    @Inject
    AgentBook book;

    @Inject
    Database database;

    private final ProviderId provider =
            SampleProvider.of("busy-" + UUID.randomUUID()).id();
    private final AgentBook.Line line = new AgentBook.Line(provider, UUID.randomUUID());

    @Test
    void shouldFindWorkBeforeAllThatHasEnded() {
        // given
        connected();
        open("verdict", 1_200);
        open("assignment", 1);

        // when
        var open = book.open(line, new Told()).orElseThrow();

        // then
        assertThat(open.deliveries().getFirst().work()).isTrue();
        assertThat(open.deliveries()).hasSize(1_001);
        assertThat(open.more()).isTrue();
    }

    @Test
    void shouldKnowWhichAreOpenStill() {
        // given
        connected();
        open("assignment", 2);
        var ids = book.open(line, new Told()).orElseThrow().deliveries().stream()
                .map(AgentBook.Delivery::id)
                .collect(java.util.stream.Collectors.toSet());
        long closed = ids.iterator().next();
        database.transact(tx -> tx.execute("update delivery set open = false where id = $1", closed));

        // when
        var stillOpen = book.stillOpen(ids);

        // then
        assertThat(stillOpen).hasSize(1).doesNotContain(closed);
    }

    @Test
    void shouldFindNothingOnALineThatIsAnothers() {
        // given
        connected();
        open("assignment", 1);

        // when
        var open = book.open(new AgentBook.Line(provider, UUID.randomUUID()), new Told());

        // then
        assertThat(open).isEmpty();
    }

    private void connected() {
        database.transact(tx -> tx.execute("""
              insert into agent (provider, owner, session_key, session_key_signature, key_address, serial, offer, online,
                                 connection, version, seen_at)
              values ($1, 'o', '{}', 's', 'k', 1, '{}', false, $2, 'test', $3)
              """, provider.value(), line.connection(), Instant.now()));
    }

    private void open(String kind, int many) {
        database.transact(tx -> tx.execute("""
              insert into delivery (provider, job, assignment_hash, kind, border, body, created_at)
              select $1, gen_random_uuid(), gen_random_uuid()::text, $2, 0, '{}', $3 from generate_series(1, $4::integer)
              """, provider.value(), kind, Instant.now(), many));
    }
}
