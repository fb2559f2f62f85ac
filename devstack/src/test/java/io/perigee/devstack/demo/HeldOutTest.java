package io.perigee.devstack.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldOutTest {
    @TempDir
    Path results;

    private void evaluated(String json) throws IOException {
        Files.createDirectories(results.resolve("outputs"));
        Files.writeString(results.resolve("outputs/eval.json"), json);
    }

    @Test
    void shouldCompareTheFirstEvaluationWithTheLast() throws IOException {
        // given
        evaluated("""
                {"evaluations":[{"loss":4.0,"perplexity":54.6,"rows":33},{"loss":9,"perplexity":1,"rows":33},
                {"loss":3.0,"perplexity":20.1,"rows":33}]}""");

        // when
        var heldOut = HeldOut.read(results).orElseThrow();

        // then
        assertThat(heldOut).isEqualTo(new HeldOut(33, 4.0, 3.0, 54.6, 20.1));
        assertThat(heldOut.fell()).isCloseTo(25.0, within(1e-9));
    }

    @Test
    void shouldSayNothingOfAJobThatHoldsNothingOut() throws IOException {
        assertThat(HeldOut.read(results)).isEmpty();
        evaluated("{\"evaluations\":[{\"loss\":4.0}]}");
        assertThat(HeldOut.read(results)).isEmpty();
    }
}
