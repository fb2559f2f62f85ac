package io.perigee.cli.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.perigee.cli.Refusal;
import io.perigee.cli.SampleCase;
import io.perigee.protocol.codec.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvidenceFilesTest {
    private static final int MANY = 10_001;

    @TempDir
    Path home;

    @Test
    void shouldReadAllThatAnAgentKeeps() throws IOException {
        // given
        keep(MANY);

        // when
        var runs = EvidenceFiles.read(Optional.of(home), List.of());

        // then
        assertThat(runs).hasSize(MANY);
    }

    @Test
    void shouldSayWhenThereIsMoreThanIsLookedThrough() throws IOException {
        // given
        keep(3);

        // when, then
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> EvidenceFiles.read(Optional.of(home), List.of(), 2))
                .withMessageContaining("at most 2 files of evidence")
                .withMessageContaining("there are 3");
    }

    @Test
    void shouldCountARunOnceThatIsNamedTwice() throws IOException {
        // given
        keep(2);

        // when
        var runs = EvidenceFiles.read(Optional.of(home), List.of(home.resolve("evidence/1.json")));

        // then
        assertThat(runs).hasSize(2);
    }

    /** Runs of so many orders, each with a deadline of its own. */
    private void keep(int count) throws IOException {
        var evidence = SampleCase.evidence();
        var text = Json.text(evidence);
        var deadline = "\"deadline\":" + evidence.order().deadline();
        assertThat(text).contains(deadline);
        var directory = Files.createDirectories(home.resolve("evidence"));
        for (int i = 0; i < count; i++) {
            Files.writeString(
                    directory.resolve(i + ".json"),
                    text.replace(deadline, "\"deadline\":" + (evidence.order().deadline() + i)));
        }
    }
}
