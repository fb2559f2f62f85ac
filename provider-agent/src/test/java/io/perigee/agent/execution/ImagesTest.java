package io.perigee.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.perigee.agent.artifact.ArtifactException;
import io.perigee.agent.artifact.ArtifactStore;
import io.perigee.agent.artifact.Cancellation;
import io.perigee.agent.artifact.ContentCache;
import io.perigee.agent.sandbox.ImageStore;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.rest.HubInfo;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.SpecLimits;
import io.perigee.testkit.sample.SampleJobs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whose fault it is when an image cannot be had. */
@Timeout(60)
final class ImagesTest {
    private static final int LARGEST = 100;
    private static final byte[] ARCHIVE = new byte[LARGEST + 1];
    private static final JobSpec SPEC = withArchive(SampleJobs.container(2));

    @TempDir
    private Path directory;

    @Test
    void shouldBlameTheJobForAnArchiveThatNobodyTakes() throws IOException {
        // given one that is here
        var archive = Files.createFile(directory.resolve(Sha256.of(ARCHIVE).hex()));
        try (var hole = new RandomAccessFile(archive.toFile(), "rw")) {
            hole.setLength(SpecLimits.IMAGE + 1);
        }

        // when
        var failure = failure(images(SpecLimits.IMAGE));

        // then
        assertThat(failure.kind()).isEqualTo(FailureKind.BAD_SPEC);
        assertThat(failure.detail()).contains("at most 20000000000 bytes");
    }

    @Test
    void shouldBlameItselfForAnArchiveThatOnlyItsOwnerDoesNotTake() throws IOException {
        // given one that is here
        Files.write(directory.resolve(Sha256.of(ARCHIVE).hex()), ARCHIVE);
        var images = images(LARGEST);

        // when
        var failure = failure(images);

        // then
        assertThat(failure.kind()).isEqualTo(FailureKind.ENGINE);
        assertThat(failure.detail()).contains("at most 100 bytes");
        assertThat(images.isTooLarge(SPEC)).isTrue();
        assertThat(images.isTooLarge(SampleJobs.container(2))).isFalse();
    }

    @Test
    void shouldNotBlameTheJobForAnArchiveThatCannotBeHad() {
        // when
        var failure = failure(images(LARGEST));

        // then
        assertThat(failure.kind()).isEqualTo(FailureKind.INPUT_UNAVAILABLE);
    }

    @Test
    void shouldNotWaitForAnImageOfOthersOnceItIsOver() throws Exception {
        // given an engine that hangs
        Files.write(directory.resolve(Sha256.of(ARCHIVE).hex()), ARCHIVE);
        var entered = new CountDownLatch(1);
        var images = images(ARCHIVE.length, new NoImages() {
            @Override
            public void load(InputStream archive) {
                entered.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        var others = new Cancellation();
        var loading = Thread.ofVirtual().start(() -> catchThrowable(() -> images.require(SPEC, others)));
        entered.await();
        var over = new Cancellation();
        over.cancel();

        // when
        var stopped = catchThrowable(() -> images.require(SPEC, over));
        others.cancel();
        loading.join(Duration.ofSeconds(20));

        // then
        assertThat(stopped).isInstanceOf(Cancellation.Cancelled.class);
        assertThat(loading.isAlive()).isFalse();
    }

    private Images images(long largest) {
        return images(largest, new NoImages());
    }

    private Images images(long largest, ImageStore engine) {
        var cache = new ContentCache(directory, Long.MAX_VALUE, new NoArtifacts(), () -> false, Clock.systemUTC());
        var loaded = new LoadedImages(directory, Long.MAX_VALUE, engine, Clock.systemUTC());
        return new Images(engine, loaded, new NoArtifacts(), cache, () -> false, largest, Duration.ofMillis(10));
    }

    private static Phase.Failed failure(Images images) {
        return catchThrowableOfType(Failure.class, () -> images.require(SPEC, new Cancellation()))
                .phase();
    }

    private static JobSpec withArchive(JobSpec spec) {
        return new JobSpec(
                spec.version(),
                spec.name(),
                spec.trainer(),
                spec.image(),
                "artifact:" + Sha256.of(ARCHIVE),
                spec.base(),
                spec.dataset(),
                spec.method(),
                spec.train(),
                spec.segments(),
                spec.data(),
                spec.evaluate(),
                spec.outputs(),
                spec.resources(),
                spec.placement(),
                spec.price(),
                spec.deadlines(),
                spec.verification());
    }

    /** A hub that has nothing. */
    private static final class NoArtifacts implements ArtifactStore {
        @Override
        public HubInfo hub(Duration patience, Cancellation cancellation) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long download(ContentId id, long offset, long most, OutputStream target, Cancellation cancellation)
                throws IOException {
            throw new ArtifactException("Expected the hub to have it, but it does not", true);
        }

        @Override
        public void upload(
                ContentId id,
                long size,
                String mediaType,
                Source source,
                Duration patience,
                Cancellation cancellation) {
            throw new UnsupportedOperationException();
        }
    }

    /** An engine that holds no image. */
    private static class NoImages implements ImageStore {
        @Override
        public boolean has(ContentId image) {
            return false;
        }

        @Override
        public Set<String> volumes(ContentId image) {
            return Set.of();
        }

        @Override
        public void load(InputStream archive) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long size(ContentId image) {
            return 0;
        }

        @Override
        public boolean remove(ContentId image) {
            return true;
        }
    }
}
