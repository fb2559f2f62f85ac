package io.perigee.cli.artifact;

import io.perigee.cli.CommandGroup;
import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.protocol.id.ContentId;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Models, datasets and results. */
@Command(
        name = "artifact",
        description = "upload and download models, datasets and results",
        footer = {"", "Example: perigee artifact upload ./dataset"},
        subcommands = {ArtifactCommand.Upload.class, ArtifactCommand.Download.class})
public final class ArtifactCommand extends CommandGroup {
    /** To the hub. */
    @Command(
            name = "upload",
            description = "upload a file or directory; what is there already is skipped",
            footer = {"", "Example: perigee artifact upload ./dataset"})
    static final class Upload implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "PATH", description = "a file or directory")
        private Path path = Path.of(".");

        @Option(
                names = "--raw",
                description = "a single file as it is, such as an image's archive, instead of a directory of one")
        private boolean raw;

        Upload(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            var artifacts = session.uploads();
            ContentId id;
            try (var line = new TransferLine(session, "uploaded")) {
                id = raw ? artifacts.uploadFile(path, line) : artifacts.uploadDirectory(path, line);
                line.done();
            }
            session.answer(
                    Map.of("id", id), () -> session.say("    " + session.ink().bold(id.value())));
            return ExitCode.DONE;
        }
    }

    /** From the hub. */
    @Command(
            name = "download",
            description = "download an artifact by its hash, and check it",
            footer = {"", "Example: perigee artifact download sha256:1234... --to dataset"})
    static final class Download implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "ID", description = "sha256:…")
        private String id = "";

        @Option(names = "--to", paramLabel = "PATH", required = true, description = "where to")
        private Path target = Path.of(".");

        @Option(names = "--raw", description = "the bytes as they are, instead of the directory they describe")
        private boolean raw;

        Download(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            var content = ContentId.parse(id);
            var artifacts = session.builder().artifacts();
            if (raw) {
                artifacts.downloadFile(content, target);
            } else {
                try (var line = new TransferLine(session, "downloaded")) {
                    artifacts.downloadDirectory(content, target, line);
                    line.done();
                }
            }
            session.answer(Map.of("id", content, "path", target.toString()), () -> session.say("    " + target));
            return ExitCode.DONE;
        }
    }
}
