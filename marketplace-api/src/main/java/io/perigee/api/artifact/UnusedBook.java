package io.perigee.api.artifact;

import io.perigee.protocol.id.ContentId;
import java.io.IOException;
import java.time.Instant;

/** Finds what nobody has used for long. Calls block; they are made on virtual threads. */
public interface UnusedBook {
    /** Deletes the bytes of content; nothing happens when they are not there. */
    @FunctionalInterface
    interface Deletion {
        void delete(ContentId content) throws IOException;
    }

    /** What is named by a directory that was used later was used then, too. */
    void spread(Instant before);

    /**
     * Forgets artifacts that were last used before the instant, and remembers that their bytes are to be deleted: not what
     * everybody may read, and not what a directory names that is here. Once it is forgotten, whoever sends it sends it anew.
     *
     * @return how many, at most so many
     */
    int forget(Instant before, int most);

    /**
     * Has the bytes deleted of everything that was forgotten, but of what somebody is sending again, which waits. Nobody can
     * announce a content while it is deleted. After a crash it is deleted once more.
     */
    void delete(Deletion deletion) throws IOException;
}
