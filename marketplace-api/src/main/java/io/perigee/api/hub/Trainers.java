package io.perigee.api.hub;

import io.perigee.api.artifact.ArtifactBook;
import io.perigee.api.artifact.ArtifactStore;
import io.perigee.api.settings.Settings;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.rest.TrainerInfo;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

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
            var trainer = entry.getValue();
            if (!Files.isRegularFile(trainer.archive())) {
                throw new IOException("Expected to find the archive of trainer '%s' at '%s', but there is none"
                        .formatted(entry.getKey(), trainer.archive()));
            }
            var archive = store.ingest(trainer.archive());
            book.published(archive, Files.size(trainer.archive()), MEDIA_TYPE, clock.instant());
            offered.put(
                    entry.getKey(),
                    new TrainerInfo(
                            entry.getKey(),
                            trainer.image(),
                            archive,
                            trainer.numericClass().orElse(NumericClass.STRICT)));
            LOG.infof("trainer offered name=%s image=%s archive=%s", entry.getKey(), trainer.image(), archive);
        }
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
