package io.perigee.api.artifact;

import io.perigee.protocol.id.ContentId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** A store that another one keeps; tests change what they are about. */
class PassingStore implements ArtifactStore {
    private final ArtifactStore behind;

    PassingStore(ArtifactStore behind) {
        this.behind = behind;
    }

    @Override
    public long received(UUID upload) throws IOException {
        return behind.received(upload);
    }

    @Override
    public Appended append(UUID upload, long offset, long size, InputStream bytes) throws IOException {
        return behind.append(upload, offset, size, bytes);
    }

    @Override
    public boolean complete(UUID upload, ContentId announced) throws IOException {
        return behind.complete(upload, announced);
    }

    @Override
    public InputStream peek(UUID upload) throws IOException {
        return behind.peek(upload);
    }

    @Override
    public void drop(UUID upload) throws IOException {
        behind.drop(upload);
    }

    @Override
    public void dropOlderThan(Instant instant) throws IOException {
        behind.dropOlderThan(instant);
    }

    @Override
    public ContentId ingest(Path file) throws IOException {
        return behind.ingest(file);
    }

    @Override
    public void remove(ContentId content) throws IOException {
        behind.remove(content);
    }

    @Override
    public long room() throws IOException {
        return behind.room();
    }

    @Override
    public Optional<Long> size(ContentId content) throws IOException {
        return behind.size(content);
    }

    @Override
    public Optional<InputStream> open(ContentId content, long offset) throws IOException {
        return behind.open(content, offset);
    }
}
