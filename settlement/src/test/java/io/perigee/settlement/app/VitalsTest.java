package io.perigee.settlement.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.settlement.intent.WriterAlarms;
import io.perigee.settlement.ledger.Ledger;
import io.perigee.settlement.watch.WatchStatus;
import io.perigee.testkit.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VitalsTest {
    private final TestClock clock = TestClock.atNoon();
    private final Vitals vitals = new Vitals(
            new WriterAlarms(),
            () -> new WatchStatus(-1, -1, Optional.empty(), 0, 0, Optional.empty()),
            clock,
            Duration.ofSeconds(30));

    @Test
    void shouldComplainThatBooksAndContractsAreNotComparedAnyMore() {
        // given
        vitals.ledger(new Ledger.Report(7, 1, List.of()));
        boolean before = ledger();

        // when
        clock.advance(Duration.ofMinutes(6));

        // then
        assertThat(before).isTrue();
        assertThat(ledger()).isFalse();
    }

    @Test
    void shouldComplainThatTheyNeverWere() {
        // when
        clock.advance(Duration.ofMinutes(6));

        // then
        assertThat(ledger()).isFalse();
    }

    private boolean ledger() {
        return vitals.readiness().get("ledger").getAsBoolean();
    }
}
