package io.perigee.protocol.rest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Epochs, newest first. */
public record EpochPage(List<EpochView> items, @Nullable String nextCursor) {
    public EpochPage {
        items = List.copyOf(items);
    }
}
