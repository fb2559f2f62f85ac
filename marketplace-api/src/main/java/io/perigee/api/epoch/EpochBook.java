package io.perigee.api.epoch;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.rest.EpochView;
import java.util.List;
import java.util.Optional;

/** Reads what settlement said of this hub's epochs, and their files. Every call blocks. */
public interface EpochBook {
    /** In the order of a list: the newest first. */
    record Place(int number, Address token) {}

    /** Up to {@code limit} epochs after a place; from the newest when there is none. */
    List<EpochView> page(Optional<Place> after, int limit);

    Optional<EpochView> find(Place epoch);

    /** How long a file is; empty when it is not there. */
    Optional<Long> size(ContentId file);

    /** A part of a file, counted from 0; empty after the last. */
    Optional<byte[]> part(ContentId file, int part);
}
