package io.perigee.protocol.result;

import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Verdict;

/**
 * What an auditor signed of another's run, by which the contract pays both.
 *
 * @param signature the session key's, over the verdict
 */
public record KeptVerdict(Verdict verdict, Signature signature) {}
