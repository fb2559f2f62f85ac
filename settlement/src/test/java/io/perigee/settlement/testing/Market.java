package io.perigee.settlement.testing;

import io.perigee.contracts.Deployment;
import io.perigee.contracts.Epochs;
import io.perigee.contracts.Escrow;
import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.result.Payable;
import io.perigee.settlement.chain.Call;
import io.perigee.settlement.ethereum.EscrowCalls;
import io.perigee.settlement.ethereum.Rpc;
import io.perigee.testkit.chain.Anvil;
import io.perigee.testkit.process.Directories;
import io.perigee.testkit.process.Ports;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.web3j.abi.EventEncoder;
import org.web3j.crypto.Credentials;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.http.HttpService;
import org.web3j.tx.RawTransactionManager;
import org.web3j.tx.TransactionManager;
import org.web3j.tx.response.PollingTransactionReceiptProcessor;
import org.web3j.utils.Numeric;

/** The contracts on an anvil of their own, with a builder who has deposited and three owners who have staked. */
public final class Market implements AutoCloseable {
    public static final Duration WINDOW = Duration.ofSeconds(1);
    public static final Duration MAX_ORDER = Duration.ofHours(2);
    public static final long STAKE = 5_000_000;
    public static final long DEPOSIT = 100_000_000;
    public static final long ALLOTTED = 60_000_000;
    private static final String ETHER = "0x56bc75e2d63100000";

    public final Anvil anvil;
    public final Deployment deployment;
    public final Domain domain;
    public final KeyPair builder = key("builder");
    public final KeyPair hub = key("hub");
    public final KeyPair payer = key("payer");
    public final List<Owner> owners;
    public final Duration window;
    public final Duration maxOrder;
    private final Web3j web3j;

