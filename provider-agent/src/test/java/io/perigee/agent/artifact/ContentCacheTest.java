package io.perigee.agent.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.agent.store.DiskReserve;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.rest.HubInfo;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ContentCacheTest {
    private static final Duration SHORT = Duration.ofMillis(700);

    @TempDir
    private Path directory;

    private final Store store = new Store();
    private DiskReserve reserve = () -> false;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    /** A store that lies, breaks off, or works. */
    private static final class Store implements ArtifactStore {
        private static final int PIECE = 1 << 16;

        private final Map<ContentId, byte[]> content = new HashMap<>();
        private int downloads;
        private int breakAfter = Integer.MAX_VALUE;

        ContentId put(byte[] bytes) {
            content.put(Sha256.of(bytes), bytes);
            return Sha256.of(bytes);
        }

        @Override
        public HubInfo hub(Duration patience, Cancellation cancellation) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long download(ContentId id, long offset, long most, OutputStream target, Cancellation cancellation)
                throws IOException {
            downloads++;
            var bytes = content.get(id);
            if (bytes == null) {
                throw new ArtifactException("Expected it, but the hub answered 404", false);
            }
            if (bytes.length - offset > most) {
                throw new ArtifactException("Expected less, but it is more", true);
            }
            int end = (int) Math.min(bytes.length, offset + breakAfter);
            for (int at = (int) offset; at < end; at += PIECE) {
                target.write(bytes, at, Math.min(PIECE, end - at));
            }
            if (end < bytes.length) {
                throw new IOException("broken off");
            }
            return end - offset;
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

    private ContentCache cache(long capacity) {
        return new ContentCache(directory, capacity, store, reserve, Clock.fixed(now, ZoneOffset.UTC));
    }

    @Test
    void shouldFetchOnceAndKeepWhatWasChecked() throws IOException, InterruptedException {
        // given
        var id = store.put(new byte[] {1, 2, 3});
        var cache = cache(100);

        // when
        var first = cache.fetch(id, 10, SHORT, new Cancellation());
        var second = cache.fetch(id, 10, SHORT, new Cancellation());

        // then
        assertThat(first).isEqualTo(second).hasBinaryContent(new byte[] {1, 2, 3});
        assertThat(store.downloads).isEqualTo(1);
    }

    @Test
    void shouldGoOnWhereATransferBroke() throws IOException, InterruptedException {
        // given
        var id = store.put(new byte[100]);
        store.breakAfter = 40;

        // when
        var file = cache(1_000).fetch(id, 100, Duration.ofSeconds(10), new Cancellation());

        // then
        assertThat(file).hasSize(100);
        assertThat(store.downloads).isEqualTo(3);
    }

    @Test
    void shouldFinishATransferThatOnlyLackedItsName() throws IOException, InterruptedException {
        // given
        var id = store.put(new byte[] {9});
        Files.write(directory.resolve(id.hex() + ".part"), new byte[] {9});

        // when
        var file = cache(100).fetch(id, 10, SHORT, new Cancellation());

        // then
        assertThat(file).hasSize(1);
        assertThat(store.downloads).isZero();
    }

    @Test
    void shouldMakeRoomOfWhatTransfersLeftThatWereCalledOff() throws IOException, InterruptedException {
        // given
        var left = Files.write(directory.resolve("ab".repeat(32) + ".part"), new byte[90]);
        Files.setLastModifiedTime(left, FileTime.from(now.minusSeconds(60)));
        var small = store.put(new byte[] {1});
        var large = store.put(new byte[20]);
        var cache = cache(100);

        // when
        cache.fetch(small, 100, SHORT, new Cancellation());
        boolean keptWhileThereIsRoom = Files.exists(left);
        cache.fetch(large, 100, SHORT, new Cancellation());

        // then
        assertThat(keptWhileThereIsRoom).isTrue();
        assertThat(left).doesNotExist();
    }

    @Test
    void shouldNotTakeOtherBytesUnderAName() {
        // given
        var id = ContentId.parse("sha256:" + "1".repeat(64));
        store.content.put(id, new byte[] {6, 6, 6});

        // when
        var fetched = assertThatThrownBy(() -> cache(100).fetch(id, 10, SHORT, new Cancellation()));

        // then
        fetched.isInstanceOf(ArtifactException.class).hasMessageContaining("sent others");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void shouldNotTakeMoreThanItWasTold() {
        // given
        var id = store.put(new byte[11]);

        // when
        var fetched = assertThatThrownBy(() -> cache(100).fetch(id, 10, Duration.ofMinutes(1), new Cancellation()));

        // then
        fetched.isInstanceOf(ArtifactException.class);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void shouldStopAndLeaveNothingOnceTheDiskRunsShort() throws IOException {
        // given: room for some of it
        var id = store.put(new byte[20 << 20]);
        var part = directory.resolve(id.hex() + ".part");
        reserve = () -> Files.exists(part) && Files.size(part) > 1 << 20;

        // when
        var fetched =
                assertThatThrownBy(() -> cache(1L << 30).fetch(id, 1 << 30, Duration.ofHours(1), new Cancellation()));

        // then
        fetched.isInstanceOf(DiskReserve.NoRoom.class).hasMessageContaining("less is free than the owner reserves");
        assertThat(store.downloads).isOne();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void shouldDropWhatTransfersOfBeforeLeft() throws IOException, InterruptedException {
        // given
        var id = store.put(new byte[] {1});
        var cache = cache(100);
        var whole = cache.fetch(id, 10, SHORT, new Cancellation());
        Files.write(directory.resolve("ab".repeat(32) + ".part"), new byte[90]);

        // when
        cache.dropParts();

        // then
        assertThat(directory).isDirectoryContaining(file -> file.equals(whole));
        try (var files = Files.list(directory)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void shouldForgetTheLeastRecentlyUsedFirst() throws IOException, InterruptedException {
        // given
        var ids = new ContentId[4];
        for (int i = 0; i < 4; i++) {
            ids[i] = store.put(new byte[] {(byte) i, 0, 0, 0});
        }
        for (int i = 0; i < 3; i++) {
            now = now.plusSeconds(1);
            cache(12).fetch(ids[i], 10, SHORT, new Cancellation());
        }
        now = now.plusSeconds(1);
        cache(12).fetch(ids[0], 10, SHORT, new Cancellation());

        // when
        now = now.plusSeconds(1);
        cache(12).fetch(ids[3], 10, SHORT, new Cancellation());

        // then
        assertThat(directory.resolve(ids[1].hex())).doesNotExist();
        assertThat(directory.resolve(ids[0].hex())).exists();
        assertThat(directory.resolve(ids[2].hex())).exists();
    }

    @Test
    void shouldEndAtOnceWhenCalledOff() {
        // given
        var cancellation = new Cancellation();
        cancellation.cancel();

        // when
        var fetched = assertThatThrownBy(() ->
                cache(100).fetch(ContentId.parse("sha256:" + "1".repeat(64)), 10, Duration.ofHours(1), cancellation));

        // then
        fetched.isInstanceOf(Cancellation.Cancelled.class);
    }
}
