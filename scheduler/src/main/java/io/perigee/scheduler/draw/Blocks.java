package io.perigee.scheduler.draw;

import io.perigee.protocol.id.Digest;
import java.util.Optional;

/** The chain, as far as a draw needs it. Both fail with {@link io.perigee.eventlog.TryLater} when no node answers. */
public interface Blocks {
    /** The number of the newest block. */
    long head();

    /** The hash of a block; empty while there is none of that number. */
    Optional<Digest> hash(long number);
}
