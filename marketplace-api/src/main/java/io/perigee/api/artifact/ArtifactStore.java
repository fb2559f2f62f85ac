package io.perigee.api.artifact;

import io.perigee.protocol.id.ContentId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Keeps bytes by their SHA-256 and unfinished uploads by their id. Who may read or write is not its affair.
 *
 * <p>All calls block and may come from many threads. Content is never changed; an upload that was completed or dropped is
 * unknown. Completed content survives a power cut, unfinished uploads the end of the process.
 */
public interface ArtifactStore {
    /** How many bytes of an upload are kept; 0 when none has arrived. */
    long received(UUID upload) throws IOException;

    /**
     * Appends what the stream gives until it ends. Bytes that arrived before the stream broke are kept, so that the sender
     * can go on from there.
     *
     * @param offset where the sender believes to be
     * @param size how long the whole upload is declared to be; nothing is read beyond it
     * @return how far the upload is now
     */
    Appended append(UUID upload, long offset, long size, InputStream bytes) throws IOException;

    /**
     * Turns a whole upload into content.
     *
     * @return false, and the upload is dropped, when the bytes are not those that were announced
     */
    boolean complete(UUID upload, ContentId announced) throws IOException;

    /** Opens what has arrived of an upload so far; the caller closes the stream. */
    InputStream peek(UUID upload) throws IOException;

    /** Forgets an upload; nothing happens when it is not there. */
    void drop(UUID upload) throws IOException;

    /** Drops uploads that were last appended to before the instant. */
    void dropOlderThan(Instant instant) throws IOException;

    /** Copies a file of this machine into the store, unless its content is there. */
    ContentId ingest(Path file) throws IOException;

    /** Deletes content; nothing happens when it is not there. Nobody may be completing an upload of it meanwhile. */
    void remove(ContentId content) throws IOException;

    /** How many bytes more can be kept. */
    long room() throws IOException;

    Optional<Long> size(ContentId content) throws IOException;

    /** Opens content at an offset; empty when there is none. The caller closes the stream. */
    Optional<InputStream> open(ContentId content, long offset) throws IOException;

    /** What became of an append. */
    sealed interface Appended {
        /** Everything that came was kept. */
        record Kept(long received) implements Appended {}

        /** The sender is elsewhere; nothing was kept. */
        record ElsewhereAt(long received) implements Appended {}

        /** More came than was declared; what was declared is kept. */
        record TooMuch(long received) implements Appended {}

        /** Somebody else is appending to this upload now. */
        record Busy() implements Appended {}
    }
}
