package io.perigee.benchmarks.epoch;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.epoch.LineTree;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EpochReportTest {
    @Test
    void shouldMeasureTreesOfOneRoot() {
        for (int lines = 1; lines < 40; lines++) {
            // given
            var epoch = new LargeEpoch(lines).collect(lines).lines();

            // then
            assertThat(Web3jTree.root(epoch)).isEqualTo(LineTree.of(epoch).root());
        }
    }

    @Test
    void shouldPrintARowASize() {
        // given
        var bytes = new ByteArrayOutputStream();

        // when
        EpochReport.print(new PrintStream(bytes, true, StandardCharsets.UTF_8), 0.001, 10, 100);

        // then
        assertThat(bytes.toString(StandardCharsets.UTF_8).lines().skip(2))
                .hasSize(2)
                .allSatisfy(row -> assertThat(row).matches("(\\| [0-9.,]+ ){10}\\|"));
    }
}
