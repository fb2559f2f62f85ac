package io.perigee.api.artifact;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.model.ModelShape;
import io.perigee.protocol.spec.JobSpec;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What is stored of base models. The store blocks, so it is asked on a worker thread. */
@Singleton
public final class Bases {
    private static final String CONFIG = "config.json";
    private static final int LARGEST_MANIFEST = 8 << 20;
    private static final int LARGEST_CONFIG = 1 << 20;

    private static final int MOST = 256;

    private final ArtifactStore store;
    /** Those that are there: what has an id never says anything else. */
    private final Map<ContentId, ModelShape> known = new ConcurrentHashMap<>();

    Bases(ArtifactStore store) {
        this.store = store;
    }

    /**
     * The sizes of a job's base, by its manifest. Whether the caller may read it is asked elsewhere.
     *
     * @return nothing when the job has no base, or its directory no configuration that is understood
     */
    public Uni<Optional<ModelShape>> shape(JobSpec spec) {
        return id(spec).map(this::shape).orElseGet(() -> Uni.createFrom().item(Optional.empty()));
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
        var before = known.get(base);
        return before != null ? Uni.createFrom().item(Optional.of(before)) : fresh(base);
    }

    private Uni<Optional<ModelShape>> fresh(ContentId base) {
        return Uni.createFrom().deferred(() -> {
            var asker = Vertx.currentContext();
            var read = Uni.createFrom()
                    .item(() -> read(base))
                    .invoke(found -> found.ifPresent(shape -> keep(base, shape)))
                    .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
            return asker == null ? read : read.emitOn(task -> asker.runOnContext(_ -> task.run()));
        });
    }

    private void keep(ContentId base, ModelShape shape) {
        if (known.size() >= MOST) {
            known.clear();
        }
        known.put(base, shape);
    }

    private Optional<ModelShape> read(ContentId base) {
        try {
            var bytes = content(base, LARGEST_MANIFEST);
            if (bytes.isEmpty()) {
                return Optional.empty();
            }
            var entry = Manifest.ofBytes(bytes.get()).files().stream()
                    .filter(file -> file.path().equals(CONFIG) && file.size() <= LARGEST_CONFIG)
                    .findFirst();
            var config = entry.isEmpty()
                    ? Optional.<byte[]>empty()
                    : content(entry.get().sha256(), LARGEST_CONFIG);
            return config.flatMap(text -> ModelShape.read(Json.read(text, JsonNode.class)));
        } catch (InvalidValue notOurs) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<byte[]> content(ContentId id, int most) throws IOException {
        var found = store.open(id, 0);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (var in = found.get()) {
            return Optional.of(in.readNBytes(most));
        }
    }
}
