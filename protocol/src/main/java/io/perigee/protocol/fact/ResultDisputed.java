package io.perigee.protocol.fact;

import io.perigee.protocol.id.JobId;
import java.util.List;

/** Openings of one border differ. */
public record ResultDisputed(JobId jobId, int border, List<Integer> attempts, String detail) implements JobFact {
    public ResultDisputed {
        attempts = List.copyOf(attempts);
    }
}
