package io.perigee.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.artifact.ArtifactStore;
import io.perigee.agent.artifact.Cancellation;
import io.perigee.agent.artifact.ContentCache;
import io.perigee.agent.sandbox.JobFiles;
import io.perigee.agent.testing.AWork;
import io.perigee.agent.testing.Parties;
import io.perigee.protocol.codec.FileEntry;
import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.rest.HubInfo;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a job finds, whatever umask and locale its owner's agent was started with. */
final class WorkspaceTest {
    private static final byte[] ROWS = "{\"text\":\"x\"}\n".getBytes(StandardCharsets.UTF_8);
    private static final List<String> PATHS = List.of("rows.jsonl", "\u00e4/\u65e5/e\u0301.jsonl", "a b%/c?.jsonl");

    @TempDir
    private Path directory;

    /** A hub that has what was put. */
    private static final class Hub implements ArtifactStore {
        private final Map<ContentId, byte[]> content = new HashMap<>();

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
            var bytes = content.get(id);
            if (bytes == null) {
                throw new IOException("Expected it, but it is not here");
            }
            target.write(bytes, (int) offset, bytes.length - (int) offset);
            return bytes.length - offset;
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

    /** In a process of its own, since no process can have its umask or its locale back. */
    public static void main(String[] arguments) throws Exception {
        var root = Path.of(arguments[0]);
        var hub = new Hub();
        var files = PATHS.stream()
                .map(path -> new FileEntry(path, ROWS.length, hub.put(ROWS)))
                .toList();
        var dataset = hub.put(new Manifest(files).bytes());
        var cache = new ContentCache(
                Files.createDirectory(root.resolve("cache")), 1 << 20, hub, () -> false, Clock.systemUTC());
        var parties = Parties.fresh();
        var work = AWork.of(parties).dataset(dataset).build();
        var workspace = new Workspace(cache, Duration.ZERO);
        var laidOut = new JobFiles(root.resolve("attempt/job"));
        workspace.prepare(work, laidOut, new Cancellation());
        for (var name : CheckpointHasher.FILES) {
            Files.write(Files.createDirectories(laidOut.checkpoint(1)).resolve(name), ROWS);
        }
        var hasher = new CheckpointHasher(1 << 20);
        var run = AttemptRecord.accepted(
                        work,
                        work.assignment().digest(parties.domain()),
                        List.of(),
                        parties.enrolment("http://hub"),
                        Instant.EPOCH)
                .with(hasher.hash(1, laidOut.checkpoint(1)));
        workspace.layOutAgain(run, laidOut, hasher, new Cancellation());
    }

    @Test
    void shouldOpenTheInputsToTheJobsUserUnderTheirTrueNames() throws Exception {
        // given
        var command = "umask 077; exec \"$0\" -cp \"$1\" %s \"$2\"".formatted(WorkspaceTest.class.getName());
        var builder = new ProcessBuilder(
                        "sh",
                        "-c",
                        command,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        System.getProperty("java.class.path"),
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile());
        builder.environment().put("LC_ALL", "C");

        // when
        var process = builder.start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);

        // then
        assertThat(ended).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(directory.resolve("log")))
                .isZero();
        var job = directory.resolve("attempt/job");
        assertThat(modes(job.resolve("resume")))
                .containsExactlyInAnyOrder(
                        "rwxr-xr-x .",
                        "r--r--r-- adapter.safetensors",
                        "r--r--r-- optimizer.safetensors",
                        "r--r--r-- state.json",
                        "r--r--r-- metrics.jsonl");
        assertThat(modes(job.resolve("inputs")))
                .containsExactlyInAnyOrder(
                        "rwxr-xr-x .",
                        "rwxr-xr-x dataset",
                        "r--r--r-- dataset/rows.jsonl",
                        "rwxr-xr-x dataset/%C3%A4",
                        "rwxr-xr-x dataset/%C3%A4/%E6%97%A5",
                        "r--r--r-- dataset/%C3%A4/%E6%97%A5/e%CC%81.jsonl",
                        "rwxr-xr-x dataset/a%20b%25",
                        "r--r--r-- dataset/a%20b%25/c%3F.jsonl");
    }

    /** By the bytes of the names, whatever locale this test has. */
    private static List<String> modes(Path root) throws IOException {
        var modes = new ArrayList<String>();
        var above = root.toUri().getRawPath();
        try (var walk = Files.walk(root)) {
            for (var each : (Iterable<Path>) walk::iterator) {
                var below = each.toUri().getRawPath().substring(above.length());
                var name = below.isEmpty() ? "." : below.endsWith("/") ? below.substring(0, below.length() - 1) : below;
                modes.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)) + " " + name);
            }
        }
        return modes;
    }
}
