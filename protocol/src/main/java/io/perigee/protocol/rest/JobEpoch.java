package io.perigee.protocol.rest;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The epoch that pays a job.
 *
 * @param transaction that posted it; null until that is confirmed
 * @param finalAt when it is final unless somebody demands a line; W later then
 */
public record JobEpoch(int number, @Nullable String transaction, Instant finalAt) {}
