package io.perigee.protocol.rest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Jobs, newest first. */
public record JobPage(List<JobView> items, @Nullable String nextCursor) {
    public JobPage {
        items = List.copyOf(items);
    }
}
