package io.perigee.cli.ethereum;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.rest.HubInfo;

/**
 * Where a market's contracts are, and what its money is. Of a hub that is hearsay, which a chain confirms before anything is
 * signed for money.
 */
public record Market(
        long chainId, Address hub, Address escrow, Address registry, Address token, int decimals, String symbol) {
    /** What a hub says. */
    public static Market of(HubInfo said) {
        return new Market(
                said.chainId(),
                said.hub(),
                said.escrow(),
                said.registry(),
                said.token(),
                said.tokenDecimals(),
                said.tokenSymbol());
    }

    public boolean hasPlayMoney() {
        return chainId == Chain.DEV_CHAIN;
    }
}
