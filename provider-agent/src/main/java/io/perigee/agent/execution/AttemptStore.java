package io.perigee.agent.execution;

import io.perigee.agent.sandbox.JobFiles;
import io.perigee.agent.store.DurableFiles;
import io.perigee.agent.store.JobWritten;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Attempts on disk: {@code attempts/<hash>/attempt.json} beside the job's files while live, {@code history/<hash>.json}
 * when closed.
 */
public final class AttemptStore {
    private static final String RECORD = "attempt.json";
    private static final String SUFFIX = ".json";
    private static final String UNREADABLE = ".unreadable";
    private static final Logger LOG = LoggerFactory.getLogger(AttemptStore.class);

    private final Path attempts;
    private final Path history;
    private final int remembered;

    /** @param remembered how many closed attempts are kept */
    public AttemptStore(Path attempts, Path history, int remembered) {
        this.attempts = attempts;
        this.history = history;
        this.remembered = remembered;
    }

    /** Stores the record; when this returns, it survives a crash. */
    public void save(AttemptRecord attempt) {
        try {
            DurableFiles.write(
                    DurableFiles.privateDirectory(directory(attempt.assignmentHash()))
                            .resolve(RECORD),
                    Json.bytes(attempt));
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to store an attempt, but could not", e);
        }
    }

    /** Attempts an earlier life of the agent left open. */
    public List<AttemptRecord> open() throws IOException {
        var found = new ArrayList<AttemptRecord>();
        try (var listing = Files.newDirectoryStream(attempts)) {
            for (var directory : listing) {
                if (directory.getFileName().toString().endsWith(UNREADABLE)) {
                    continue;
                }
                var file = directory.resolve(RECORD);
                if (Files.isRegularFile(file)) {
                    try {
                        found.add(Json.read(Files.readAllBytes(file), AttemptRecord.class));
                    } catch (InvalidValue e) {
                        // one broken record must not keep all others from going on
                        LOG.error("Attempt not readable; set aside directory={}{}", directory, UNREADABLE, e);
                        Files.move(directory, directory.resolveSibling(directory.getFileName() + UNREADABLE));
                    }
                } else {
                    // The agent ended between making the directory and the record: nothing was promised yet.
                    DurableFiles.deleteTree(directory);
                }
            }
        }
        return found;
    }

    /** Whether it is over; also where its record cannot be read any more. */
    public boolean isOver(Digest assignmentHash) {
        return Files.isRegularFile(history.resolve(hex(assignmentHash) + SUFFIX))
                || Files.isDirectory(attempts.resolve(hex(assignmentHash) + UNREADABLE));
    }

    /** Moves the record to the history and removes the job's files. */
    public void close(AttemptRecord attempt) throws IOException {
        DurableFiles.write(history.resolve(hex(attempt.assignmentHash()) + SUFFIX), Json.bytes(attempt));
        DurableFiles.deleteTree(directory(attempt.assignmentHash()));
        forgetOldest();
    }

    /**
     * Removes what nobody can ask for any more: the inputs of a job that has ended, and all files of one that failed or
     * of an auditor, whose record says everything.
     */
    void dropNeedless(AttemptRecord attempt) throws IOException {
        var files = files(attempt.assignmentHash());
        if (attempt.audits() || attempt.phase() instanceof Phase.Failed) {
            DurableFiles.deleteTree(files.root());
        } else {
            DurableFiles.deleteTree(files.inputs());
            DurableFiles.deleteTree(files.resume());
        }
    }

    /** Bytes of finished work that wait for a verdict; what cannot be counted is taken for all that the job may write. */
    long kept(AttemptRecord attempt) throws IOException {
        var files = files(attempt.assignmentHash());
        try {
            return Files.isDirectory(files.root())
                    ? JobWritten.size(files.checkpoints()) + JobWritten.size(files.outputs())
                    : 0;
        } catch (JobWritten.Unacceptable e) {
            return attempt.work().spec().resources().disk();
        }
    }

    public JobFiles files(Digest assignmentHash) {
        return new JobFiles(directory(assignmentHash).resolve("job"));
    }

    private void forgetOldest() throws IOException {
        var files = new ArrayList<Path>();
        try (var listing = Files.newDirectoryStream(history, "*" + SUFFIX)) {
            listing.forEach(files::add);
        }
        if (files.size() <= remembered) {
            return;
        }
        files.sort(Comparator.comparing(file -> file.toFile().lastModified()));
        for (var file : files.subList(0, files.size() - remembered)) {
            Files.deleteIfExists(file);
        }
    }

    private Path directory(Digest assignmentHash) {
        return attempts.resolve(hex(assignmentHash));
    }

    private static String hex(Digest digest) {
        return digest.value().substring(2);
    }
}
