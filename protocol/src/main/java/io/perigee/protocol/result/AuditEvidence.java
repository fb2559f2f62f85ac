package io.perigee.protocol.result;

import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Verdict;

/**
 * What one auditor did and says: its own run of a few segments, sealed before it knew what the provider says, and its
 * verdict upon the provider's commitment, by which the contract pays it.
 */
public record AuditEvidence(RunEvidence run, Verdict verdict, Signature signature) {}
