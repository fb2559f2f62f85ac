package io.perigee.protocol.fact;

import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.result.Payable;

/**
 * The part that a given-up run leaves holds: it is paid when the job is over, and the next run begins where it ends.
 *
 * @param payable of this part alone
 * @param checkpoint manifest of the checkpoint at {@code payable.toBorder()}, from which the next run begins
 */
public record PartAccepted(JobId jobId, int attempt, Payable payable, ContentId checkpoint) implements JobFact {}
