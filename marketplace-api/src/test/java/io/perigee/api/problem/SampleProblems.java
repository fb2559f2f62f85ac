package io.perigee.api.problem;

import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.rest.Problem;
import io.perigee.protocol.spec.Violation;
import java.util.List;

/** Problem documents as this process writes them, for the protocol's page. */
public final class SampleProblems {
    private SampleProblems() {}

    public static Problem of(ErrorCode code, String detail, List<Violation> violations, String traceId) {
        return Problems.of(code, detail, violations, traceId);
    }
}
