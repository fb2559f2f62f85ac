package io.perigee.api.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;

class WrongChainTest {
    private final WrongChain wrongChain = new WrongChain();
    private final AtomicInteger tried = new AtomicInteger();

    @Test
    void shouldTryAllChainsOnlyForTheFirstOfARound() {
        // given
        var first = wrongChain.find(only(137));
        int ofTheFirst = tried.getAndSet(0);

        // when
        var second = wrongChain.find(only(137));
        var third = wrongChain.find(only(56));

        // then
        assertThat(first).hasValue(137);
        assertThat(second).hasValue(137);
        assertThat(third).as("another mistake than everybody's is not named").isEmpty();
        assertThat(ofTheFirst).isEqualTo(5);
        assertThat(tried).hasValue(2);
    }

    @Test
    void shouldTryNoneAgainWhenNoneWasFound() {
        // given
        wrongChain.find(only(0));
        tried.set(0);

        // when
        var found = wrongChain.find(only(1));

        // then
        assertThat(found).isEmpty();
        assertThat(tried).hasValue(0);
    }

    private LongPredicate only(long chain) {
        return each -> {
            tried.incrementAndGet();
            return each == chain;
        };
    }
}
