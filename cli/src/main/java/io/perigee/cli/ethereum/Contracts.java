package io.perigee.cli.ethereum;

import io.perigee.contracts.Court;
import io.perigee.contracts.Epochs;
import io.perigee.contracts.Escrow;
import io.perigee.contracts.ProviderRegistry;
import io.perigee.contracts.TestToken;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Address;
import java.math.BigInteger;
import java.net.URI;
import java.util.Optional;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.tx.ReadonlyTransactionManager;
import org.web3j.tx.TransactionManager;
import org.web3j.tx.gas.ContractGasProvider;
import org.web3j.tx.gas.StaticGasProvider;

/** The generated wrappers, which read and encode here and never sign. */
final class Contracts {
    private static final ContractGasProvider NO_GAS = new StaticGasProvider(BigInteger.ZERO, BigInteger.ZERO);

    private final Node node;
    private final TransactionManager reader;
    private final Market market;

    Contracts(Node node, Market market) {
        this.node = node;
        this.market = market;
        this.reader = new ReadonlyTransactionManager(node.web3j(), Address.ZERO.value());
    }

    /**
     * What an escrow says of its market.
     *
     * @param token what orders are paid in; without it the stake's
     * @param hub whose orders are meant; without it none's
     */
    static Market find(URI rpc, Address escrow, Optional<Address> token, Optional<Address> hub) {
        try (var node = new Node(rpc)) {
            long chainId = node.get(node.web3j().ethChainId()).getChainId().longValueExact();
            var code = node.get(node.web3j().ethGetCode(escrow.value(), DefaultBlockParameterName.LATEST))
                    .getCode();
            if (code.length() <= 2) {
                throw new ChainFault(
                        ErrorCode.NOT_FOUND,
                        "Expected an escrow at '%s' on chain %d, but there is no contract".formatted(escrow, chainId),
                        "Check --escrow and --rpc");
            }
            var unknown = new Market(chainId, Address.ZERO, escrow, Address.ZERO, Address.ZERO, 0, "");
            var registry = Address.parse(
                    node.read(new Contracts(node, unknown).escrow().registry()));
            var staked = new Market(chainId, hub.orElse(Address.ZERO), escrow, registry, Address.ZERO, 0, "");
            var contracts = new Contracts(node, staked);
            var money = token.orElseGet(
                    () -> Address.parse(node.read(contracts.registry().stakeToken())));
            return new Contracts(node, new Market(chainId, staked.hub(), escrow, registry, money, 0, "")).found();
        }
    }

    /** The market as its contracts have it. */
    Market found() {
        var money = token(market.token());
        return new Market(
                market.chainId(),
                market.hub(),
                market.escrow(),
                Address.parse(node.read(escrow().registry())),
                market.token(),
                node.read(money.decimals()).intValueExact(),
                node.read(money.symbol()));
    }

    static Address escrowOf(URI rpc, Address epochs) {
        try (var node = new Node(rpc)) {
            var unknown = new Market(1, Address.ZERO, Address.ZERO, Address.ZERO, Address.ZERO, 0, "");
            return Address.parse(
                    node.read(new Contracts(node, unknown).epochs(epochs).escrow()));
        }
    }

    Market market() {
        return market;
    }

    Node node() {
        return node;
    }

    Escrow escrow() {
        return Escrow.load(market.escrow().value(), node.web3j(), reader, NO_GAS);
    }

    ProviderRegistry registry() {
        return ProviderRegistry.load(market.registry().value(), node.web3j(), reader, NO_GAS);
    }

    TestToken token(Address which) {
        return TestToken.load(which.value(), node.web3j(), reader, NO_GAS);
    }

    Court court(Address where) {
        return Court.load(where.value(), node.web3j(), reader, NO_GAS);
    }

    Epochs epochs(Address where) {
        return Epochs.load(where.value(), node.web3j(), reader, NO_GAS);
    }
}
