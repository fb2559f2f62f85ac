package io.perigee.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.eventlog.kafka.LogReach;
import io.perigee.eventlog.kafka.LogReach.Stand;
import io.perigee.testkit.TestServers;
import io.perigee.testkit.process.Await;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How far a group has read, as the broker says it. */
class LogReachIT {
    private LogFixture log;
    private LogReach reach;

    @BeforeEach
    void open() {
        log = new LogFixture(TestServers.postgres(), TestServers.broker());
        reach = new LogReach(log.kafka, List.of(new LogReach.Reader(log.settings.name(), List.of(Topics.JOBS))));
    }

    @AfterEach
    void close() throws Exception {
        reach.close();
        log.close();
    }

    @Test
    void shouldSeeWhatAGroupHasReadAndThatItHasGone() {
        // given nobody has ever read
        log.relay();
        var job = LogFixture.newJob();
        log.append(job, 0);
        Await.until(
                LogFixture.PATIENCE,
                () -> stands(job.toString()).allMatch(stand -> stand.end() > 0),
                () -> "Expected a record in the lane of its key, but there is " + reach.look());
        assertThat(stands(job.toString())).hasSize(1).allMatch(stand -> stand.read() == stand.end());

        // when somebody does
        var consumer = log.consumer();
        log.awaitEffects(1);
        Await.until(
                LogFixture.PATIENCE,
                () -> stands(job.toString()).allMatch(stand -> stand.read() == stand.end() && stand.end() > 0),
                () -> "Expected all to be read, but it is not: " + reach.look());
        assertThat(reach.look().absent()).isEmpty();

        // and goes
        consumer.close();
        log.append(job, 1);

        // then
        Await.until(
                LogFixture.PATIENCE,
                () -> stands(job.toString()).allMatch(stand -> stand.read() == stand.end() - 1),
                () -> "Expected one record more than was read, but there is " + reach.look());
        assertThat(reach.look().absent()).containsExactly(log.settings.name());
    }

    private Stream<Stand> stands(String key) {
        var view = reach.look();
        return view.lanes(key).stream().map(lane -> view.stands().getOrDefault(lane, new Stand(0, 0)));
    }
}
