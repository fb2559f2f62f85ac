package io.perigee.cli.court;

import io.perigee.cli.Refusal;
import io.perigee.cli.wallet.PrivateFiles;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.InvalidValue;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Votes in a home, kept before they are committed: a program killed at any instant goes on with the same one. */
final class Ballots implements AutoCloseable {
    private final Path directory;
    private final FileChannel channel;
    private final FileLock lock;

    private Ballots(Path directory, FileChannel channel, FileLock lock) {
        this.directory = directory;
        this.channel = channel;
        this.lock = lock;
    }

    /** Nobody else judges from this home meanwhile: two salts for one seat would lose the ticket. */
    static Ballots open(Path home) {
        var directory = home.resolve("court").resolve("ballots");
        try {
            PrivateFiles.directory(directory);
            var channel =
                    FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                var lock = channel.tryLock();
                if (lock != null) {
                    return new Ballots(directory, channel, lock);
                }
            } catch (OverlappingFileLockException _) {
                // said below
            }
            channel.close();
        } catch (IOException e) {
            throw unusable(directory, e);
        }
        throw new Refusal(
                ErrorCode.CONFLICT,
                "Expected to judge alone from '%s', but another judge runs there".formatted(directory),
                "Wait for it, or give each wallet a home of its own (--home)");
    }

    Optional<Ballot> find(Ballot.Place place) {
        var file = file(place);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.read(Files.readAllBytes(file), Ballot.class));
        } catch (IOException | InvalidValue e) {
            throw unusable(file, e);
        }
    }

    /** When this returns the vote survives a crash. It is never written over. */
    void keep(Ballot ballot) {
        var file = file(ballot.place());
        var fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(fresh);
            PrivateFiles.create(fresh, Json.bytes(ballot));
            PrivateFiles.move(fresh, file);
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    private Path file(Ballot.Place place) {
        return directory.resolve("%d-%s-%d-%s-%d-%d-%s.json"
                .formatted(
                        place.chainId(),
                        place.court().value().substring(2),
                        place.id(),
                        place.accused().value().substring(2),
                        place.round(),
                        place.seat(),
                        place.judge().value().substring(2)));
    }

    private static Refusal unusable(Path path, Exception e) {
        return new Refusal(
                ErrorCode.UNAVAILABLE,
                "Expected to keep votes in '%s', but %s".formatted(path, e.getMessage()),
                "A vote is committed only when it is kept; look at the directory");
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }
}
