package io.perigee.protocol.fact;

import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Verdict;

/**
 * An auditor's session key signed that a run holds.
 *
 * @param attempt the auditor's
 */
public record VerdictSigned(JobId jobId, int attempt, Verdict verdict, Signature signature) implements JobFact {}
