package io.perigee.scheduler.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.eventlog.TryLater;
import io.perigee.eventlog.kafka.LogReach.Lane;
import io.perigee.eventlog.kafka.LogReach.Stand;
import io.perigee.eventlog.kafka.LogReach.View;
import io.perigee.protocol.id.JobId;
import io.perigee.testkit.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LogHearingTest {
    private static final Instant START = Instant.parse("2026-06-01T12:00:00Z");

    /** One job of each partition. */
    private final JobId one = jobIn(0);

    private final JobId other = jobIn(1);

    private final Map<Lane, Stand> stands =
            new HashMap<>(Map.of(new Lane("jobs", 0), new Stand(7, 7), new Lane("jobs", 1), new Stand(9, 9)));
    private Set<String> absent = Set.of();
    private boolean away;
    private Duration held = Duration.ZERO;
    private Optional<Duration> since = Optional.empty();
    private int noted;
    private Duration passed = Duration.ZERO;
    private Instant asked = START;
    private final LogHearing hearing = new LogHearing(
            this::look,
            () -> held,
            () -> since,
            () -> noted++,
            () -> 1_000_000_000_000L + passed.toNanos(),
            this::pass);

    private View look() {
        if (away) {
            throw new TryLater("away");
        }
        return new View(stands, absent);
    }

    @Test
    void shouldHearAllOfALogThatIsRead() {
        assertThat(heard(one)).isEqualTo(asked);
        assertThat(heard(other)).isEqualTo(asked);
    }

    @Test
    void shouldHearOfAPartitionUpToWhereItIsReadWhileMoreComes() {
        // given what is there now is not read
        stands.put(new Lane("jobs", 0), new Stand(7, 12));
        var then = now();
        assertThat(heard(one)).isEqualTo(Instant.MIN);
        assertThat(heard(other)).as("the other partition").isEqualTo(asked);

        // when it is, and more has come
        pass(Duration.ofSeconds(3));
        stands.put(new Lane("jobs", 0), new Stand(12, 20));

        // then
        assertThat(heard(one)).isBetween(then, then.plusSeconds(1));
    }

    @Test
    void shouldCountAMadeAnewTopicAsRead() {
        stands.put(new Lane("jobs", 0), new Stand(7, 12));
        heard(one);

        stands.put(new Lane("jobs", 0), new Stand(0, 0));

        assertThat(heard(one)).isAfter(Instant.MIN);
    }

    @Test
    void shouldHearNothingWhereTheFrontDoorIsAwayOrNothingIsTaken() {
        absent = Set.of("marketplace-api");
        assertThatThrownBy(() -> heard(one)).isInstanceOf(TryLater.class).hasMessageContaining("marketplace-api");
        absent = Set.of();
        held = Duration.ofSeconds(11);
        assertThatThrownBy(() -> heard(one)).isInstanceOf(TryLater.class);
        held = Duration.ofSeconds(9);
        assertThat(heard(one)).isEqualTo(asked);
    }

    @Test
    void shouldLeaveEverybodyAsMuchTimeAsNobodyHeard() {
        // given
        heard(one);
        away = true;
        for (int i = 0; i < 12; i++) {
            pass(Duration.ofSeconds(5));
            assertThatThrownBy(() -> heard(one)).isInstanceOf(TryLater.class);
        }

        // when
        away = false;
        assertThat(heard(one)).isEqualTo(Instant.MIN);

        // then
        pass(Duration.ofSeconds(55));
        assertThat(heard(one)).isEqualTo(Instant.MIN);
        pass(Duration.ofSeconds(10));
        assertThat(heard(one)).isEqualTo(asked);
    }

    @Test
    void shouldLeaveNobodyMoreForAShortTime() {
        heard(one);
        pass(Duration.ofSeconds(18));
        assertThat(heard(one)).isEqualTo(asked);
    }

    @Test
    void shouldRememberOverAStartForHowLongNobodyHeard() {
        since = Optional.of(Duration.ofHours(3));
        assertThat(heard(one)).isEqualTo(Instant.MIN);
        pass(LogHearing.MOST.minusSeconds(5));
        listenEverySecondFor(Duration.ofSeconds(3));
        assertThat(heard(one)).isEqualTo(Instant.MIN);
        pass(Duration.ofSeconds(5));
        assertThat(heard(one)).isEqualTo(asked);
        assertThat(noted).isPositive();
    }

    /** Else a machine that is too small would never tell anybody that his time is up. */
    @Test
    void shouldGiveSuchATimeOnceWhereOneFollowsTheOther() {
        heard(one);
        pass(Duration.ofSeconds(30));
        assertThat(heard(one)).isEqualTo(Instant.MIN);
        pass(Duration.ofSeconds(31));
        assertThat(heard(one)).isEqualTo(asked);
    }

    @Test
    void shouldNotWaitForEverForOnePartitionThatNobodyReads() {
        // given
        heard(one);
        stands.put(new Lane("jobs", 1), new Stand(9, 10));
        for (int i = 0; i < 4; i++) {
            pass(Duration.ofSeconds(5));
            assertThat(heard(one)).isEqualTo(asked);
        }

        // when all is long ago
        listenEverySecondFor(LogHearing.ALL.plusSeconds(10));
        pass(Duration.ofMinutes(2));

        // then
        assertThat(heard(one)).isEqualTo(asked);
        assertThat(heard(other)).isBefore(now().minusSeconds(60));
    }

    private void listenEverySecondFor(Duration time) {
        for (int i = 0; i < time.toSeconds(); i++) {
            pass(Duration.ofSeconds(1));
            heard(one);
        }
    }

    private void pass(Duration time) {
        passed = passed.plus(time);
    }

    private Instant now() {
        return START.plus(passed);
    }

    private Instant heard(JobId job) {
        asked = now();
        return hearing.listen(asked, true).map(heard -> heard.apply(job)).orElse(Instant.MIN);
    }

    private static JobId jobIn(int partition) {
        var view =
                new View(Map.of(new Lane("jobs", 0), new Stand(0, 0), new Lane("jobs", 1), new Stand(0, 0)), Set.of());
        return Stream.generate(Ids::jobId)
                .filter(id -> view.lanes(id.toString()).contains(new Lane("jobs", partition)))
                .findFirst()
                .orElseThrow();
    }
}
