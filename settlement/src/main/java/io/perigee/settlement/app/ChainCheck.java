package io.perigee.settlement.app;

import io.perigee.protocol.id.Address;
import io.perigee.settlement.chain.EscrowViews;
import io.perigee.settlement.ethereum.EthereumNode;

/** Before anything is signed or promised: the node, the contracts and the settings speak of one and the same market. */
final class ChainCheck {
    private final EthereumNode node;
    private final EscrowViews views;

    ChainCheck(EthereumNode node, EscrowViews views) {
        this.node = node;
        this.views = views;
    }

    /**
     * @throws IllegalArgumentException naming the setting that differs
     * @throws io.perigee.settlement.chain.ChainUnavailable when the node does not answer
     */
    void require(ChainConfig chain) {
        expect("perigee.chain.id", chain.id(), node.chainId());
        var terms = views.terms();
        expect("perigee.chain.registry", Address.parse(chain.registry()), terms.registry());
        expect("perigee.chain.epochs", Address.parse(chain.epochs()), terms.epochs());
        expect("perigee.chain.window", chain.window(), terms.window());
        expect("perigee.chain.max-order", chain.maxOrder(), terms.maxOrder());
    }

    private static void expect(String setting, Object told, Object found) {
        if (!told.equals(found)) {
            throw new IllegalArgumentException(
                    "Expected %s to be what the chain says, %s, but it is %s".formatted(setting, found, told));
        }
    }
}
