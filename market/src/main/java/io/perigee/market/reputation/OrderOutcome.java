package io.perigee.market.reputation;

import io.perigee.protocol.fact.OrderOutcomeKind;
import io.perigee.protocol.id.JobId;
import java.time.Instant;

/** How one order of a builder ended for those who served it; opinions and ratings are none. */
public record OrderOutcome(JobId job, OrderOutcomeKind kind, Instant at) {}
