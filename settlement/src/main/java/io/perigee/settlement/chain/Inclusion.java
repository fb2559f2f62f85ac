package io.perigee.settlement.chain;

import io.perigee.protocol.id.Digest;

/**
 * Where a transaction was mined. Not final: a reorganisation can undo it until it has enough confirmations.
 *
 * @param succeeded false when the contract reverted; the nonce and the gas are spent all the same
 */
public record Inclusion(Digest transaction, long block, Digest blockHash, boolean succeeded, long gasUsed) {}
