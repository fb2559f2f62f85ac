package io.perigee.api.artifact;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.api.persistence.Aside;
import io.perigee.protocol.codec.FileEntry;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.model.ModelShape;
import io.perigee.protocol.spec.JobSpec;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What is stored of base models. The store blocks, so it is asked aside. */
@Singleton
public final class Bases {
    private static final String CONFIG = "config.json";
    private static final int LARGEST_CONFIG = 1 << 20;

    private static final int REMEMBERED = 4_096;

    private final ArtifactStore store;
    private final Manifests manifests;

    /** Of those that are here, also that they have no shape: what has an id never says anything else. */
    private final Map<ContentId, Optional<ModelShape>> known = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ContentId, Optional<ModelShape>> eldest) {
            return size() > REMEMBERED;
        }
    };

    Bases(ArtifactStore store, Manifests manifests) {
        this.store = store;
        this.manifests = manifests;
    }

    /**
     * The sizes of a job's base, by its manifest. Whether the caller may read it is asked elsewhere.
     *
     * @return nothing when the job has no base, or its directory no configuration that is understood
     */
    public Uni<Optional<ModelShape>> shape(JobSpec spec) {
        return id(spec).map(this::shape).orElseGet(() -> Uni.createFrom().item(Optional.empty()));
    }

    /** Whether its shape is told without reading anything. */
    boolean isKnown(JobSpec spec) {
        return id(spec).map(this::known).map(Optional::isPresent).orElse(true);
    }

    /** A base that is no id is refused by the rules of specs. */
    private static Optional<ContentId> id(JobSpec spec) {
        try {
            return spec.baseId();
        } catch (InvalidValue notAnId) {
            return Optional.empty();
        }
    }

    private Uni<Optional<ModelShape>> shape(ContentId base) {
        var before = known(base);
        return before.isPresent() ? Uni.createFrom().item(before.get()) : Aside.of(() -> fresh(base));
    }

    private Optional<Optional<ModelShape>> known(ContentId base) {
        synchronized (known) {
            return Optional.ofNullable(known.get(base));
        }
    }

    private Optional<ModelShape> fresh(ContentId base) {
        try {
            return manifests.working(base.value(), () -> {
                // those who came together have it read once
                var before = known(base);
                return before.isPresent() ? before.get() : read(base);
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<ModelShape> read(ContentId base) throws IOException {
        var found = store.open(base, 0);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Optional<ContentId> config;
        try (var in = found.get()) {
            config = config(manifests.read(in));
        } catch (InvalidValue notOurs) {
            return remembered(base, Optional.empty());
        }
        if (config.isEmpty()) {
            return remembered(base, Optional.empty());
        }
        var text = content(config.get());
        return text.isEmpty() ? Optional.empty() : remembered(base, shape(text.get()));
    }

    private static Optional<ContentId> config(Manifest manifest) {
        return manifest.files().stream()
                .filter(file -> file.path().equals(CONFIG) && file.size() <= LARGEST_CONFIG)
                .findFirst()
                .map(FileEntry::sha256);
    }

    private static Optional<ModelShape> shape(byte[] config) {
        try {
            return ModelShape.read(Json.read(config, JsonNode.class));
        } catch (InvalidValue notOurs) {
            return Optional.empty();
        }
    }

    private Optional<ModelShape> remembered(ContentId base, Optional<ModelShape> shape) {
        synchronized (known) {
            known.put(base, shape);
        }
        return shape;
    }

    private Optional<byte[]> content(ContentId id) throws IOException {
        var found = store.open(id, 0);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (var in = found.get()) {
            return Optional.of(in.readNBytes(LARGEST_CONFIG));
        }
    }
}
