package io.perigee.api.epoch;

import io.perigee.api.epoch.EpochBook.Place;
import io.perigee.api.hub.HubFacts;
import io.perigee.api.problem.Refused;
import io.perigee.api.session.Anonymous;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.rest.EpochPage;
import io.perigee.protocol.rest.EpochView;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** This hub's epochs. Nobody signs in for them: whoever wants may check them against the chain. */
@Path("/api/v1/epochs")
@RunOnVirtualThread
@Tag(name = "Epochs")
public class EpochResource {
    private static final int MOST = 100;
    private static final Pattern CURSOR = Pattern.compile("([0-9]{1,10})-(0x[0-9a-f]{40})");

    private final EpochBook book;
    private final HubFacts hub;

    EpochResource(EpochBook book, HubFacts hub) {
        this.book = book;
        this.hub = hub;
    }

    @GET
    @Anonymous
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "The hub's epochs, newest first, a page at a time")
    public EpochPage list(
            @QueryParam("cursor") @Nullable String cursor, @QueryParam("limit") @DefaultValue("20") String limit) {
        int size = number("limit", limit, MOST);
        var found = book.page(after(cursor), size + 1);
        if (found.size() <= size) {
            return new EpochPage(found, null);
        }
        var last = found.get(size - 1);
        return new EpochPage(found.subList(0, size), last.number() + "-" + last.token());
    }

    @GET
    @Path("/{number}")
    @Anonymous
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "An epoch: its root, its sums, where it stands, and the file of its lines")
    public EpochView find(@PathParam("number") String number, @QueryParam("token") @Nullable String token) {
        return epoch(number, token);
    }

    @GET
    @Path("/{number}/file")
    @Anonymous
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    @Operation(summary = "An epoch's lines, from which root, debits and credits follow")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_OCTET_STREAM,
                            schema = @Schema(type = SchemaType.STRING, format = "binary")))
    public Response file(@PathParam("number") String number, @QueryParam("token") @Nullable String token) {
        var epoch = epoch(number, token);
        long size = book.size(epoch.file())
                .orElseThrow(() -> new Refused(
                        ErrorCode.NOT_FOUND,
                        "Expected to find the file of epoch '%s', but it is not here".formatted(number)));
        return Response.ok(body(epoch.file()))
                .type(MediaType.APPLICATION_OCTET_STREAM)
                .header(HttpHeaders.CONTENT_LENGTH, size)
                .header(HttpHeaders.ETAG, '"' + epoch.file().value() + '"')
                .header("X-Content-Type-Options", "nosniff")
                .build();
    }

    private StreamingOutput body(ContentId file) {
        return out -> {
            var bytes = book.part(file, 0);
            for (int part = 1; bytes.isPresent(); part++) {
                out.write(bytes.get());
                bytes = book.part(file, part);
            }
        };
    }

    private EpochView epoch(String number, @Nullable String token) {
        var place = new Place(number("number", number, Integer.MAX_VALUE), token == null ? hub.token() : token(token));
        return book.find(place)
                .orElseThrow(() -> new Refused(
                        ErrorCode.NOT_FOUND,
                        "Expected to find epoch %d in token '%s', but this hub has none"
                                .formatted(place.number(), place.token())));
    }

    private static Address token(String text) {
        try {
            return Address.parse(text);
        } catch (InvalidValue e) {
            throw new Refused(ErrorCode.MALFORMED, String.valueOf(e.getMessage()));
        }
    }

    private static Optional<Place> after(@Nullable String cursor) {
        if (cursor == null) {
            return Optional.empty();
        }
        var match = CURSOR.matcher(cursor);
        if (!match.matches()) {
            throw new Refused(
                    ErrorCode.MALFORMED,
                    "Expected 'cursor' to be the nextCursor of an earlier page, but it is something else");
        }
        return Optional.of(
                new Place(number("cursor", match.group(1), Integer.MAX_VALUE), Address.parse(match.group(2))));
    }

    private static int number(String name, String text, int most) {
        long value = text.matches("[0-9]{1,10}") ? Long.parseLong(text) : -1;
        if (value < 1 || value > most) {
            throw new Refused(
                    ErrorCode.MALFORMED,
                    "Expected '%s' to be a whole number from 1 to %d, but it is something else".formatted(name, most));
        }
        return (int) value;
    }
}
