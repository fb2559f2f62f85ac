package io.perigee.agent.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.perigee.protocol.crypto.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The adversary is a container that chooses every name, link and size in the directory. */
final class JobWrittenTest {
    @TempDir
    private Path root;

    private Path written;
    private Path secret;

    @BeforeEach
    void make() throws IOException {
        written = Files.createDirectory(root.resolve("outputs"));
        secret = Files.writeString(root.resolve("secret"), "the provider's");
    }

    @Test
    void shouldHashPlainFilesInOrderOfPath() throws IOException {
        // given
        Files.writeString(written.resolve("b"), "2");
        Files.createDirectories(written.resolve("a/deep"));
        Files.writeString(written.resolve("a/deep/x"), "1");

        // when
        var tree = JobWritten.tree(written, 10, 100);

        // then
        assertThat(tree).extracting(JobWritten.Entry::path).containsExactly("a/deep/x", "b");
        assertThat(tree.getLast().sha256()).isEqualTo(Sha256.of(new byte[] {'2'}));
        assertThat(JobWritten.size(written)).isEqualTo(2);
    }

    @Test
    void shouldFollowNoLinkAtAnyLevel() throws IOException {
        // given
        Files.createSymbolicLink(written.resolve("file"), secret);
        Files.createSymbolicLink(written.resolve("directory"), root);
        var linked = Files.createSymbolicLink(root.resolve("linked"), root);

        // when
        var file = assertThatThrownBy(() -> JobWritten.sha256(written, "file", 100));
        var through = assertThatThrownBy(() -> JobWritten.read(written, "directory/secret"));
        var itself = assertThatThrownBy(() -> JobWritten.sha256(linked, "secret", 100));

        // then
        file.isInstanceOf(JobWritten.Unacceptable.class).hasMessageContaining("link or a special file");
        through.isInstanceOf(IOException.class);
        itself.isInstanceOf(IOException.class);
        assertThat(JobWritten.hasFile(written, "file")).isFalse();
        assertThatThrownBy(() -> JobWritten.tree(written, 10, 100)).isInstanceOf(JobWritten.Unacceptable.class);
    }

    @Test
    void shouldNotWaitForAPipe() throws IOException, InterruptedException {
        // given
        new ProcessBuilder("mkfifo", written.resolve("pipe").toString()).start().waitFor();

        // when
        var read = assertThatThrownBy(() -> JobWritten.head(written, "pipe", 10));

        // then
        read.isInstanceOf(JobWritten.Unacceptable.class);
    }

