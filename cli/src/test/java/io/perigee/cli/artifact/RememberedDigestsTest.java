package io.perigee.cli.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.id.ContentId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RememberedDigestsTest {
    private static final InstantSource NOW = InstantSource.system();
    /** Whatever was written in this test is old by then. */
    private static final InstantSource LATER = InstantSource.fixed(Instant.now().plusSeconds(3_600));

    @TempDir
    private Path home;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.write(home.resolve("model.safetensors"), new byte[2 << 20]);
    }

    @Test
    void shouldNotReadTwiceWhatWasNotTouched() throws IOException {
        // given a memory that says of the file what only the memory can know
        var digests = new RememberedDigests(home, LATER);
        digests.of(file);
        var marked = Sha256.of("marked".getBytes(StandardCharsets.UTF_8));
        var memory = home.resolve("digests.json");
        Files.writeString(
                memory, Files.readString(memory).replace(Sha256.of(file).value(), marked.value()));

        // when
        var again = new RememberedDigests(home, LATER).of(file);

        // then
        assertThat(again).isEqualTo(marked);
    }

    @Test
    void shouldReadAgainWhatChangedAndLooksTheSame() throws IOException {
        // given other bytes of the same length and time
        var digests = new RememberedDigests(home, LATER);
        var before = digests.of(file);
        var time = Files.getLastModifiedTime(file);
        var other = new byte[2 << 20];
        other[7] = 1;
        Files.write(file, other);
        Files.setLastModifiedTime(file, time);

        // when
        var after = digests.of(file);

        // then
        assertThat(after).isNotEqualTo(before).isEqualTo(Sha256.of(file));
    }

    @Test
    void shouldNotRememberWhatWasWrittenJustNow() throws IOException {
        // given a time in the past, which says nothing
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));

        // when
        new RememberedDigests(home, NOW).of(file);

        // then
        assertThat(home.resolve("digests.json")).doesNotExist();
    }

    @Test
    void shouldNotRememberSmallFiles() throws IOException {
        // given
        var small = Files.writeString(home.resolve("config.json"), "{}");

        // when
        var digest = new RememberedDigests(home, LATER).of(small);

        // then
        assertThat(digest).isEqualTo(Sha256.of(small));
        assertThat(home.resolve("digests.json")).doesNotExist();
    }

    @Test
    void shouldForgetTheOldest() throws IOException {
        // given
        var digests = new RememberedDigests(home, LATER);
        digests.of(file);

        // when
        for (int i = 0; i < 256; i++) {
            digests.of(Files.write(home.resolve("other-" + i), new byte[1 << 20]));
        }

        // then
        assertThat(Files.readString(home.resolve("digests.json")))
                .doesNotContain("model.safetensors")
                .contains("other-0", "other-255");
    }

    @Test
    void shouldHashWhereTheMemoryIsNoJson() throws IOException {
        // given
        Files.writeString(home.resolve("digests.json"), "{");

        // when
        ContentId digest = new RememberedDigests(home, LATER).of(file);

        // then
        assertThat(digest).isEqualTo(Sha256.of(file));
        assertThat(new RememberedDigests(home, LATER).of(file)).isEqualTo(digest);
    }
}
