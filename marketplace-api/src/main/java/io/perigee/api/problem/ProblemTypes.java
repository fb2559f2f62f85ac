package io.perigee.api.problem;

import io.perigee.api.session.Anonymous;
import io.perigee.protocol.error.ErrorCode;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What the {@code type} of a problem leads to. */
@Path("/api/v1/problems")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Problems")
public final class ProblemTypes {
    /** One kind of problem. */
    public record ProblemType(String code, String title, int status, boolean retryable, String hint) {}

    @GET
    @Anonymous
    @Operation(summary = "Every kind of problem this API answers with")
    public Uni<List<ProblemType>> all() {
        return Uni.createFrom().item(() -> Arrays.stream(ErrorCode.values())
                .map(ProblemTypes::describe)
                .toList());
    }

    @GET
    @Path("/{code}")
    @Anonymous
    @Operation(summary = "One kind of problem")
    public Uni<ProblemType> one(@PathParam("code") String code) {
        return Uni.createFrom().item(() -> Arrays.stream(ErrorCode.values())
                .filter(known -> known.name().equals(code))
                .findFirst()
                .map(ProblemTypes::describe)
                .orElseThrow(() -> new Refused(
                        ErrorCode.NOT_FOUND, "Expected to find a kind of problem, but there is none of that code")));
    }

    private static ProblemType describe(ErrorCode code) {
        return new ProblemType(code.name(), Problems.title(code), HttpStatus.of(code), code.retryable(), code.hint());
    }
}
