package io.perigee.api.artifact.filesystem;

import io.perigee.api.artifact.ArtifactStore;
import io.perigee.api.settings.Settings;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;

/** Chooses the file system as this process's store. */
final class FilesystemStore {
    @Produces
    @Singleton
    ArtifactStore store(Settings settings) throws IOException {
        return new FilesystemArtifactStore(settings.api().artifacts().dir());
    }
}
