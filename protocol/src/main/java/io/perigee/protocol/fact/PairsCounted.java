package io.perigee.protocol.fact;

import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;

/**
 * What a decided job says of the bits of a numeric class; told once, and of no class whose bits are known to agree.
 *
 * @param equal segments that two owners ran to equal leaves
 * @param unexplained how often two owners differed and no verdict named the one who was wrong
 */
public record PairsCounted(JobId jobId, Digest numericClass, int equal, int unexplained) implements RecordFact {}
