package io.perigee.api.artifact;

import io.perigee.api.problem.Refused;
import io.perigee.api.session.CurrentCaller;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.ContentId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.EOFException;
import java.io.IOException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Reading artifacts. Content never changes under its name, so it may be kept for ever. */
@Path("/api/v1/artifacts")
@RunOnVirtualThread
@Tag(name = "Artifacts")
public class ArtifactResource {
    private static final int CHUNK = 64 * 1024;

    private final Artifacts artifacts;
    private final CurrentCaller caller;

    ArtifactResource(Artifacts artifacts, CurrentCaller caller) {
        this.artifacts = artifacts;
        this.caller = caller;
    }

    @GET
    @Path("/{id}")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    @Operation(summary = "Read an artifact, or a Range of it")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_OCTET_STREAM,
                            schema =
                                    @Schema(
                                            type = org.eclipse.microprofile.openapi.annotations.enums.SchemaType.STRING,
                                            format = "binary")))
    @APIResponse(responseCode = "206", description = "The range")
    public Response read(
            @PathParam("id") String text,
            @HeaderParam("Range") @Nullable String range,
            @HeaderParam("If-None-Match") @Nullable String known)
            throws IOException {
        var id = id(text);
        var size = artifacts.size(caller.get(), id);
        if (tag(id).equals(known)) {
            return Response.notModified().header(HttpHeaders.ETAG, tag(id)).build();
        }
        return switch (ByteRange.parse(range, size)) {
            case ByteRange.Asked.Everything _ ->
                described(Response.ok(), id, size)
                        .entity(body(id, new ByteRange(0, size)))
                        .build();
            case ByteRange.Asked.Part(var part) ->
                described(Response.status(206), id, part.length())
                        .header("Content-Range", "bytes %d-%d/%d".formatted(part.first(), part.last(), size))
                        .entity(body(id, part))
                        .build();
            case ByteRange.Asked.Unsatisfiable _ ->
                throw new WebApplicationException(Response.status(416)
                        .header("Content-Range", "bytes */" + size)
                        .build());
        };
    }

    @HEAD
    @Path("/{id}")
    @Operation(summary = "Whether an artifact is there, and how large it is")
    public Response probe(@PathParam("id") String text) throws IOException {
        var id = id(text);
        return described(Response.ok(), id, artifacts.size(caller.get(), id)).build();
    }

    private StreamingOutput body(ContentId id, ByteRange range) {
        return out -> {
            try (var in = artifacts.open(id, range.first())) {
                var buffer = new byte[CHUNK];
                for (long left = range.length(); left > 0; ) {
                    var count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                    if (count < 0) {
                        throw new EOFException("content is shorter than it was");
                    }
                    out.write(buffer, 0, count);
                    left -= count;
                }
            }
        };
    }

    private static Response.ResponseBuilder described(Response.ResponseBuilder response, ContentId id, long length) {
        return response.type(MediaType.APPLICATION_OCTET_STREAM)
                .header(HttpHeaders.CONTENT_LENGTH, length)
                .header(HttpHeaders.ETAG, tag(id))
                .header("Accept-Ranges", "bytes")
                .header("X-Content-Type-Options", "nosniff")
                .header(HttpHeaders.CACHE_CONTROL, "private, max-age=31536000, immutable");
    }

    private static String tag(ContentId id) {
        return '"' + id.value() + '"';
    }

    private static ContentId id(String text) {
        try {
            return ContentId.parse(text);
        } catch (InvalidValue invalid) {
            throw new Refused(ErrorCode.NOT_FOUND, String.valueOf(invalid.getMessage()));
        }
    }
}
