package io.perigee.api.hub;

import io.perigee.api.artifact.ArtifactBook;
import io.perigee.api.artifact.ArtifactStore;
import io.perigee.api.settings.Settings;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.rest.TrainerInfo;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The job images this hub offers by name. Their archives are put into the store at start, for everybody to read. */
@Singleton
public final class Trainers {
    private static final Logger LOG = Logger.getLogger(Trainers.class);
    private static final String MEDIA_TYPE = "application/vnd.docker.image.rootfs.tar";

    private final Settings settings;
    private final ArtifactStore store;
    private final ArtifactBook book;
    private final Clock clock;
    private final ConcurrentHashMap<String, TrainerInfo> offered = new ConcurrentHashMap<>();

    Trainers(Settings settings, ArtifactStore store, ArtifactBook book, Clock clock) {
        this.settings = settings;
        this.store = store;
        this.book = book;
        this.clock = clock;
    }

    /** Ingests every archive of the settings; blocks. */
    public void ingest() throws IOException {
        for (var entry : settings.api().trainers().entrySet()) {
            var name = entry.getKey();
            var trainer = entry.getValue();
            var archive = trainer.archive().isPresent()
                    ? ingest(name, trainer.archive().get())
                    : null;
            offered.put(name, new TrainerInfo(name, trainer.image(), archive, numericClass(name, trainer)));
            LOG.infof("trainer offered name=%s image=%s archive=%s", name, trainer.image(), archive);
        }
    }

    private ContentId ingest(String name, Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(
                    "Expected to find the archive of trainer '%s' at '%s', but there is none".formatted(name, file));
        }
        var archive = store.ingest(file);
        book.published(archive, Files.size(file), MEDIA_TYPE, clock.instant());
        return archive;
    }

    /** Only {@code strict} has one class everywhere; another's is what each agent's image says, unless it is set. */
    private static @Nullable Digest numericClass(String name, Settings.Trainer trainer) {
        return trainer.numericClass()
                .or(() -> name.equals("strict") ? Optional.of(NumericClass.STRICT) : Optional.empty())
                .orElse(null);
    }

    public List<TrainerInfo> offered() {
        return offered.values().stream()
                .sorted(Comparator.comparing(TrainerInfo::name))
                .toList();
    }

    public Optional<TrainerInfo> find(String name) {
        return Optional.ofNullable(offered.get(name));
    }
}
