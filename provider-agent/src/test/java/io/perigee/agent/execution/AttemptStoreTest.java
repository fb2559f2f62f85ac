package io.perigee.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.testing.AWork;
import io.perigee.agent.testing.Parties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AttemptStoreTest {
    @TempDir
    private Path directory;

    private final Parties parties = Parties.fresh();

    private AttemptRecord attempt() {
        var work = AWork.of(parties).build();
        return AttemptRecord.accepted(
                work,
                work.assignment().digest(parties.domain()),
                List.of(),
                parties.enrolment("http://hub"),
                Instant.EPOCH);
    }

    @Test
    void shouldSetAsideOneThatCannotBeReadAndTakeUpTheOthers() throws IOException {
        // given
        var attempts = Files.createDirectory(directory.resolve("attempts"));
        var store = new AttemptStore(attempts, Files.createDirectory(directory.resolve("history")), 10);
        var good = attempt();
        var bad = attempt();
        store.save(good);
        store.save(bad);
        var broken = attempts.resolve(bad.assignmentHash().value().substring(2));
        Files.writeString(broken.resolve("attempt.json"), "{\"work\":");
        Files.createDirectory(broken.resolve("job"));

        // when
        var first = store.open();
        var second = store.open();

        // then
        assertThat(first).isEqualTo(second).containsExactly(good);
        assertThat(attempts.resolve(broken.getFileName() + ".unreadable").resolve("job"))
                .exists();
        assertThat(store.isOver(bad.assignmentHash())).isTrue();
        assertThat(store.isOver(good.assignmentHash())).isFalse();
    }
}
