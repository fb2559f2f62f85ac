package io.perigee.scheduler.job;

import io.perigee.market.lifecycle.Job;
import org.jspecify.annotations.Nullable;

/**
 * A job, locked by the transaction that read it.
 *
 * @param job null while it has no fact
 * @param version how many facts it has
 * @param trace of its submission
 */
public record StoredJob(@Nullable Job job, int version, String trace) {}
