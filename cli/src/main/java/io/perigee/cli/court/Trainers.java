package io.perigee.cli.court;

import io.perigee.cli.Refusal;
import io.perigee.cli.Session;
import io.perigee.cli.engine.Engine;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.result.CourtCase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a segment is run again, as the commands that do so take it. */
final class Trainers {
    @Option(
            names = "--image",
            paramLabel = "FILE",
            description =
                    "the job's image as a docker-archive, when the engine does not have it; else the hub's is loaded")
    private @Nullable Path image;

    @Option(
            names = "--process",
            description =
                    "run the strict trainer beside this program in place of the job's image: no engine is needed, "
                            + "nothing shuts it in, and it decides only if it is the image's version")
    private boolean process;

    @Option(
            names = "--patience",
            paramLabel = "MINUTES",
            defaultValue = "240",
            description = "how long the segment may take here (default ${DEFAULT-VALUE})")
    private int patience = 240;

    Rerun rerun(Session session, CourtCase about) {
        return rerun(session, about, limit());
    }

    /** @param most in place of the user's patience, where that is longer */
    Rerun rerun(Session session, CourtCase about, Duration most) {
        var limit = most.compareTo(limit()) < 0 ? most : limit();
        if (!about.run().assignment().numericClass().equals(NumericClass.STRICT)) {
            throw new Refusal(
                    ErrorCode.UNSUPPORTED,
                    "Expected a run of the strict class, but it is of class '%s'"
                            .formatted(about.run().assignment().numericClass()),
                    "Its bits are the same on machines of that class only; this program cannot tell which is one");
        }
        return new Rerun(
                process ? process(session, about, limit) : image(session, about, limit),
                session.configuration().home().resolve("court"),
                notice -> session.terminal()
                        .err()
                        .println("  %s %s".formatted(session.errorInk().notice(), notice)));
    }

    private Trainer process(Session session, CourtCase about, Duration limit) {
        var strict = session.configuration().strictTrainer();
        if (strict.isEmpty() || !about.spec().trainer().equals("strict")) {
            throw new Refusal(
                    ErrorCode.UNSUPPORTED,
                    "Expected the strict trainer beside this program, but %s"
                            .formatted(
                                    strict.isEmpty()
                                            ? "it is not there"
                                            : "the job's trainer is '%s'"
                                                    .formatted(about.spec().trainer())),
                    "Leave --process out: then the job's own image runs");
        }
        return new StrictTrainer(strict.get(), limit);
    }

    private Trainer image(Session session, CourtCase about, Duration limit) {
        var engine = Engine.of(session.configuration().environment());
        return new ImageTrainer(engine, about.spec(), () -> archive(session, about), limit);
    }

    private Duration limit() {
        return Duration.ofMinutes(Math.max(1, patience));
    }

    private Path archive(Session session, CourtCase about) {
        var given = image;
        if (given != null) {
            return given;
        }
        var spec = about.spec();
        if (!session.configuration().saysWhereFilesAre()) {
            throw missing(about);
        }
        var archive = spec.imageArtifact()
                .or(() -> session.hub().trainers().stream()
                        .filter(trainer -> trainer.image().equals(spec.image()))
                        .map(trainer -> trainer.archive())
                        .findFirst())
                .orElseThrow(() -> missing(about));
        var file = session.configuration().home().resolve("images").resolve(archive.hex() + ".tar");
        if (!Files.exists(file)) {
            session.builder().artifacts().downloadFile(archive, file);
        }
        return file;
    }

    private static Refusal missing(CourtCase about) {
        return new Refusal(
                ErrorCode.ARTIFACT_MISSING,
                "Expected the image '%s' in the container engine, but it is not there"
                        .formatted(about.spec().image()),
                "Load it into the engine, or name its archive with --image");
    }
}
