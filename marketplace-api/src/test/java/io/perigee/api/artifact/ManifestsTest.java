package io.perigee.api.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.perigee.api.problem.Refused;
import io.perigee.protocol.error.ErrorCode;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ManifestsTest {
    @Test
    void shouldWorkWithTwoAtATimeHoweverManyAsk() throws Exception {
        // given
        var manifests = new Manifests(new SimpleMeterRegistry(), Duration.ofMinutes(1));
        var now = new AtomicInteger();
        var most = new AtomicInteger();

        // when
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = IntStream.range(0, 30)
                    .mapToObj(each -> threads.submit(() -> manifests.working("subject " + each, () -> {
                        most.accumulateAndGet(now.incrementAndGet(), Math::max);
                        Thread.yield();
                        return now.decrementAndGet();
                    })))
                    .toList();
            for (Future<Integer> each : asked) {
                each.get();
            }
        }

        // then
        assertThat(most.get()).isBetween(1, 2);
    }

    @Test
    void shouldTurnAwayWhoWaitsTooLongAndServeLater() throws Exception {
        // given: two that do not end
        var manifests = new Manifests(new SimpleMeterRegistry(), Duration.ofMillis(10));
        var begun = new CountDownLatch(2);
        var end = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 2; i++) {
                var whose = "subject " + i;
                threads.submit(() -> manifests.working(whose, () -> {
                    begun.countDown();
                    return await(end);
                }));
            }
            assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();

            // when
            try {
                assertThatThrownBy(() -> manifests.working("a third", () -> true))
                        .isInstanceOfSatisfying(
                                Refused.class,
                                refused -> assertThat(refused.rejected().code()).isEqualTo(ErrorCode.UNAVAILABLE));
            } finally {
                end.countDown();
            }
        }

        // then
        assertThat(manifests.working("a third", () -> true)).isTrue();
    }

    @Test
    void shouldNotHaveOthersWaitForWhoAsksForManyAtOnce() throws Exception {
        // given
        var manifests = new Manifests(new SimpleMeterRegistry(), Duration.ofSeconds(30));
        var begun = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                threads.submit(() -> manifests.working("greedy", () -> {
                    begun.countDown();
                    return await(end);
                }));
            }
            assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();

            // when
            try {
                var other = threads.submit(() -> manifests.working("another", () -> true));

                // then
                assertThat(other.get(5, TimeUnit.SECONDS)).isTrue();
            } finally {
                end.countDown();
            }
        }
    }

    private static boolean await(CountDownLatch end) {
        try {
            end.await();
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
