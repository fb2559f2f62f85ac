package io.perigee.api.provider.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.eventlog.TryLater;
import io.perigee.market.matching.OfferView;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class PresentOffersTest {
    private Instant now = Instant.parse("2026-06-01T12:00:00Z");
    private int read;

    private Duration takes = Duration.ZERO;
    private Runnable meanwhile = () -> {};
    private Runnable beside = () -> {};

    private List<OfferView> anew() {
        read++;
        now = now.plus(takes);
        meanwhile.run();
        return List.of();
    }

    private final PresentOffers offers = new PresentOffers(this::anew, task -> beside = task, new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    });

    @Test
    void shouldReadOnceForAllWhoAskWithinASecond() {
        // when
        offers.live();
        offers.live();
        now = now.plusMillis(999);
        offers.live();

        // then
        beside.run();
        assertThat(read).isEqualTo(1);
    }

    @Test
    void shouldReadAnewAfterASecondAndLetNobodyWait() {
        // given
        offers.live();

        // when
        now = now.plusSeconds(1);
        offers.live();
        offers.live();
        int before = read;
        beside.run();

        // then
        assertThat(before).isEqualTo(1);
        assertThat(read).isEqualTo(2);
    }

    @Test
    void shouldReadForNoMoreThanATwentiethOfTheTime() {
        // given
        takes = Duration.ofMillis(200);
        offers.live();

        // when
        now = now.plusMillis(3_700);
        offers.live();
        beside.run();
        int before = read;
        now = now.plusMillis(200);
        offers.live();
        beside.run();

        // then
        assertThat(before).isEqualTo(1);
        assertThat(read).isEqualTo(2);
    }

    @Test
    void shouldNotUseWhatIsTooOld() {
        // given
        offers.live();

        // when
        now = now.plusSeconds(10);
        offers.live();

        // then
        assertThat(read).isEqualTo(2);
    }

    @Test
    void shouldReadAnewAtOnceWhenAnOfferHasChanged() {
        // given
        offers.live();

        // when
        offers.changed();
        offers.live();

        // then
        assertThat(read).isEqualTo(2);
    }

    @Test
    void shouldReadAgainWhatChangedWhileItWasRead() {
        // given
        meanwhile = offers::changed;
        offers.live();
        meanwhile = () -> {};

        // when
        offers.live();

        // then
        assertThat(read).isEqualTo(2);
    }

    @Test
    void shouldReadAgainAfterAFailure() {
        // given
        offers.live();
        now = now.plusSeconds(1);
        offers.live();
        meanwhile = () -> {
            throw new TryLater("away");
        };
        beside.run();
        meanwhile = () -> {};

        // when
        offers.live();
        beside.run();

        // then
        assertThat(read).isEqualTo(3);
    }
}
