package io.perigee.api.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.api.session.RateLimits;
import io.perigee.api.settings.SampleSettings;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.ProviderId;
import io.perigee.testkit.TestClock;
import io.perigee.testkit.sample.SampleProvider;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PaceTest {
    private static final int SHORT = 1_000;
    private static final int LONG = 3_500_000;

    private final TestClock clock = TestClock.atNoon();
    private final ProviderId provider = SampleProvider.of("talker").id();
    private final Pace pace = new Pace(
            new RateLimits(),
            SampleSettings.of(
                            "perigee.api.limits.reports-per-minute", "500",
                            "perigee.api.limits.offers-per-minute", "10",
                            "perigee.api.limits.log-ins-per-minute", "5")
                    .api()
                    .limits());

    @Test
    void shouldTakeSoManyReportsAMinuteFromEach() {
        // when
        long taken = IntStream.range(0, 600).filter(_ -> report(SHORT)).count();
        var other = pace.report(SampleProvider.of("other").id(), SHORT, clock.instant());
        clock.advance(Duration.ofMinutes(1));

        // then
        assertThat(taken).isEqualTo(500);
        assertThat(other).isEmpty();
        assertThat(report(SHORT)).isTrue();
    }

    @Test
    void shouldCountALongReportAsSeveral() {
        // when: each as long as the longest job's opening
        long taken = IntStream.range(0, 10).filter(_ -> report(LONG)).count();

        // then
        assertThat(taken).isEqualTo(2);
    }

    @Test
    void shouldCountOffersAndLogInsApart() {
        // when
        long offers = IntStream.range(0, 20)
                .filter(_ -> pace.offer(provider, SHORT, clock.instant()).isEmpty())
                .count();
        long logIns = IntStream.range(0, 20)
                .filter(_ -> pace.logIn(provider, SHORT, clock.instant()).isEmpty())
                .count();

        // then
        assertThat(offers).isEqualTo(10);
        assertThat(logIns).isEqualTo(5);
        assertThat(report(SHORT)).isTrue();
        assertThat(pace.logIn(provider, SHORT, clock.instant()))
                .hasValueSatisfying(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.RATE_LIMITED));
    }

    private boolean report(int length) {
        return pace.report(provider, length, clock.instant()).isEmpty();
    }
}
