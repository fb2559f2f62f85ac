package io.perigee.trainers.strict.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.trainers.strict.job.TrainingJob.Train;
import io.perigee.trainers.strict.lora.Schedule;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {

    /** Values of transformers' get_scheduler. */
    @ParameterizedTest
    @CsvSource({
        "COSINE, 0, 0",
        "COSINE, 1, 0.5",
        "COSINE, 2, 1",
        "COSINE, 6, 0.5",
        "COSINE, 9, 0.0380602337",
        "LINEAR, 1, 0.5",
        "LINEAR, 2, 1",
        "LINEAR, 6, 0.5",
        "LINEAR, 9, 0.125",
        "CONSTANT, 1, 0.5",
        "CONSTANT, 9, 1"
    })
    void shouldFollowTransformers(Scheduler scheduler, int done, double expected) {
        // given
        Train train = new Train(10, 1, 1, 8, 1.0, scheduler, 2, 7);

        // when
        double rate = Schedule.rate(train, done);

        // then
        assertThat(rate).isCloseTo(expected, Offset.offset(1e-9));
    }
}
