package io.perigee.cli.ethereum;

import io.perigee.contracts.Escrow;
import io.perigee.contracts.ProviderRegistry;
import io.perigee.contracts.TestToken;
import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.AbiWords;
import java.math.BigInteger;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.methods.response.VoidResponse;
import org.web3j.utils.Numeric;

/** A market's contracts, called with a user's wallet. Works with the hub gone. */
public final class Chain implements AutoCloseable {
    /** The chain id of anvil and hardhat: money there is play money. */
    public static final long DEV_CHAIN = 31337;

    private static final long PERMIT_SECONDS = 3_600;

    private final Node node;
    private final Market market;
    private final Sender sender;
    private final Contracts contracts;
    private final Logs logs;
    private final EpochBook epochs;
    private final CourtBook court;
    private final Escrow escrow;
    private final ProviderRegistry registry;
    private final TestToken token;

    /** @throws ChainFault when the endpoint does not answer, or is another chain than the market's */
    public Chain(URI rpc, Market market) {
        this.node = new Node(rpc);
        this.market = market;
        this.sender = new Sender(node, market.chainId());
        long found = node.get(node.web3j().ethChainId()).getChainId().longValueExact();
        if (found != market.chainId()) {
            node.close();
            throw new ChainFault(
                    ErrorCode.WRONG_CHAIN,
                    "Expected chain %d at '%s', but it is chain %d".formatted(market.chainId(), rpc, found),
                    "Name an endpoint of the right chain with --rpc");
        }
        this.contracts = new Contracts(node, market);
        this.logs = new Logs(node);
        this.epochs = new EpochBook(contracts, logs);
        this.court = new CourtBook(contracts, logs);
        this.escrow = contracts.escrow();
        this.registry = contracts.registry();
        this.token = contracts.token(market.token());
    }

    /** What an escrow says of its market, asked of the chain alone. */
    public static Market find(URI rpc, Address escrow, Optional<Address> token, Optional<Address> hub) {
        return Contracts.find(rpc, escrow, token, hub);
    }

    /** The escrow whose orders an epochs contract pays. */
    public static Address escrowOf(URI rpc, Address epochs) {
        return Contracts.escrowOf(rpc, epochs);
    }

    /**
     * Asks the contracts for what a hub says of them: amounts are read and shown by it.
     *
     * @throws ChainFault when they say otherwise
     */
    public void confirm() {
        var found = contracts.found();
        if (!found.equals(market)) {
            throw new ChainFault(
                    ErrorCode.WRONG_HUB,
                    "Expected the chain to have %s, as the hub says, but it has %s; nothing was signed"
                            .formatted(words(market), words(found)),
                    "Do not use this hub, or ask its operator; if you do not trust the endpoint, name another with --rpc");
        }
    }

    private static String words(Market market) {
        return "%s with %d decimals at %s and the registry %s"
                .formatted(market.symbol(), market.decimals(), market.token(), market.registry());
    }

    // ---- the parts

    public Funds funds() {
        return new Funds(contracts);
    }

    public Stakes stakes() {
        return new Stakes(contracts);
    }

    public Credits credits() {
        return new Credits(contracts, logs);
    }

    public EpochBook epochs() {
        return epochs;
    }

    public CourtBook court() {
        return court;
    }

    public Directs directs() {
        return new Directs(contracts, epochs, logs);
    }

    /** The chain's own time, which is what contracts go by. */
    public Instant now() {
        return logs.now();
    }

    /** What the call would take now; a call that would be refused is refused here, in the contract's words. */
    public long estimate(Address from, Call call) {
        return sender.estimate(from, call.to(), call.data());
    }

    /** Sends the call and waits until it is in a block. */
    public Sent send(KeyPair wallet, Call call) {
        return sender.send(wallet, call.to(), call.data());
    }

    public Market market() {
        return market;
    }

    public long block() {
        return node.get(node.web3j().ethBlockNumber()).getBlockNumber().longValueExact();
    }

