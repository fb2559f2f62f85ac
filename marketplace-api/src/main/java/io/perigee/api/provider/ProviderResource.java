package io.perigee.api.provider;

import io.perigee.api.problem.Refused;
import io.perigee.api.session.Anonymous;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.rest.ProviderPage;
import io.perigee.protocol.rest.ProviderView;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Who sells capacity here. */
@Path("/api/v1/providers")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Providers")
public final class ProviderResource {
    private static final int MOST = 100;

    private final OfferBook offers;

    ProviderResource(OfferBook offers) {
        this.offers = offers;
    }

    @GET
    @Anonymous
    @Operation(summary = "Providers and their offers, those online first, a page at a time")
    public Uni<ProviderPage> list(
            @QueryParam("cursor") @Nullable String cursor, @QueryParam("limit") @DefaultValue("20") String limit) {
        int size = size(limit);
        return offers.page(cursor == null ? ProviderCursor.START : ProviderCursor.parse(cursor), size + 1)
                .map(found -> page(found, size));
    }

    private static ProviderPage page(List<ProviderView> found, int size) {
        if (found.size() <= size) {
            return new ProviderPage(found, null);
        }
        var last = found.get(size - 1);
        var next = new ProviderCursor(last.online(), last.provider().value());
        return new ProviderPage(found.subList(0, size), next.text());
    }

    private static int size(String text) {
        int size = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : 0;
        if (size < 1 || size > MOST) {
            throw new Refused(
                    ErrorCode.MALFORMED,
                    "Expected 'limit' to be a whole number from 1 to %d, but it is something else".formatted(MOST));
        }
        return size;
    }
}
