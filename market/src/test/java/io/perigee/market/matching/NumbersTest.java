package io.perigee.market.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersTest {
    private static final int ROUNDS = 60_000;
    private static final int NAMES = 4_000;

    /** A name whose hash is one of so many. */
    private record Name(int value, int hashes) {
        @Override
        public int hashCode() {
            return value % hashes;
        }
    }

    /** With few hashes most names share their part in an entry, and only the names themselves tell them apart. */
    @ParameterizedTest
    @ValueSource(ints = {40, 1_000, Integer.MAX_VALUE})
    void isTheMapThatItReplaces(int hashes) {
        var random = new Random(hashes);
        Map<Name, Integer> expected = new HashMap<>();
        List<Name> byNumber = new ArrayList<>();
        Deque<Integer> free = new ArrayDeque<>();
        var numbers = new Numbers<Name>(byNumber::get);
        for (int round = 0; round < ROUNDS; round++) {
            // more come than go at first, later more go than come
            boolean comes = random.nextInt(100) < (round < ROUNDS / 2 ? 70 : 30);
            var name = new Name(random.nextInt(NAMES), hashes);
            var known = expected.get(name);
            assertThat(numbers.of(name)).isEqualTo(known == null ? Numbers.UNKNOWN : known);
            if (comes && known == null) {
                int number = free.isEmpty() ? byNumber.size() : free.pop();
                if (number == byNumber.size()) {
                    byNumber.add(name);
                } else {
                    byNumber.set(number, name);
                }
                numbers.put(name, number);
                expected.put(name, number);
            } else if (!comes && known != null) {
                numbers.remove(name);
                expected.remove(name);
                free.push(known);
            }
            assertThat(numbers.size()).isEqualTo(expected.size());
        }
    }
}