    @Test
    void shouldNotWaitForAPipeThatTakesAFilesPlaceBetweenLookingAndOpening() throws Exception {
        // given: a job that swaps the two without a pause
        var pipe = root.resolve("pipe");
        new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
        var spare = root.resolve("spare");
        var target = Files.writeString(written.resolve("adapter"), "x");
        var swapping = new AtomicBoolean(true);
        var swapper = Thread.ofPlatform().daemon().start(() -> {
            try {
                while (swapping.get()) {
                    for (var next : List.of(pipe, secret)) {
                        Files.createLink(spare, next);
                        Files.move(spare, target, StandardCopyOption.ATOMIC_MOVE);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });

        // when
        var reads = new AtomicInteger();
        var reader = Thread.ofPlatform().daemon().start(() -> {
            for (int i = 0; i < 20_000; i++) {
                try {
                    JobWritten.sha256(written, "adapter", 100);
                    reads.incrementAndGet();
                } catch (IOException e) {
                    // it was the pipe's turn
                }
            }
        });
        boolean ended = reader.join(Duration.ofMinutes(2));
        swapping.set(false);

        // then
        assertThat(ended).isTrue();
        assertThat(swapper.join(Duration.ofMinutes(1))).isTrue();
        assertThat(reads).hasPositiveValue();
    }

    @Test
    void shouldStopAtItsBounds() throws IOException {
        // given
        Files.write(written.resolve("a"), new byte[60]);
        Files.write(written.resolve("b"), new byte[60]);
        var deep = written;
        for (int i = 0; i < 20; i++) {
            deep = Files.createDirectory(deep.resolve("d"));
        }

        // when
        var large = assertThatThrownBy(() -> JobWritten.sha256(written, "a", 59));
        var depth = assertThatThrownBy(() -> JobWritten.tree(written, 10, 1_000));
        DurableFiles.deleteTree(written.resolve("d"));
        var together = assertThatThrownBy(() -> JobWritten.tree(written, 10, 100));
        var many = assertThatThrownBy(() -> JobWritten.tree(written, 1, 1_000));

        // then
        large.hasMessageContaining("fit in 59 bytes");
        depth.hasMessageContaining("directory levels");
        together.hasMessageContaining("fit in 40 bytes");
        many.hasMessageContaining("at most 1 files");
        assertThat(JobWritten.head(written, "a", 7)).get().satisfies(bytes -> assertThat(bytes)
                .hasSize(7));
    }

    @Test
    void shouldSayWhatIsMissing() throws IOException {
        assertThat(JobWritten.head(written, "nothing", 10)).isEmpty();
        assertThat(JobWritten.hasFile(written.resolve("nothing"), "x")).isFalse();
        assertThatThrownBy(() -> JobWritten.sha256(written, "nothing", 10)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void shouldRemoveATreeWithoutFollowingItsLinks() throws IOException {
        // given
        Files.createSymbolicLink(written.resolve("out"), root);

        // when
        DurableFiles.deleteTree(written);

        // then
        assertThat(secret).exists();
        assertThat(written).doesNotExist();
    }

    @Test
    void shouldNotLeaveUncountedWhatLiesTooDeepOrIsTooMuchToCount() throws IOException {
        // given
        var deep = written;
        for (int i = 0; i < 20; i++) {
            deep = Files.createDirectory(deep.resolve("d"));
        }
        Files.write(deep.resolve("hoard"), new byte[1_000]);
        var many = Files.createDirectory(root.resolve("many"));
        for (int i = 0; i < 11; i++) {
            Files.createDirectory(many.resolve(Integer.toString(i)));
        }

        // when
        var hidden = assertThatThrownBy(() -> JobWritten.size(written));
        var crowd = assertThatThrownBy(() -> JobWritten.size(many, 10));

        // then
        hidden.isInstanceOf(JobWritten.Unacceptable.class).hasMessageContaining("directory levels");
        crowd.isInstanceOf(JobWritten.Unacceptable.class).hasMessageContaining("can be counted");
        assertThat(JobWritten.size(many, 11)).isZero();
    }

    @Test
    void shouldRemoveATreeThatIsDeeperThanAnyPathIsLong() throws IOException {
        // given: what "mkdir d; cd d", again and again, makes
        var name = "d".repeat(250);
        var place = written;
        for (int i = 0; i < 200; i++) {
            var next = Files.createDirectories(root.resolve("next"));
            Files.writeString(next.resolve("file"), "x");
            if (i > 0) {
                Files.move(place, next.resolve(name));
            } else {
                Files.createDirectory(next.resolve(name));
            }
            place = Files.move(next, root.resolve("deep" + i));
        }
        var deep = place;

        // when
        DurableFiles.deleteTree(deep);

        // then
        assertThat(deep).doesNotExist();
    }

    @Test
    void shouldRemoveDirectoriesThatTheJobClosed() throws IOException {
        // given: seen only by an agent that is not root
        Files.createDirectories(written.resolve("a/b/c"));
        Files.createFile(written.resolve("a/b/file"));
        Files.setPosixFilePermissions(written.resolve("a/b/c"), Set.of());
        Files.setPosixFilePermissions(written.resolve("a/b"), Set.of());
        Files.setPosixFilePermissions(written, Set.of());

        // when
        DurableFiles.deleteTree(written);

        // then
        assertThat(written).doesNotExist();
    }

    @Test
    void shouldCountAndRefuseFilesWhoseNamesAreNoText() throws Exception {
        // given
        shell("mkdir \"$(printf 'd\\377')\" && printf 12345 > \"$(printf 'd\\377/\\377')\"");

        // when
        long size = JobWritten.size(written);
        var tree = assertThatThrownBy(() -> JobWritten.tree(written, 10, 100));

        // then
        assertThat(size).isEqualTo(5);
        tree.isInstanceOf(JobWritten.Unacceptable.class).hasMessageContaining("file names in UTF-8");
    }

    @Test
    void shouldTellNamesInUtf8AndReadByThem() throws Exception {
        // given
        shell("mkdir \"$(printf '\\303\\251')\" && printf 12345 > \"$(printf '\\303\\251/a %%41 \\342\\202\\254')\"");

        // when
        var tree = JobWritten.tree(written, 10, 100);
        var read = new byte[5];
        try (var channel = JobWritten.read(written, tree.getFirst().path())) {
            channel.read(ByteBuffer.wrap(read));
        }

        // then
        assertThat(tree).extracting(JobWritten.Entry::path).containsExactly("\u00e9/a %41 \u20ac");
        assertThat(read).asString().isEqualTo("12345");
    }

    @Test
    void shouldNotWaitForAFileThatTheJobHasALeaseOn() throws Exception {
        // given
        var file = Files.writeString(written.resolve("adapter"), "x");
        try (var lease = Lease.of(file)) {
            assumeThat(lease.isHeld()).as("the file system knows leases").isTrue();

            // when
            var read = assertTimeoutPreemptively(
                    Duration.ofSeconds(20), () -> assertThatThrownBy(() -> JobWritten.sha256(written, "adapter", 10)));

            // then
            read.isInstanceOf(JobWritten.Unacceptable.class).hasMessageContaining("the job holds a lease");
        }
        assertThat(JobWritten.sha256(written, "adapter", 10)).isEqualTo(Sha256.of(new byte[] {'x'}));
    }

    private void shell(String command) throws IOException, InterruptedException {
        new ProcessBuilder("sh", "-c", command)
                .directory(written.toFile())
                .inheritIO()
                .start()
                .waitFor();
    }

    @Test
    void shouldForceFilesAndNothingElseInTheirPlace() throws Exception {
        // given
        var border = Files.createDirectory(written.resolve("1"));
        Files.writeString(border.resolve("a"), "1");
        Files.createSymbolicLink(border.resolve("link"), secret);
        var pipe = border.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Files.writeString(written.resolve("2"), "no directory");

        // when
        JobWritten.force(written, "1", List.of("a"));
        var refusals = List.of("link", "pipe", "missing").stream()
                .map(name -> assertThatThrownBy(() -> assertTimeoutPreemptively(
                        Duration.ofSeconds(20), () -> JobWritten.force(written, "1", List.of(name)))))
                .toList();
        var file = assertThatThrownBy(() -> JobWritten.force(written, "2", List.of("a")));
        var all = assertThatThrownBy(() -> JobWritten.force(written, 100));
        var many = assertThatThrownBy(() -> JobWritten.force(written, 1));

        // then
        refusals.forEach(refusal -> refusal.isInstanceOf(JobWritten.Unacceptable.class));
        file.isInstanceOf(JobWritten.Unacceptable.class);
        all.isInstanceOf(JobWritten.Unacceptable.class);
        many.isInstanceOf(JobWritten.Unacceptable.class);
    }
}
