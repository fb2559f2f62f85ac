package io.perigee.api.gateway.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.api.Servers;
import io.perigee.api.gateway.AgentBook;
import io.perigee.eventlog.postgres.Database;
import io.perigee.testkit.sample.SampleProvider;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Whose clock says when an agent was last heard. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
final class SignsOfLifeIT {
    @Inject
    AgentBook book;

    @Inject
    Database database;

    private final AgentBook.Line line =
            new AgentBook.Line(SampleProvider.of("alive-" + UUID.randomUUID()).id(), UUID.randomUUID());

    @Test
    void shouldNotDropWhoWasHeardByAProcessWithAnotherClock() {
        // given: its host's is five minutes behind
        var behind = Instant.now().minus(Duration.ofMinutes(5));
        connected(behind);

        // when
        book.heard(List.of(new AgentBook.Beat(line, "hash", Instant.now())), behind);
        var dropped = book.dropSilent(Duration.ofSeconds(60), Instant.now(), "trace");

        // then
        assertThat(dropped).doesNotContain(line.provider());
        assertThat(Duration.between(seen(), book.now())).isLessThan(Duration.ofSeconds(60));
    }

    private Instant seen() {
        return database.reading(tx -> tx.query(
                        "select seen_at from agent where provider = $1",
                        line.provider().value()))
                .getFirst()
                .instant("seen_at");
    }

    private void connected(Instant seen) {
        database.transact(tx -> tx.execute("""
              insert into agent (provider, owner, session_key, session_key_signature, key_address, serial, offer, online,
                                 connection, version, seen_at)
              values ($1, 'o', '{}', 's', 'k', 1, '{}', true, $2, 'test', $3)
              """, line.provider().value(), line.connection(), seen));
    }
}
