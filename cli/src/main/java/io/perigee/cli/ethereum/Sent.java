package io.perigee.cli.ethereum;

import java.math.BigInteger;

/**
 * A transaction that is in a block.
 *
 * @param fee what it cost, in wei
 */
public record Sent(String txHash, long block, long gasUsed, BigInteger fee) {}
