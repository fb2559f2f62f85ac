package io.perigee.api.artifact.filesystem;

import io.perigee.api.artifact.ArtifactStore;
import io.perigee.api.artifact.ArtifactStoreContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class FilesystemArtifactStoreTest extends ArtifactStoreContract {
    @TempDir
    Path dir;

    @Override
    protected ArtifactStore store() throws IOException {
        return new FilesystemArtifactStore(dir);
    }
}
