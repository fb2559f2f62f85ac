package io.perigee.market.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LifecycleDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "lifecycle.md");

    @Test
    void shouldFindThePageUpToDate() throws IOException {
        // given
        var text = LifecycleDocument.text();
        if (Boolean.getBoolean("perigee.docs.write")) {
            Files.createDirectories(DOCUMENT.getParent());
            Files.writeString(DOCUMENT, text);
        }

        // when
        var page = Files.readString(DOCUMENT);

        // then
        assertThat(page)
                .as("docs/lifecycle.md; write it with -Dperigee.docs.write=true")
                .isEqualTo(text);
    }

    @Test
    void shouldGiveEveryStateButTheLastAnOwnerADeadlineAndAnExit() {
        for (var phase : Phase.values()) {
            if (phase == Phase.SETTLED) {
                continue;
            }
            assertThat(phase.owner()).as("owner of %s", phase).isPresent();
            assertThat(phase.deadline()).as("deadline of %s", phase).isNotBlank();
            assertThat(Moves.job())
                    .as("exits of %s", phase)
                    .anyMatch(move -> move.from().filter(phase::equals).isPresent() && move.to() != phase);
        }
    }
}
