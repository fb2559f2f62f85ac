package io.perigee.api.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.perigee.api.Servers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Servers.class)
final class TransactionsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Inject
    Transactions transactions;

    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void shouldReadOnceForAllWhoAskWithinAWhile() {
        // given
        var lately = transactions.lately(
                Duration.ofMinutes(1), session -> Uni.createFrom().item(asked::incrementAndGet));

        // when
        var first = lately.await().atMost(PATIENCE);
        var second = lately.await().atMost(PATIENCE);

        // then
        assertThat(first).isEqualTo(1);
        assertThat(second).isEqualTo(1);
    }

    @Test
    void shouldReadAgainWhatHasGrownOld() {
        // given
        var lately =
                transactions.lately(Duration.ZERO, session -> Uni.createFrom().item(asked::incrementAndGet));
        lately.await().atMost(PATIENCE);

        // when
        var second = lately.await().atMost(PATIENCE);

        // then
        assertThat(second).isEqualTo(2);
    }

    @Test
    void shouldKeepNoFailure() {
        // given
        var lately = transactions.lately(
                Duration.ofMinutes(1),
                session -> asked.incrementAndGet() == 1
                        ? Uni.createFrom().<Integer>failure(new IllegalStateException("no"))
                        : Uni.createFrom().item(asked.get()));
        var failure = catchThrowable(() -> lately.await().atMost(PATIENCE));

        // when
        var second = lately.await().atMost(PATIENCE);

        // then
        assertThat(failure).hasMessage("no");
        assertThat(second).isEqualTo(2);
    }
}
