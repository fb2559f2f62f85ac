package io.perigee.api.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.id.ContentId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every artifact store must keep. */
public abstract class ArtifactStoreContract {
    private final UUID upload = UUID.randomUUID();
    private final byte[] bytes = random(300_000);
    private final ContentId id = Sha256.of(bytes);

    /** The store under test; called again, it is the same store after a restart of the process. */
    protected abstract ArtifactStore store() throws IOException;

    @Test
    void shouldGiveBackWhatItTook() throws IOException {
        // given
        var store = store();

        // when
        var appended = store.append(upload, 0, bytes.length, new ByteArrayInputStream(bytes));

        // then
        assertThat(appended).isEqualTo(new ArtifactStore.Appended.Kept(bytes.length));
        assertThat(store.complete(upload, id)).isTrue();
        assertThat(read(store, 0)).isEqualTo(bytes);
        assertThat(read(store, 299_000)).isEqualTo(Arrays.copyOfRange(bytes, 299_000, 300_000));
        assertThat(store.size(id)).contains(300_000L);
        assertThat(store.received(upload)).isZero();
    }

    @Test
    void shouldResumeAfterARestart() throws IOException {
        // given
        store().append(upload, 0, bytes.length, new ByteArrayInputStream(bytes, 0, 123_456));
        var restarted = store();

        // when
        var offset = restarted.received(upload);
        restarted.append(upload, offset, bytes.length, new ByteArrayInputStream(bytes, 123_456, 176_544));

        // then
        assertThat(offset).isEqualTo(123_456);
        assertThat(restarted.complete(upload, id)).isTrue();
    }

    @Test
    void shouldKeepWhatCameBeforeTheLineBroke() throws IOException {
        // given
        var store = store();
        var broken = new Broken(bytes, 100_000);

        // when
        try {
            store.append(upload, 0, bytes.length, broken);
        } catch (IOException expected) {
            // the line broke
        }

        // then
        assertThat(store.received(upload)).isEqualTo(100_000);
        store.append(upload, 100_000, bytes.length, new ByteArrayInputStream(bytes, 100_000, 200_000));
        assertThat(store.complete(upload, id)).isTrue();
    }

    @Test
    void shouldKeepNothingThatHashesToSomethingElse() throws IOException {
        // given
        var store = store();
        store.append(upload, 0, 3, new ByteArrayInputStream(new byte[3]));

        // when
        var complete = store.complete(upload, id);

        // then
        assertThat(complete).isFalse();
        assertThat(store.received(upload)).isZero();
        assertThat(store.size(id)).isEmpty();
        assertThat(store.open(id, 0)).isEmpty();
    }

    @Test
    void shouldSayWhereAnUploadIs() throws IOException {
        // given
        var store = store();
        store.append(upload, 0, bytes.length, new ByteArrayInputStream(bytes, 0, 10));

        // when
        var appended = store.append(upload, 5, bytes.length, new ByteArrayInputStream(bytes));

        // then
        assertThat(appended).isEqualTo(new ArtifactStore.Appended.ElsewhereAt(10));
        assertThat(store.received(upload)).isEqualTo(10);
    }

    @Test
    void shouldTakeNoMoreThanWasAnnounced() throws IOException {
        // given
        var store = store();

        // when
        var appended = store.append(upload, 0, 100, new ByteArrayInputStream(bytes));

        // then
        assertThat(appended).isEqualTo(new ArtifactStore.Appended.TooMuch(100));
        assertThat(store.received(upload)).isEqualTo(100);
    }

    @Test
    void shouldRefuseASecondSenderMeanwhile() throws Exception {
        // given
        var store = store();
        var slow = new Waiting();
        var first = Thread.ofVirtual().start(() -> {
            try {
                store.append(upload, 0, 10, slow);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        slow.reached.await();

        // when
        var appended = store.append(upload, 0, 10, new ByteArrayInputStream(bytes));

        // then
        slow.go.countDown();
        first.join();
        assertThat(appended).isEqualTo(new ArtifactStore.Appended.Busy());
    }

    @Test
    void shouldStoreEqualContentOnce() throws IOException {
        // given
        var store = store();
        store.append(upload, 0, bytes.length, new ByteArrayInputStream(bytes));
        store.complete(upload, id);
        var second = UUID.randomUUID();
        store.append(second, 0, bytes.length, new ByteArrayInputStream(bytes));

        // when
        var complete = store.complete(second, id);

        // then
        assertThat(complete).isTrue();
        assertThat(read(store, 0)).isEqualTo(bytes);
    }

    @Test
    void shouldStoreTheEmptyContent() throws IOException {
        // given
        var store = store();
        var nothing = Sha256.of(new byte[0]);

        // when
        var complete = store.complete(upload, nothing);

        // then
        assertThat(complete).isTrue();
        assertThat(store.size(nothing)).contains(0L);
    }

    @Test
    void shouldIngestAFile(@TempDir Path dir) throws IOException {
        // given
        var file = Files.write(dir.resolve("file"), bytes);

        // when
        var ingested = store().ingest(file);

        // then
        assertThat(ingested).isEqualTo(id);
        assertThat(read(store(), 0)).isEqualTo(bytes);
        assertThat(Files.exists(file)).isTrue();
    }

    @Test
    void shouldRemoveContentAndTakeItAnew() throws IOException {
        // given
        var store = store();
        store.append(upload, 0, bytes.length, new ByteArrayInputStream(bytes));
        store.complete(upload, id);

        // when
        store.remove(id);
        store.remove(id);

        // then
        assertThat(store.size(id)).isEmpty();
        var again = UUID.randomUUID();
        store.append(again, 0, bytes.length, new ByteArrayInputStream(bytes));
        assertThat(store.complete(again, id)).isTrue();
        assertThat(read(store, 0)).isEqualTo(bytes);
    }

    @Test
    void shouldForgetOldUploadsAndKeepContent() throws IOException {
        // given
        var store = store();
        store.append(upload, 0, bytes.length, new ByteArrayInputStream(bytes));
        store.complete(upload, id);
        var stale = UUID.randomUUID();
        store.append(stale, 0, 10, new ByteArrayInputStream(bytes, 0, 5));

        // when
        store.dropOlderThan(Instant.now().plusSeconds(60));

        // then
        assertThat(store.received(stale)).isZero();
        assertThat(store.size(id)).isPresent();
    }

    private byte[] read(ArtifactStore store, long offset) throws IOException {
        try (var in = store.open(id, offset).orElseThrow()) {
            return in.readAllBytes();
        }
    }

    private static byte[] random(int size) {
        var random = new byte[size];
        new Random(42).nextBytes(random);
        return random;
    }

    /** Breaks after so many bytes. */
    private static final class Broken extends InputStream {
        private final byte[] bytes;
        private final int until;
        private int at;

        Broken(byte[] bytes, int until) {
            this.bytes = bytes;
            this.until = until;
        }

        @Override
        public int read() throws IOException {
            if (at == until) {
                throw new IOException("connection reset");
            }
            return bytes[at++] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            if (at == until) {
                throw new IOException("connection reset");
            }
            var count = Math.min(length, until - at);
            System.arraycopy(bytes, at, buffer, from, count);
            at += count;
            return count;
        }
    }

    /** Gives nothing until it may. */
    private static final class Waiting extends InputStream {
        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch go = new CountDownLatch(1);

        @Override
        public int read() throws IOException {
            reached.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return -1;
        }
    }
}
