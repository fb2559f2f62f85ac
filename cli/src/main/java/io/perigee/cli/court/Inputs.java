package io.perigee.cli.court;

import io.perigee.cli.Refusal;
import io.perigee.cli.Session;
import io.perigee.cli.artifact.TransferLine;
import io.perigee.client.ApiException;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.result.CourtCase;
import io.perigee.protocol.result.SegmentHashes;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the files of a case come from: what the user names, what is there already, or the hub by their digests. */
final class Inputs {
    @Option(names = "--base", paramLabel = "DIR", description = "the job's base; else the hub's is downloaded")
    private @Nullable Path base;

    @Option(names = "--dataset", paramLabel = "DIR", description = "the job's dataset; else the hub's is downloaded")
    private @Nullable Path dataset;

    @Option(
            names = "--checkpoint",
            paramLabel = "DIR",
            description = "the files of the border before the segment; else the hub's are downloaded")
    private @Nullable Path checkpoint;

    @Option(names = "--from-start", description = "compute those files again, from the start of the job")
    private boolean fromStart;

    /** Fills the directory, and holds every file against what the case says of it. */
    void gather(Session session, CourtCase about, CaseDirectory files, Trainers trainers) {
        about.spec().baseId().ifPresent(id -> directory(session, id, base, files.base(), files, "base"));
        about.spec().datasetId().ifPresent(id -> directory(session, id, dataset, files.dataset(), files, "dataset"));
        about.prior().ifPresent(prior -> {
            var given = checkpoint;
            if (given != null) {
                files.keepCheckpoint(given);
            } else if (fromStart) {
                var rerun = trainers.rerun(session, about);
                session.say("  %s border 0 to %d is run again, by %s"
                        .formatted(session.ink().active(), prior.border(), rerun.words()));
                rerun.prior(about, files);
            } else if (!Files.isDirectory(files.checkpoint())) {
                download(session, prior, files.checkpoint());
            }
        });
        files.check(about);
    }

    private static void directory(
            Session session, ContentId id, @Nullable Path given, Path target, CaseDirectory files, String what) {
        if (given != null) {
            files.keep(given, target);
        } else if (!Files.isDirectory(target)) {
            requireHub(session, what);
            try (var line = new TransferLine(session, what)) {
                session.builder().artifacts().downloadDirectory(id, target, line);
                line.done();
            }
        }
    }

    private static void download(Session session, SegmentHashes prior, Path target) {
        requireHub(session, "checkpoint");
        try {
            CaseDirectory.byName(prior)
                    .forEach((name, id) -> session.builder().artifacts().downloadFile(id, target.resolve(name)));
        } catch (ApiException e) {
            throw new Refusal(
                    ErrorCode.ARTIFACT_MISSING,
                    "Expected the hub to have the files of border %d, but %s".formatted(prior.border(), e.getMessage()),
                    "Name a checkpoint with --checkpoint, or compute it again with --from-start");
        }
    }

    private static void requireHub(Session session, String what) {
        if (!session.configuration().saysWhereFilesAre()) {
            throw new Refusal(
                    ErrorCode.NOT_FOUND,
                    "Expected to know where the %s is, but no hub is asked and no directory was named".formatted(what),
                    what.equals("checkpoint")
                            ? "--checkpoint DIR, or --from-start, or --hub URL"
                            : "--%s DIR, or --hub URL".formatted(what));
        }
    }
}
