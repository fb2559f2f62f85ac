package io.perigee.agent.app;

import io.perigee.agent.execution.Attempts;
import io.perigee.agent.identity.Enrolment;
import io.perigee.protocol.codec.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes the agent's status for the verb of that name; written when it changed, and now and then to say "alive". */
final class StatusFile {
    private static final Logger LOG = LoggerFactory.getLogger(StatusFile.class);
    private static final Duration ALIVE = Duration.ofSeconds(20);

    private final Path file;
    private final Clock clock;
    private @Nullable Status last;

    StatusFile(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    synchronized void write(boolean enrolled, String detail, boolean paused) {
        write(new Status(
                ProcessHandle.current().pid(),
                clock.instant(),
                Agent.VERSION,
                null,
                null,
                null,
                enrolled,
                false,
                detail,
                paused,
                false,
                "not asked yet",
                0,
                List.of()));
    }

    synchronized void write(
            Enrolment enrolment,
            String hubUrl,
            boolean connected,
            String connectionDetail,
            boolean paused,
            EngineWatch engine,
            Attempts attempts) {
        var work = attempts.records().stream()
                .map(record -> new Status.Work(
                        record.work().jobId(),
                        record.assignmentHash(),
                        record.phase().getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT),
                        record.reached(),
                        record.toBorder(),
                        attempts.step(record.assignmentHash()),
                        record.acceptedAt()))
                .toList();
        write(new Status(
                ProcessHandle.current().pid(),
                clock.instant(),
                Agent.VERSION,
                enrolment.sessionKey().provider(),
                enrolment.sessionKey().owner(),
                hubUrl,
                true,
                connected,
                connectionDetail,
                paused,
                engine.up(),
                engine.detail(),
                attempts.freeSlots(),
                work));
    }

    private void write(Status now) {
        var before = last;
        if (before != null && same(before, now) && now.at().isBefore(before.at().plus(ALIVE))) {
            return;
        }
        try {
            var temporary = file.resolveSibling(".status.tmp");
            Files.write(temporary, Json.bytes(now));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            last = now;
        } catch (IOException e) {
            // Nothing depends on it; the next change tries again.
            LOG.warn("The status file could not be written detail={}", e.getMessage());
        }
    }

    private static boolean same(Status a, Status b) {
        return at(a, Instant.EPOCH).equals(at(b, Instant.EPOCH));
    }

    private static Status at(Status s, Instant at) {
        return new Status(
                s.pid(),
                at,
                s.version(),
                s.provider(),
                s.owner(),
                s.hubUrl(),
                s.enrolled(),
                s.connected(),
                s.connectionDetail(),
                s.paused(),
                s.engine(),
                s.engineDetail(),
                s.freeSlots(),
                s.attempts());
    }

    static Optional<Status> read(Path file) throws IOException {
        return Files.isRegularFile(file)
                ? Optional.of(Json.read(Files.readAllBytes(file), Status.class))
                : Optional.empty();
    }

    synchronized void remove() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("The status file could not be removed detail={}", e.getMessage());
        }
    }
}
