package io.perigee.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.cli.Refusal;
import io.perigee.cli.job.KeptFile.Kept;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.rest.KeyedSubmission;
import io.perigee.protocol.rest.SubmitRequest;
import io.perigee.testkit.Ids;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubmissionsTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final long GOOD = 3_600;
    private static final ContentId A = Parties.content("a");
    private static final ContentId B = Parties.content("b");

    @TempDir
    Path home;

    private static Kept kept(ContentId asked) {
        var spec = SampleJobs.strict(2);
        var id = Ids.jobId();
        var request = new SubmitRequest(spec, SampleJobs.order(id, spec, NOW, GOOD), Signature.of(new byte[65]));
        return new Kept(asked, new KeyedSubmission(id.toString(), request));
    }

    private void keep(Kept... some) {
        try (var submissions = Submissions.open(home, NOW)) {
            submissions.keep(List.of(some));
        }
    }

    private List<Path> files() throws IOException {
        try (var files = Files.list(home.resolve("submissions"))) {
            return files.toList();
        }
    }

    @Test
    void shouldGiveBackOnceWhatHadNoAnswer() throws IOException {
        // given
        var one = kept(A);
        keep(one);

        // when
        try (var submissions = Submissions.open(home, NOW)) {
            // then
            assertThat(submissions.claim(B)).isEmpty();
            assertThat(submissions.claim(A)).contains(one.submission());
            assertThat(submissions.claim(A)).isEmpty();
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files().getFirst())))
                .isEqualTo("rw-------");
    }

    @Test
    void shouldForgetWhatWasAnsweredAndKeepTheRest() throws IOException {
        // given
        var rest = kept(B);
        keep(kept(A), rest);

        // when
        try (var submissions = Submissions.open(home, NOW)) {
            submissions.claim(A);
            submissions.answered();
        }

        // then
        try (var submissions = Submissions.open(home, NOW)) {
            assertThat(submissions.claim(A)).isEmpty();
            assertThat(submissions.claim(B)).contains(rest.submission());
            submissions.answered();
        }
        assertThat(files()).isEmpty();
    }

    /** Whoever submits the same many times at once wants many jobs. */
    @Test
    void shouldLeaveAloneWhatAnotherRunWaitsFor() {
        try (var other = Submissions.open(home, NOW)) {
            other.keep(List.of(kept(A)));
            try (var submissions = Submissions.open(home, NOW)) {
                assertThat(submissions.claim(A)).isEmpty();
            }
        }
    }

    @Test
    void shouldDropOrdersPastTheirDeadline() throws IOException {
        // given
        keep(kept(A));

        // when / then
        try (var submissions = Submissions.open(home, NOW.plusSeconds(GOOD - 1))) {
            assertThat(files()).hasSize(1);
        }
        try (var submissions = Submissions.open(home, NOW.plusSeconds(GOOD))) {
            assertThat(submissions.claim(A)).isEmpty();
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void shouldRemoveWhatWasLeftHalfWritten() throws IOException {
        // given
        var directory = Files.createDirectories(home.resolve("submissions"));
        var old = Files.writeString(directory.resolve("a.json.new"), "{");
        Files.setLastModifiedTime(old, FileTime.from(NOW.minus(Duration.ofDays(2))));
        var young = Files.writeString(directory.resolve("b.json.new"), "{");
        Files.setLastModifiedTime(young, FileTime.from(NOW));

        // when
        Submissions.open(home, NOW).close();

        // then
        assertThat(files()).containsExactly(young);
    }

    @Test
    void shouldSendNothingWhereItCannotReadWhatWasSent() throws IOException {
        Files.createDirectories(home.resolve("submissions"));
        Files.writeString(home.resolve("submissions/x.json"), "{");
        assertThatThrownBy(() -> Submissions.open(home, NOW))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("submissions");
    }
}
