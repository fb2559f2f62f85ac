package io.perigee.cli.court;

import io.perigee.cli.Refusal;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.result.SegmentHashes;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;

/** The four files of a border, as the container contract names them. A container may have written them: none is a link. */
final class CheckpointFiles {
    /** In the order of a leaf. */
    static final List<String> NAMES =
            List.of("adapter.safetensors", "optimizer.safetensors", "state.json", "metrics.jsonl");

    private CheckpointFiles() {}

    /** @param most bytes of one file */
    static SegmentHashes hash(int border, Path directory, long most) {
        return new SegmentHashes(
                border,
                hash(directory, NAMES.get(0), most),
                hash(directory, NAMES.get(1), most),
                hash(directory, NAMES.get(2), most),
                hash(directory, NAMES.get(3), most));
    }

    private static ContentId hash(Path directory, String name, long most) {
        var file = directory.resolve(name);
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw refused(directory, name, "it is not a plain file there");
            }
            if (Files.size(file) > most) {
                throw refused(directory, name, "it is larger than the job's %d bytes of disk".formatted(most));
            }
            try (var in = Channels.newInputStream(
                    Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)))) {
                return Sha256.of(in);
            }
        } catch (IOException e) {
            throw refused(directory, name, "it cannot be read");
        }
    }

    private static Refusal refused(Path directory, String name, String fact) {
        return new Refusal(
                ErrorCode.NOT_FOUND,
                "Expected '%s' in '%s', but %s".formatted(name, directory, fact),
                "A checkpoint has %s".formatted(String.join(", ", NAMES)));
    }
}
