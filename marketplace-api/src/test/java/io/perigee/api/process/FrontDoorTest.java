package io.perigee.api.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.perigee.eventlog.TryLater;
import io.smallrye.mutiny.TimeoutException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FrontDoorTest {
    @Test
    void shouldTakeAStepAgainThatFoundNoDatabase() throws Exception {
        // given
        var faults = List.of(new TimeoutException(), new TryLater("away"));
        var taken = new AtomicInteger();

        // when
        FrontDoor.patiently(() -> {
            if (taken.getAndIncrement() < faults.size()) {
                throw faults.get(taken.get() - 1);
            }
        });

        // then
        assertThat(taken).hasValue(3);
    }

    @Test
    void shouldEndTheStartAtAFaultThatStays() {
        // when
        var thrown = catchThrowable(() -> FrontDoor.patiently(() -> {
            throw new IllegalStateException("no");
        }));

        // then
        assertThat(thrown).hasMessage("no");
    }
}
