package io.perigee.cli.court;

import io.perigee.cli.Refusal;
import io.perigee.cli.engine.Program;
import io.perigee.protocol.error.ErrorCode;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/**
 * What an image may write while it runs again, as at providers: the job's own disk, in no more files than can be counted.
 * What it holds in files that it removed no directory tells of, so some room is kept on this machine's disk, too.
 */
final class DiskLimit implements Program.Limit {
    static final long RESERVE = 1_000_000_000;
    private static final int MOST_ENTRIES = 200_000;
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(2);

    private final Path written;
    private final long most;
    private final long reserve;
    private long next = System.nanoTime();

    DiskLimit(Path written, long most) {
        this(written, most, RESERVE);
    }

    DiskLimit(Path written, long most, long reserve) {
        this.written = written;
        this.most = most;
        this.reserve = reserve;
    }

    @Override
    public void check() {
        try {
            if (Files.getFileStore(written).getUsableSpace() < reserve) {
                throw new Refusal(
                        ErrorCode.UNAVAILABLE,
                        "Expected %d bytes of this machine's disk to stay free while the segment runs, but fewer are"
                                .formatted(reserve),
                        "Make room where '%s' is, and run the same command again".formatted(written));
            }
            if (System.nanoTime() - next >= 0) {
                Files.walkFileTree(written, new Counter());
                next = System.nanoTime() + PAUSE;
            }
        } catch (IOException e) {
            throw exceeded("%s is closed".formatted(e.getMessage()));
        }
    }

    private Refusal exceeded(String fact) {
        return new Refusal(
                ErrorCode.UNSUPPORTED,
                "Expected the image to write at most the job's %d bytes of disk, but %s; it was ended"
                        .formatted(most, fact),
                "It does at providers what it does here: do not vote by it");
    }

    private final class Counter extends SimpleFileVisitor<Path> {
        private long bytes;
        private int entries;

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return count(0);
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            return count(attributes.size());
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
                // it removed it meanwhile
                return FileVisitResult.CONTINUE;
            }
            throw e;
        }

        private FileVisitResult count(long more) {
            bytes += more;
            entries++;
            if (bytes > most || entries > MOST_ENTRIES) {
                throw exceeded("there are %d bytes in %d files and directories or more".formatted(bytes, entries));
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
