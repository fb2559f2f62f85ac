package io.perigee.protocol.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0B",
        "999, 999B",
        "1000, 1KB",
        "15872000000, 15.872GB",
        "1000000000001, 1000.000000001GB",
        "24000000000000, 24TB"
    })
    void writesASizeShort(long bytes, String text) {
        assertThat(Units.size(bytes)).isEqualTo(text);
    }

    @Test
    void readsEverySizeThatItWrites() {
        var random = new Random(1);
        for (int round = 0; round < 10_000; round++) {
            long bytes = random.nextLong(1L << random.nextInt(1, 59));
            assertThat(Units.bytes(Units.size(bytes))).isEqualTo(bytes);
        }
    }
}
