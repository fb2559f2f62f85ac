package io.perigee.cli.ethereum;

import io.perigee.protocol.id.Address;

/** Where a market's contracts are, as a hub says; checked against the chain before anything is signed. */
public record Market(
        long chainId, Address hub, Address escrow, Address registry, Address token, int decimals, String symbol) {}
