package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.contracts.Deployment;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Keystore;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.rest.HubInfo;
import io.perigee.testkit.chain.Anvil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.web3j.crypto.Credentials;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.http.HttpService;

/** What a hub says of the money, and what the contracts say, on a chain that is no development chain. */
class ConfirmedMoneyIT {
    private static final Address HUB = Address.parse("0x" + "ab".repeat(20));
    private static final KeyPair WALLET = DevMarket.key("confirmed");
    private static final long CHAIN = 5;

    private static Anvil anvil;
    private static HubInfo truth;

    @TempDir
    Path home;

    @TempDir
    Path jobs;

    private QuotingHub hub;

    @BeforeAll
    static void deploy() throws IOException {
        anvil = Anvil.startAutomine();
        var web3j = Web3j.build(new HttpService(anvil.url()));
        var deployment = Deployment.deploy(
                web3j, Credentials.create(Anvil.FUNDED_KEYS.getFirst()), Duration.ofSeconds(5), Duration.ofHours(1));
        web3j.shutdown();
        anvil.call("anvil_setChainId", CHAIN);
        truth = new HubInfo(
                HUB,
                CHAIN,
                Address.parse(deployment.escrow()),
                Address.parse(deployment.registry()),
                Address.parse(deployment.epochs()),
                Address.parse(deployment.token()),
                "ptUSD",
                6,
                5,
                3600,
                anvil.url(),
                List.of());
    }

    @AfterAll
    static void stop() {
        anvil.close();
    }

    @BeforeEach
    void open() throws IOException {
        Files.write(
                home.resolve("wallet.json"),
                Keystore.write(WALLET, "secret", Keystore.Strength.LIGHT, new SecureRandom()));
        Files.writeString(home.resolve("wallet.password"), "secret");
        Files.writeString(jobs.resolve("job.yaml"), QuotingHub.job("a"));
        hub = new QuotingHub(truth, WALLET.address());
    }

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void shouldSignWhatTheChainConfirmsAndAskItOnce() {
        // given
        assertThat(submit().exit()).isZero();
        hub.says(at("http://127.0.0.1:1"));

        // when
        var run = submit();

        // then
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(hub.submitted)
                .hasSize(2)
                .allSatisfy(job -> assertThat(job.order().maxPayment()).isEqualTo(Amount.of(2_500_000)));
    }

    @Test
    void shouldSignNoOrderByDecimalsThatAreNotTheTokens() {
        // given
        hub.says(QuotingHub.with(truth, CHAIN, 8));

        // when
        var one = submit();
        var many = perigee("submit", "--batch", jobs.toString(), "--yes");

        // then
        for (var run : List.of(one, many)) {
            assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
            assertThat(run.err()).contains("WRONG_HUB", "ptUSD with 8 decimals", "ptUSD with 6 decimals");
        }
        assertThat(hub.submitted).isEmpty();
        assertThat(hub.batches).isEmpty();
    }

    @Test
    void shouldSignNoPermitByDecimalsThatAreNotTheTokens() {
        // given
        hub.says(QuotingHub.with(truth, CHAIN, 8));

        // when
        var run = perigee("deposit", "10", "--yes");

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("WRONG_HUB", "nothing was signed");
    }

    @Test
    void shouldRefuseATokenByAnotherNameAndAnotherRegistry() {
        hub.says(of("USDC", truth.registry()));
        assertThat(submit().err()).contains("WRONG_HUB", "USDC with 6 decimals");
        hub.says(of("ptUSD", HUB));
        assertThat(perigee("balance").err()).contains("WRONG_HUB");
        assertThat(hub.submitted).isEmpty();
    }

    @Test
    void shouldForgetNothingOfWhatIsConfirmedWhenTheHubIsForgotten() throws IOException {
        // given
        submit();
        try (var known = Files.list(home.resolve("hubs"))) {
            Files.delete(known.findFirst().orElseThrow());
        }
        hub.says(QuotingHub.with(at("http://127.0.0.1:1"), CHAIN, 8));

        // when
        var run = submit();

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(hub.submitted).hasSize(1);
    }

    private static HubInfo at(String rpc) {
        return of(truth.tokenSymbol(), truth.registry(), rpc);
    }

    private static HubInfo of(String symbol, Address registry) {
        return of(symbol, registry, truth.rpcUrl());
    }

    private static HubInfo of(String symbol, Address registry, String rpc) {
        return new HubInfo(
                HUB,
                CHAIN,
                truth.escrow(),
                registry,
                truth.epochs(),
                truth.token(),
                symbol,
                6,
                5,
                3600,
                rpc,
                List.of());
    }

    private CliRun submit() {
        return perigee("submit", jobs.resolve("job.yaml").toString(), "--yes");
    }

    private CliRun perigee(String... words) {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--hub", hub.url()));
        return CliRun.of(home, all.toArray(String[]::new));
    }
}
