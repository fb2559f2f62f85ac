package io.perigee.cli.job;

import io.perigee.cli.Refusal;
import io.perigee.cli.job.KeptFile.Kept;
import io.perigee.cli.wallet.PrivateFiles;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.rest.KeyedSubmission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Signed orders in a home, kept from before they are sent until the hub has answered for all of a run. A program that ends in
 * between may have made jobs and not know it; run again with the same, it sends the same orders under the same keys, which
 * make no second job.
 */
final class Submissions implements AutoCloseable {
    private static final int MOST_FILES = 1_000;

    /** Far longer than a file is written. */
    private static final Duration LEFT_BEHIND = Duration.ofDays(1);

    private record Found(KeptFile file, Kept kept) {}

    private final Path directory;
    private final Map<ContentId, Deque<Found>> found = new HashMap<>();
    private final Set<KeptFile> ours = new LinkedHashSet<>();
    private int files;

    private Submissions(Path directory) {
        this.directory = directory;
    }

    /** @throws Refusal when there is what cannot be read: on doubt nothing is sent */
    static Submissions open(Path home, Instant now) {
        var submissions = new Submissions(home.resolve("submissions"));
        try {
            PrivateFiles.directory(submissions.directory);
            submissions.read(now);
            return submissions;
        } catch (IOException | InvalidValue e) {
            throw submissions.unusable(e);
        }
    }

    private void read(Instant now) throws IOException {
        try (var drafts = Files.newDirectoryStream(directory, "*" + KeptFile.DRAFT)) {
            for (var draft : drafts) {
                removeLeftBehind(draft, now);
            }
        }
        try (var paths = Files.newDirectoryStream(directory, "*.json")) {
            for (var path : paths) {
                var file = KeptFile.read(path, now);
                if (file.isPresent()) {
                    files++;
                    for (var kept : file.get().unclaimed()) {
                        found.computeIfAbsent(kept.asked(), _ -> new ArrayDeque<>())
                                .add(new Found(file.get(), kept));
                    }
                }
            }
        }
    }

    /** Of a program that ended before it sent anything of it. */
    private static void removeLeftBehind(Path draft, Instant now) throws IOException {
        try {
            if (Files.getLastModifiedTime(draft).toInstant().isBefore(now.minus(LEFT_BEHIND))) {
                Files.deleteIfExists(draft);
            }
        } catch (NoSuchFileException _) {
            // another run has given it its name
        }
    }

    /** What an earlier run sent for the same, and got no answer to. Given once. */
    Optional<KeyedSubmission> claim(ContentId asked) {
        var same = found.getOrDefault(asked, new ArrayDeque<>());
        try {
            while (!same.isEmpty()) {
                var next = same.remove();
                if (next.file().claim(next.kept())) {
                    ours.add(next.file());
                    return Optional.of(next.kept().submission());
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** When this returns, what is about to be sent survives a crash. */
    void keep(List<Kept> submissions) {
        if (submissions.isEmpty()) {
            return;
        }
        if (files >= MOST_FILES) {
            throw new Refusal(
                    ErrorCode.CONFLICT,
                    "Expected fewer than %d files of orders without an answer in '%s', but there are as many"
                            .formatted(MOST_FILES, directory),
                    "Submit again what they are of; a file that you delete is not sent again");
        }
        var name = submissions.getFirst().submission().request().order().jobId() + ".json";
        try {
            ours.add(KeptFile.create(directory.resolve(name), submissions));
            files++;
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** The hub has answered for all that was claimed and kept. */
    void answered() {
        try {
            for (var file : ours) {
                file.answered();
            }
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private Refusal unusable(Exception e) {
        return new Refusal(
                ErrorCode.UNAVAILABLE,
                "Expected to keep orders in '%s', but %s".formatted(directory, e.getMessage()),
                "An order is sent only when it is kept; look at the directory");
    }

    @Override
    public void close() {
        try {
            for (var file : ours) {
                file.close();
            }
        } catch (IOException e) {
            throw unusable(e);
        }
    }
}
