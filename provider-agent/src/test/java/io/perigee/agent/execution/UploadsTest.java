package io.perigee.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.perigee.agent.artifact.ArtifactStore;
import io.perigee.agent.artifact.Cancellation;
import io.perigee.agent.sandbox.JobFiles;
import io.perigee.agent.testing.AWork;
import io.perigee.agent.testing.Parties;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.rest.HubInfo;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a job does to its files after they were sealed. */
final class UploadsTest {
    private final CheckpointHasher hasher = new CheckpointHasher(100);
    private final Uploads uploads = new Uploads(new Nowhere());

    @TempDir
    private Path directory;

    @Test
    void shouldEndAnAttemptWhoseCheckpointHoldsMoreThanFiles() throws Exception {
        // given: a link in a sealed file's place, and one beside them
        var files = new JobFiles(directory);
        var attempt = sealed(files);
        var link = Files.createSymbolicLink(files.checkpoint(1).resolve("link"), directory);

        // when
        var beside = failure(attempt, files);
        Files.move(link, Files.createTempDirectory(directory, "aside").resolve("link"));
        var adapter = files.checkpoint(1).resolve(CheckpointHasher.ADAPTER);
        Files.delete(adapter);
        Files.createSymbolicLink(adapter, directory);
        var instead = failure(attempt, files);

        // then
        assertThat(List.of(beside, instead))
                .allSatisfy(failure -> assertThat(failure.phase().kind()).isEqualTo(FailureKind.CONTRACT_BROKEN));
    }

    private AttemptRecord sealed(JobFiles files) throws Exception {
        var parties = Parties.fresh();
        var work = AWork.of(parties).borders(2).withoutMethod().build();
        var checkpoint = Files.createDirectories(files.checkpoint(1));
        for (var name : CheckpointHasher.FILES) {
            Files.writeString(checkpoint.resolve(name), name);
        }
        return AttemptRecord.accepted(
                        work,
                        work.assignment().digest(parties.domain()),
                        List.of(),
                        parties.enrolment("http://hub"),
                        Instant.EPOCH)
                .with(hasher.hash(1, checkpoint));
    }

    private Failure failure(AttemptRecord attempt, JobFiles files) {
        return catchThrowableOfType(
                Failure.class,
                () -> uploads.checkpoint(attempt, 1, files, hasher, Duration.ofSeconds(1), new Cancellation()));
    }

    private static final class Nowhere implements ArtifactStore {
        @Override
        public HubInfo hub(Duration patience, Cancellation cancellation) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long download(ContentId id, long offset, long most, OutputStream target, Cancellation cancellation) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void upload(
                ContentId id,
                long size,
                String mediaType,
                Source source,
                Duration patience,
                Cancellation cancellation) {}
    }
}
