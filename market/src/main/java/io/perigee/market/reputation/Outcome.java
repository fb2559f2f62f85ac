package io.perigee.market.reputation;

import io.perigee.protocol.fact.OutcomeKind;
import io.perigee.protocol.id.JobId;
import java.time.Instant;

/** One verified outcome; opinions and ratings are none. */
public record Outcome(JobId job, int attempt, OutcomeKind kind, Instant at) {}
