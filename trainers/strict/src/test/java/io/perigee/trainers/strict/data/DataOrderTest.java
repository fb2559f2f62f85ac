package io.perigee.trainers.strict.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataOrderTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 64, 957, 1024, 4097})
    void shouldReadEveryExampleOnceAnEpoch(int size) {
        // given
        DataOrder order = new DataOrder(7, size);

        // when
        int[] third = LongStream.range(3L * size, 4L * size)
                .mapToInt(order::at)
                .sorted()
                .toArray();

        // then
        assertThat(third).containsExactly(IntStream.range(0, size).toArray());
    }

    @Test
    void shouldShuffleEachEpochAnew() {
        // given
        DataOrder order = new DataOrder(7, 957);

        // when
        long same = LongStream.range(0, 957)
                .filter(i -> order.at(i) == order.at(i + 957))
                .count();

        // then
        assertThat(same).isLessThan(20);
    }

    @Test
    void shouldDependOnTheSeedOnly() {
        // given
        DataOrder one = new DataOrder(7, 100);
        DataOrder same = new DataOrder(7, 100);
        DataOrder other = new DataOrder(8, 100);

        // when
        int[] first = LongStream.range(0, 100).mapToInt(one::at).toArray();

        // then
        assertThat(LongStream.range(0, 100).mapToInt(same::at).toArray()).containsExactly(first);
        assertThat(LongStream.range(0, 100).mapToInt(other::at).toArray()).isNotEqualTo(first);
    }
}
