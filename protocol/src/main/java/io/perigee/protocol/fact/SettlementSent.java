package io.perigee.protocol.fact;

import io.perigee.protocol.id.JobId;

/**
 * A transaction was broadcast.
 *
 * @param purpose the unique key of the intent
 */
public record SettlementSent(JobId jobId, String purpose, String txHash) implements JobFact {}
