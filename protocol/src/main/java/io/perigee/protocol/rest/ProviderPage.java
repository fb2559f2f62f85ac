package io.perigee.protocol.rest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Providers, those online first. Who comes or goes between two pages may be in both or in none. */
public record ProviderPage(
        List<ProviderView> items, @Nullable String nextCursor) {
    public ProviderPage {
        items = List.copyOf(items);
    }
}
