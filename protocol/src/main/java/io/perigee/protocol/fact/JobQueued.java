package io.perigee.protocol.fact;

import io.perigee.protocol.id.JobId;
import java.util.List;

/** No offer fits yet; each reason says how many offers it lost. */
public record JobQueued(JobId jobId, List<NoMatchReason> reasons) implements JobFact {
    public JobQueued {
        reasons = List.copyOf(reasons);
    }
}
