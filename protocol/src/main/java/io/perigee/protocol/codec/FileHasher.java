package io.perigee.protocol.codec;

import io.perigee.protocol.id.ContentId;
import java.io.IOException;
import java.nio.file.Path;

/** Names a file by its content: by reading it, or by what is known of it already. */
@FunctionalInterface
public interface FileHasher {
    ContentId of(Path file) throws IOException;
}
