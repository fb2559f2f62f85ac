package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.contracts.Deployment;
import io.perigee.contracts.Epochs;
import io.perigee.contracts.Escrow;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Keystore;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.message.AbiWords;
import io.perigee.protocol.message.Domain;
import io.perigee.testkit.chain.Anvil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.web3j.crypto.Credentials;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.http.HttpService;
import org.web3j.tx.RawTransactionManager;
import org.web3j.tx.TransactionManager;
import org.web3j.utils.Numeric;

/** The contracts on a chain of their own, whose time a test moves; people use the program on it with no hub anywhere. */
final class DevMarket implements AutoCloseable {
    static final Duration WINDOW = Duration.ofHours(1);
    static final Duration MAX_ORDER = Duration.ofHours(2);
    private static final BigInteger MONEY = BigInteger.valueOf(1_000_000_000);

    final Anvil anvil = Anvil.startAutomine();
    final Web3j web3j = Web3j.build(new HttpService(anvil.url()));
    final KeyPair hub = key("hub");
    final KeyPair builder = key("builder");
    final List<Owner> owners = List.of(owner("one"), owner("two"), owner("three"));
    final Deployment deployment;
    final Domain domain;
    private final Path homes;

    /** Who stands behind one provider. */
    record Owner(String name, KeyPair wallet, KeyPair session, Digest salt, ProviderId provider) {
        Address address() {
            return wallet.address();
        }
    }

    /** @param homes where people keep their wallets */
    DevMarket(Path homes) {
        this.homes = homes;
        try {
            deployment = Deployment.deploy(web3j, Credentials.create(Anvil.FUNDED_KEYS.getFirst()), WINDOW, MAX_ORDER);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        domain = new Domain(deployment.chainId(), Address.parse(deployment.escrow()));
    }

    static KeyPair key(String name) {
        return KeyPair.ofSecret(word("key of " + name).bytes());
    }

    static Digest word(String text) {
        return Keccak256.hash(("perigee.cli.test." + text).getBytes(StandardCharsets.UTF_8));
    }

    private static Owner owner(String name) {
        var wallet = key(name);
        var salt = word("salt of " + name);
        var provider = new AbiWords().address(wallet.address()).digest(salt).keccak();
        return new Owner(name, wallet, key("session of " + name), salt, ProviderId.of(provider.bytes()));
    }

    Address token() {
        return Address.parse(deployment.token());
    }

    // ---- time

    /** The chain's own, in epoch seconds. */
    long time() {
        return Numeric.toBigInt(anvil.call("eth_getBlockByNumber", "latest", false)
                        .path("timestamp")
                        .asText())
                .longValue();
    }

    void advanceTo(long seconds) {
        if (seconds > time()) {
            anvil.call("evm_setNextBlockTimestamp", seconds);
            anvil.call("evm_mine");
        }
    }

    void advance(Duration duration) {
        advanceTo(time() + duration.toSeconds());
    }

    // ---- people

    /** A home with this key in its wallet. */
    Path home(String name, KeyPair key) {
        var home = homes.resolve(name);
        if (!Files.exists(home.resolve("wallet.json"))) {
            try {
                Files.createDirectories(home);
                Files.write(
                        home.resolve("wallet.json"),
                        Keystore.write(key, "secret", Keystore.Strength.LIGHT, new SecureRandom()));
                Files.writeString(home.resolve("wallet.password"), "secret");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return home;
    }

    /** A command of somebody who knows an endpoint and an escrow, and no hub. */
    CliRun perigee(String name, KeyPair key, String... words) {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--rpc", anvil.url(), "--escrow", deployment.escrow()));
        all.addAll(List.of("--hub-address", hub.address().value()));
        if (!all.contains("--hub")) {
            all.addAll(List.of("--hub", "http://127.0.0.1:1"));
        }
        return CliRun.of(home(name, key), all.toArray(String[]::new));
    }

    CliRun perigee(Owner owner, String... words) {
        return perigee(owner.name(), owner.wallet(), words);
    }

    /** The document of a command that must succeed. */
    JsonNode ask(String name, KeyPair key, String... words) {
        var all = new ArrayList<>(List.of(words));
        all.add("--json");
        var run = perigee(name, key, all.toArray(String[]::new));
        assertThat(run.exit()).as(run.err()).isZero();
        return Json.read(run.out(), JsonNode.class);
    }

    JsonNode ask(Owner owner, String... words) {
        return ask(owner.name(), owner.wallet(), words);
    }

    // ---- the market

    /** Coin and tokens for somebody. */
    void fund(KeyPair who) {
        anvil.call("anvil_setBalance", who.address().value(), "0x56bc75e2d63100000");
        sent(() -> deployment
                .token(web3j, manager(who))
                .mint(who.address().value(), MONEY)
                .send());
    }

    /** Deposits into the free balance. */
    void deposit(KeyPair who, long amount) {
        sent(() -> deployment
                .token(web3j, manager(who))
                .approve(deployment.escrow(), BigInteger.valueOf(amount))
                .send());
        sent(() -> escrow(who)
                .deposit(deployment.token(), BigInteger.valueOf(amount))
                .send());
    }

    /** Registers every owner's provider, and gives the builder an allotment to the hub. */
    void open(long allotment) {
        fund(builder);
        deposit(builder, allotment);
        sent(() -> escrow(builder)
                .allot(hub.address().value(), deployment.token(), BigInteger.valueOf(allotment))
                .send());
        for (var owner : owners) {
            fund(owner.wallet());
            sent(() -> deployment
                    .registry(web3j, manager(owner.wallet()))
                    .register(owner.salt().bytes())
                    .send());
        }
    }

    /** The token transfers no such amount any more, whoever gets it. Once only. */
    void refuseTransfersOf(long amount) {
        var inner = "0x" + "0".repeat(36) + "c0de";
        anvil.call(
                "anvil_setCode",
                inner,
                anvil.call("eth_getCode", deployment.token(), "latest").asText());
        // reverts transfer(…, amount), and has the token's own code do all else
        var code = "5f3560e01c63a9059cbb1460243573%040x1416605557".formatted(amount)
                + "365f5f375f5f365f73%s5af43d5f5f3e605157".formatted(inner.substring(2))
                + "3d5ffd5b3d5ff35b5f5ffd";
        anvil.call("anvil_setCode", deployment.token(), "0x" + code);
    }

    Escrow escrow(KeyPair who) {
        return deployment.escrow(web3j, manager(who));
    }

    Epochs epochs(KeyPair who) {
        return Epochs.load(
                sent(() -> escrow(who).epochs().send()), web3j, manager(who), Deployment.gas(deployment.chainId()));
    }

    BigInteger free(Address who) {
        return sent(
                () -> escrow(builder).balanceOf(who.value(), deployment.token()).send());
    }

    BigInteger tokens(Address who) {
        return sent(() ->
                deployment.token(web3j, manager(builder)).balanceOf(who.value()).send());
    }

    TransactionManager manager(KeyPair who) {
        return new RawTransactionManager(
                web3j, Credentials.create(Numeric.toHexString(who.secret())), deployment.chainId(), 1_000, 20);
    }

    /** What web3j does may throw anything. */
    interface Asking<T> {
        T ask() throws Exception;
    }

    static <T> T sent(Asking<T> asking) {
        try {
            return asking.ask();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        web3j.shutdown();
        anvil.close();
    }
}
