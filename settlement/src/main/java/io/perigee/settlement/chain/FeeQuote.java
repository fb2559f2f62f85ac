package io.perigee.settlement.chain;

import java.math.BigInteger;

/** What gas costs at the head, in wei: the base fee of the next block and the tip that others give. */
public record FeeQuote(BigInteger baseFee, BigInteger tip) {}
