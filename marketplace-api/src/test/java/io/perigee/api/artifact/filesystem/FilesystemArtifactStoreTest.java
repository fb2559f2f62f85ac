package io.perigee.api.artifact.filesystem;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.api.artifact.ArtifactStore;
import io.perigee.api.artifact.ArtifactStoreContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FilesystemArtifactStoreTest extends ArtifactStoreContract {
    @TempDir
    Path dir;

    @Override
    protected ArtifactStore store() throws IOException {
        return new FilesystemArtifactStore(dir);
    }

    @Test
    void shouldNotCopyAgainWhatItHas(@TempDir Path elsewhere) throws IOException {
        // given: nothing can be written
        var file = Files.writeString(elsewhere.resolve("trainer.tar"), "an archive");
        var store = store();
        var id = store.ingest(file);
        Files.delete(dir.resolve("uploads"));

        // when
        var again = store.ingest(file);

        // then
        assertThat(again).isEqualTo(id);
        assertThat(store.size(id)).contains(Files.size(file));
    }
}
