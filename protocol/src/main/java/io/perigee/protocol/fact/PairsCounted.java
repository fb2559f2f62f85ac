package io.perigee.protocol.fact;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a decided job says of the bits of a numeric class; told once, and of no class whose bits are known to agree.
 *
 * @param equal segments that two owners ran to equal leaves
 * @param unexplained how often two owners differed and no verdict named the one who was wrong
 * @param differing those two; null where nobody differed, and in facts of before they were named
 */
public record PairsCounted(
        JobId jobId,
        Digest numericClass,
        int equal,
        int unexplained,
        @Nullable List<Address> differing) implements RecordFact {
    public PairsCounted {
        differing = differing == null ? null : List.copyOf(differing);
    }

    /** Where nobody differed. */
    public PairsCounted(JobId jobId, Digest numericClass, int equal) {
        this(jobId, numericClass, equal, 0, null);
    }
}
