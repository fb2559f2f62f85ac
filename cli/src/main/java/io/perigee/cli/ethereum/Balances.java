package io.perigee.cli.ethereum;

import io.perigee.protocol.id.Amount;
import java.math.BigInteger;

/**
 * A wallet's money in a market.
 *
 * @param coin the chain's own coin for gas, in wei
 * @param tokens in the wallet
 * @param free in the escrow, not allotted
 * @param allotted set aside for the hub
 * @param recalled on its way back from the hub
 * @param stake at stake as an owner
 */
public record Balances(BigInteger coin, Amount tokens, Amount free, Amount allotted, Amount recalled, Amount stake) {}
