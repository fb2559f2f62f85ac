package io.perigee.agent.artifact;

import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.rest.HubInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/** The hub's artifact store, as an agent sees it. */
public interface ArtifactStore {

    /** Opens content for reading from an offset; called again for every attempt to send it. */
    @FunctionalInterface
    interface Source {
        InputStream openAt(long offset) throws IOException;
    }

    /** What the hub says of itself: the archives of its trainers are named here. */
    HubInfo hub(Duration patience, Cancellation cancellation) throws IOException, InterruptedException;

    /**
     * Copies an artifact into the stream, starting at an offset, without checking it.
     *
     * @param most bytes after which the transfer fails
     * @return bytes copied
     */
    long download(ContentId id, long offset, long most, OutputStream target, Cancellation cancellation)
            throws IOException, InterruptedException;

    /** Stores content under its digest; nothing is sent when the store has it already. */
    void upload(ContentId id, long size, String mediaType, Source source, Duration patience, Cancellation cancellation)
            throws IOException, InterruptedException;
}
