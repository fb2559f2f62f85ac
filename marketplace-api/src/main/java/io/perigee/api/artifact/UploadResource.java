package io.perigee.api.artifact;

import io.perigee.api.problem.Refused;
import io.perigee.api.session.CurrentCaller;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.rest.UploadRequest;
import io.perigee.protocol.rest.UploadView;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerResponse;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Sending artifacts: announce, then send from wherever the last request ended. */
@Path("/api/v1/artifacts/uploads")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Artifacts")
public class UploadResource {
    private static final String OFFSET = "Upload-Offset";

    private final Artifacts artifacts;
    private final CurrentCaller caller;

    UploadResource(Artifacts artifacts, CurrentCaller caller) {
        this.artifacts = artifacts;
        this.caller = caller;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @ResponseStatus(201)
    @APIResponseSchema(value = UploadView.class, responseCode = "201")
    @Operation(summary = "Announce an artifact; one that is stored already answers complete at once")
    public UploadView announce(UploadRequest request, @Context HttpServerResponse response) throws IOException {
        return view(artifacts.announce(caller.get(), request), response);
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "How far an upload is")
    public UploadView find(@PathParam("id") String id, @Context HttpServerResponse response) throws IOException {
        return view(artifacts.find(caller.get(), id(id)), response);
    }

    @HEAD
    @Path("/{id}")
    @Operation(summary = "How far an upload is, in the header Upload-Offset")
    @ResponseStatus(200)
    @APIResponse(responseCode = "200", description = "Its offset is in the headers")
    public void probe(@PathParam("id") String id, @Context HttpServerResponse response) throws IOException {
        view(artifacts.find(caller.get(), id(id)), response);
    }

    @PATCH
    @Path("/{id}")
    @Consumes(MediaType.APPLICATION_OCTET_STREAM)
    @Operation(summary = "Send bytes from Upload-Offset on; what arrived before a break is kept")
    public UploadView append(
            @PathParam("id") String id,
            @HeaderParam(OFFSET) @Nullable String offset,
            InputStream bytes,
            @Context HttpServerResponse response)
            throws IOException {
        return view(artifacts.append(caller.get(), id(id), offset(offset), bytes), response);
    }

    private static UploadView view(Artifacts.Progress progress, HttpServerResponse response) {
        var upload = progress.upload();
        response.putHeader(OFFSET, Long.toString(progress.offset()))
                .putHeader("Upload-Length", Long.toString(upload.size()))
                .putHeader("Cache-Control", "no-store");
        return new UploadView(
                upload.id().toString(), upload.content(), upload.size(), progress.offset(), upload.complete());
    }

    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new Refused(ErrorCode.NOT_FOUND, "Expected to find an upload by its UUID, but the path holds none");
        }
    }

    private static long offset(@Nullable String text) {
        if (text == null || !text.matches("[0-9]{1,18}")) {
            throw new Refused(
                    ErrorCode.MALFORMED,
                    "Expected the header Upload-Offset to say where the bytes start, but it does not");
        }
        return Long.parseLong(text);
    }
}
