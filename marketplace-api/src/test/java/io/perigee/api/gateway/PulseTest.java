package io.perigee.api.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.api.hub.HubFacts;
import io.perigee.api.session.Origins;
import io.perigee.api.session.RateLimits;
import io.perigee.api.settings.SampleSettings;
import io.perigee.testkit.process.Await;
import io.perigee.testkit.sample.SampleProvider;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PulseTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final FakeBook book = new FakeBook();
    private final Pulse pulse =
            new Pulse(book, SampleSettings.of("perigee.api.heartbeat", "PT0.2S"), Clock.systemUTC());

    @AfterEach
    void end() {
        pulse.close();
    }

    @Test
    void shouldHearOnAfterAFaultOfOneRound() {
        // given
        var line = new AgentBook.Line(SampleProvider.of("beating").id(), UUID.randomUUID());
        var beat = new AgentBook.Beat(line, "hash", Instant.now());
        book.faults.set(1);
        pulse.start();

        // when
        pulse.beats(conversation(), beat);
        Await.until(SOON, () -> book.faults.get() == 0, () -> "not tried");
        pulse.beats(conversation(), beat);

        // then
        Await.until(SOON, () -> book.heard.contains(beat), () -> "nothing is heard any more");
        assertThat(pulse.alive()).isTrue();
    }

    private Conversation conversation() {
        var settings = SampleSettings.of();
        var board = new Switchboard(
                book,
                pulse,
                _ -> Optional.empty(),
                new HubFacts(settings),
                Origins.of(),
                settings,
                new RateLimits(),
                Clock.systemUTC());
        return new Conversation(null, board, UUID.randomUUID(), "nonce", "token", "trace");
    }
}