    public Balances balances(Address who) {
        var escrowed = node.read(escrow.recalled(
                who.value(), market.hub().value(), market.token().value()));
        return new Balances(
                node.get(node.web3j().ethGetBalance(who.value(), DefaultBlockParameterName.LATEST))
                        .getBalance(),
                tokens(who),
                new Amount(
                        node.read(escrow.balanceOf(who.value(), market.token().value()))),
                new Amount(node.read(escrow.allotment(
                        who.value(), market.hub().value(), market.token().value()))),
                new Amount(escrowed.component1()),
                stake(who));
    }

    public Amount tokens(Address who) {
        return new Amount(node.read(token.balanceOf(who.value())));
    }

    public Amount stake(Address owner) {
        return new Amount(node.read(registry.stakeOf(owner.value())));
    }

    /** What calls of so much estimated gas may cost at most, in wei, unless the price of gas more than doubles until they are sent. */
    public BigInteger worstFee(long gas) {
        return sender.maxFee().multiply(Sender.limit(gas));
    }

    // ---- play money

    /** Gives a wallet coin for gas; dev chains only. */
    public void fund(Address who, BigInteger wei) {
        requireDev();
        var request = new Request<>(
                "anvil_setBalance",
                List.of(who.value(), Numeric.encodeQuantity(wei)),
                node.service(),
                VoidResponse.class);
        node.get(request);
    }

    /** Mints test tokens; dev chains only. */
    public Sent mint(KeyPair wallet, Amount amount) {
        requireDev();
        return sender.send(
                wallet,
                market.token(),
                token.mint(wallet.address().value(), amount.value()).encodeFunctionCall());
    }

    // ---- a builder's money

    /** Moves tokens from the wallet into the escrow, with a permit in place of an approval. */
    public Call deposit(KeyPair wallet, Amount amount) {
        long deadline = permitDeadline();
        var signature = permit(wallet, market.escrow(), market.token(), amount, deadline);
        return Call.of(
                market.escrow(),
                escrow.depositWithPermit(
                        market.token().value(),
                        amount.value(),
                        BigInteger.valueOf(deadline),
                        BigInteger.valueOf(signature.v()),
                        signature.r(),
                        signature.s()));
    }

    // ---- an owner's providers

    /** The id an owner's provider of this name has, registered or not: keccak256(abi.encode(owner, keccak256(name))). */
    public static ProviderId providerId(Address owner, String name) {
        return ProviderId.of(
                new AbiWords().address(owner).digest(salt(name)).keccak().bytes());
    }

    public boolean isRegistered(ProviderId provider) {
        return !node.read(registry.ownerOf(provider.bytes())).equals(Address.ZERO.value());
    }

    public Call register(String name) {
        return Call.of(market.registry(), registry.register(salt(name).bytes()));
    }

    /** Adds to the wallet's stake, with a permit in place of an approval. */
    public Call stake(KeyPair wallet, Amount amount) {
        long deadline = permitDeadline();
        var stakeToken = Address.parse(node.read(registry.stakeToken()));
        var signature = permit(wallet, market.registry(), stakeToken, amount, deadline);
        return Call.of(
                market.registry(),
                registry.stakeWithPermit(
                        amount.value(),
                        BigInteger.valueOf(deadline),
                        BigInteger.valueOf(signature.v()),
                        signature.r(),
                        signature.s()));
    }

    /** By the chain's own time, in epoch seconds. */
    private long permitDeadline() {
        return now().getEpochSecond() + PERMIT_SECONDS;
    }

    private Signature permit(KeyPair wallet, Address spender, Address of, Amount amount, long deadline) {
        var contract = contracts.token(of);
        var domain = node.read(contract.eip712Domain());
        var nonce = new Amount(node.read(contract.nonces(wallet.address().value())));
        return new Permit(wallet.address(), spender, amount, nonce, deadline)
                .sign(wallet, domain.component2(), domain.component3(), market.chainId(), of);
    }

    private static Digest salt(String name) {
        return Keccak256.hash(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private void requireDev() {
        if (market.chainId() != DEV_CHAIN) {
            throw new ChainFault(
                    ErrorCode.UNSUPPORTED,
                    "Expected a dev chain (%d), but this market is on chain %d".formatted(DEV_CHAIN, market.chainId()),
                    "Play money exists on dev chains only");
        }
    }

    @Override
    public void close() {
        node.close();
    }
}
