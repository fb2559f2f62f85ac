package io.perigee.protocol.fact;

import io.perigee.protocol.id.JobId;
import java.time.Instant;

/**
 * The job will be paid by its order's epoch.
 *
 * @param epoch its number: that of the window in which the order's deadline falls
 * @param postedFrom when the epoch may first be posted, which is when that window ends
 * @param finalAt when it is final unless somebody demands a line; W later then
 */
public record EpochJoined(JobId jobId, int epoch, Instant postedFrom, Instant finalAt) implements JobFact {}