    private Market(Anvil anvil, Duration window, Duration maxOrder) {
        this.anvil = anvil;
        this.window = window;
        this.maxOrder = maxOrder;
        web3j = Web3j.build(new HttpService(anvil.url()));
        var deployer = funded(key("deployer"));
        try {
            deployment = Deployment.deploy(web3j, credentials(deployer), window, maxOrder);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        domain = new Domain(deployment.chainId(), Address.parse(deployment.escrow()));
        owners = List.of(owner(1), owner(2), owner(3));
        funded(payer);
        deposit(builder);
        allot(ALLOTTED);
        owners.forEach(this::enrol);
    }

    /** Mines a block five times a second, as fast as tests want it and as steadily as a real chain. */
    public static Market live() {
        return live(WINDOW, MAX_ORDER);
    }

    public static Market live(Duration window, Duration maxOrder) {
        return start(window, maxOrder, "--block-time", "0.2");
    }

    /** Deploys with automatic mining, then mines only when told. */
    public static Market still() {
        var market = start(WINDOW, MAX_ORDER);
        market.anvil.call("evm_setAutomine", false);
        return market;
    }

    /** Takes transactions into a block in the order in which they came; mines for each until it is told otherwise. */
    public static Market inOrder() {
        return start(WINDOW, MAX_ORDER, "--order", "fifo");
    }

    private static Market start(Duration window, Duration maxOrder, String... options) {
        var log = Directories.temporary("perigee-settlement-anvil-").resolve("anvil.log");
        var anvil = Anvil.start(log, Ports.free(), options);
        try {
            return new Market(anvil, window, maxOrder);
        } catch (RuntimeException e) {
            anvil.close();
            throw e;
        }
    }

    public Address escrowAddress() {
        return Address.parse(deployment.escrow());
    }

    public Address registryAddress() {
        return Address.parse(deployment.registry());
    }

    public Address token() {
        return Address.parse(deployment.token());
    }

    public Address epochsAddress() {
        return Address.parse(deployment.epochs());
    }

    public URI url() {
        return URI.create(anvil.url());
    }

    public Escrow escrow(KeyPair caller) {
        return deployment.escrow(web3j, manager(caller));
    }

    public void allot(long amount) {
        allot(builder, amount);
    }

    /** Another builder's. */
    public void allot(KeyPair other, long amount) {
        send(() -> escrow(other)
                .allot(hub.address().value(), deployment.token(), number(amount))
                .send());
    }

    public void deposit(KeyPair account) {
        mint(account, DEPOSIT);
        send(() -> deployment
                .token(web3j, manager(account))
                .approve(deployment.escrow(), number(DEPOSIT))
                .send());
        send(() -> escrow(account).deposit(deployment.token(), number(DEPOSIT)).send());
    }

    /** The hub has the payer settle its epochs, and the payer posts a bond for it. */
    public void openBook(long bond) {
        funded(hub);
        deposit(payer);
        send(() ->
                epochs(hub).appoint(payer.address().value(), deployment.token()).send());
        send(() -> epochs(payer)
                .open(hub.address().value(), deployment.token(), number(bond))
                .send());
    }

    public Epochs epochs(KeyPair caller) {
        return deployment.epochs(web3j, manager(caller));
    }

    /** What somebody may withdraw from the escrow. */
    public Amount free(Address holder) {
        return ask(() -> new Amount(
                escrow(builder).balanceOf(holder.value(), deployment.token()).send()));
    }

    /** How many demands of an epoch were answered on the chain. */
    public long answered(EpochId id) {
        var topics = List.of(
                EventEncoder.encode(Epochs.ANSWERED_EVENT),
                "0x" + "0".repeat(24) + id.hub().value().substring(2));
        var filter = Map.of("address", deployment.epochs(), "fromBlock", "0x0", "toBlock", "latest", "topics", topics);
        long found = 0;
        for (var log : anvil.call("eth_getLogs", filter)) {
            var number = log.path("data").asText().substring(2, 66);
            found += new BigInteger(number, 16).intValueExact() == id.number() ? 1 : 0;
        }
        return found;
    }

    /** Moves the chain's time to this instant, should it be before it, and mines a block there. */
    public void forwardTo(long second) {
        long left = second - time();
        if (left > 0) {
            anvil.call("evm_increaseTime", left);
        }
        mine(1);
    }

    public void recall(long amount) {
        send(() -> escrow(builder)
                .recall(hub.address().value(), deployment.token(), number(amount))
                .send());
    }

    public void setPayee(Owner owner, Address payee) {
        send(() -> deployment
                .registry(web3j, manager(owner.wallet()))
                .setPayee(payee.value())
                .send());
    }

    public Amount balance(Address holder) {
        return ask(() -> new Amount(deployment
                .token(web3j, manager(builder))
                .balanceOf(holder.value())
                .send()));
    }

    public Amount allotment() {
        return ask(() -> new Amount(escrow(builder)
                .allotment(builder.address().value(), hub.address().value(), deployment.token())
                .send()));
    }

    /** What somebody has deposited and not promised to anybody. */
    public Amount free(KeyPair depositor) {
        return ask(() -> new Amount(escrow(builder)
                .balanceOf(depositor.address().value(), deployment.token())
                .send()));
    }

    /** Gives tokens and lets the escrow take them. */
    public void fill(KeyPair holder, long amount) {
        mint(holder, amount);
        send(() -> deployment
                .token(web3j, manager(holder))
                .approve(deployment.escrow(), number(amount))
                .send());
    }

    public Amount stake(Owner owner) {
        return ask(() -> new Amount(deployment
                .registry(web3j, manager(builder))
                .stakeOf(owner.address().value())
                .send()));
    }

    public Amount spent(Digest orderHash) {
        return ask(() -> new Amount(escrow(builder).spent(orderHash.bytes()).send()));
    }

    public long minedCount(KeyPair key) {
        return Numeric.toBigInt(
                        anvil.call("eth_getTransactionCount", key.address().value(), "latest")
                                .asText())
                .longValue();
    }

    public long height() {
        return Numeric.toBigInt(anvil.call("eth_blockNumber").asText()).longValue();
    }

    /** The chain's own time, in epoch seconds. */
    public long time() {
        return Numeric.toBigInt(anvil.call("eth_getBlockByNumber", "latest", false)
                        .path("timestamp")
                        .asText())
                .longValue();
    }

    public void mine(int blocks) {
        anvil.call("anvil_mine", Numeric.encodeQuantity(BigInteger.valueOf(blocks)));
    }

    /** The token has a list of whom it pays nothing, as some have. Once only. */
    public void refuseTransfersTo(Address holder) {
        var inner = "0x" + "0".repeat(36) + "c0de";
        anvil.call(
                "anvil_setCode",
                inner,
                anvil.call("eth_getCode", deployment.token(), "latest").asText());
        // reverts transfer(holder, …), and has the token's own code do all else
        var code = "5f3560e01c63a9059cbb1460043573%s1416605557"
                        .formatted(holder.value().substring(2))
                + "365f5f375f5f365f73%s5af43d5f5f3e605157".formatted(inner.substring(2))
                + "3d5ffd5b3d5ff35b5f5ffd";
        anvil.call("anvil_setCode", deployment.token(), "0x" + code);
    }

    /** Replaces the newest blocks by empty ones; their transactions are gone. */
    public void reorg(int depth) {
        anvil.call("anvil_reorg", depth, List.of());
    }

    /** Another program sends a transaction with this key. */
    public void strangerUses(KeyPair key) {
        send(() -> deployment
                .token(web3j, manager(key))
                .approve(deployment.escrow(), BigInteger.ONE)
                .send());
    }

    /** The builder, or anybody, shows the evidence itself. */
    public void direct(Story story, Payable payable) {
        try (var rpc = new Rpc(url(), Duration.ofSeconds(5))) {
            var call =
                    new EscrowCalls(rpc, escrowAddress()).direct(story.order, builder.sign(story.orderHash()), payable);
            call(builder, call);
        }
    }

    /** Sends a call with somebody's key and waits until it is mined. */
    public void call(KeyPair caller, Call call) {
        send(() -> {
            var sent = manager(caller)
                    .sendEIP1559Transaction(
                            deployment.chainId(),
                            BigInteger.valueOf(1_000_000_000L),
                            BigInteger.valueOf(100_000_000_000L),
                            BigInteger.valueOf(12_000_000L),
                            call.to().value(),
                            Numeric.toHexString(call.data()),
                            BigInteger.ZERO);
            return new PollingTransactionReceiptProcessor(web3j, 20, 1_000)
                    .waitForTransactionReceipt(sent.getTransactionHash());
        });
    }

    public KeyPair funded(KeyPair key) {
        anvil.call("anvil_setBalance", key.address().value(), ETHER);
        return key;
    }

    public static KeyPair key(String name) {
        return KeyPair.ofSecret(word(name).bytes());
    }

    public static Digest word(String text) {
        return Keccak256.hash(("perigee.settlement.test." + text).getBytes(StandardCharsets.UTF_8));
    }

    private static Owner owner(int number) {
        var wallet = key("owner" + number);
        var salt = word("salt" + number);
        var padded = new byte[32];
        System.arraycopy(wallet.address().bytes(), 0, padded, 12, 20);
        return new Owner(
                wallet,
                key("session" + number),
                salt,
                ProviderId.of(Keccak256.hash(padded, salt.bytes()).bytes()));
    }

    /** One more than the three, with its stake; numbers from 4 on are free. */
    public Owner another(int number) {
        var owner = owner(number);
        enrol(owner);
        return owner;
    }

    private void enrol(Owner owner) {
        mint(owner.wallet(), STAKE);
        send(() -> deployment
                .token(web3j, manager(owner.wallet()))
                .approve(deployment.registry(), number(STAKE))
                .send());
        var registry = deployment.registry(web3j, manager(owner.wallet()));
        send(() -> registry.register(owner.salt().bytes()).send());
        send(() -> registry.stake(number(STAKE)).send());
    }

    /** The owner burns a serial of its provider's session keys. */
    public void revoke(Owner owner, int serial) {
        var registry = deployment.registry(web3j, manager(owner.wallet()));
        send(() -> registry.revokeKey(owner.provider().bytes(), number(serial)).send());
    }

    private void mint(KeyPair holder, long amount) {
        funded(holder);
        send(() -> deployment
                .token(web3j, manager(holder))
                .mint(holder.address().value(), number(amount))
                .send());
    }

    public TransactionManager manager(KeyPair caller) {
        return new RawTransactionManager(web3j, credentials(caller), deployment.chainId(), 1_000, 20);
    }

    private static Credentials credentials(KeyPair key) {
        return Credentials.create(Numeric.toHexString(key.secret()));
    }

    private static BigInteger number(long value) {
        return BigInteger.valueOf(value);
    }

    /** What web3j does may throw anything. */
    public interface Asking<T> {
        T ask() throws Exception;
    }

    public static <T> T ask(Asking<T> asking) {
        try {
            return asking.ask();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void send(Asking<?> sending) {
        ask(sending);
    }

    @Override
    public void close() {
        web3j.shutdown();
        anvil.close();
    }
}
