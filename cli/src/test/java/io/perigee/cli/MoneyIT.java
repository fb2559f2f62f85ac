package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.perigee.contracts.Deployment;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.Signatures;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.rest.HubInfo;
import io.perigee.protocol.rest.ProviderPage;
import io.perigee.testkit.chain.Anvil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

/** The commands that speak to the chain, on a chain. The hub says where the contracts are and is then gone. */
class MoneyIT {
    private static final Address HUB = Address.parse("0x" + "ab".repeat(20));

    private static Anvil anvil;
    private static HubInfo info;

    @TempDir
    Path home;

    private String hubUrl = "";
    private HttpServer server;

    @BeforeAll
    static void deploy() throws IOException {
        anvil = Anvil.startAutomine();
        var web3j = Web3j.build(new HttpService(anvil.url()));
        var deployment = Deployment.deploy(
                web3j, Credentials.create(Anvil.FUNDED_KEYS.getFirst()), Duration.ofSeconds(5), Duration.ofHours(1));
        web3j.shutdown();
        info = new HubInfo(
                HUB,
                31337,
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

    /** The program meets the hub; from then on the hub's facts are remembered. */
    @BeforeEach
    void meetTheHub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1", exchange -> {
            var body = exchange.getRequestURI().getPath().endsWith("/hub")
                    ? Json.bytes(info)
                    : Json.bytes(new ProviderPage(List.of(), null));
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        hubUrl = "http://127.0.0.1:" + server.getAddress().getPort();
        assertThat(perigee("hub").exit()).isZero();
        assertThat(perigee("wallet", "create", "--save-password", "--light").exit())
                .isZero();
    }

    @AfterEach
    void stopTheHub() {
        server.stop(0);
    }

    @Test
    void shouldDepositAndAllotWithTheHubGone() {
        // given
        server.stop(0);
        assertThat(perigee("faucet", "--amount", "100").exit()).isZero();

        // when
        var run = perigee("deposit", "12.5", "--yes");

        // then
        assertThat(run.err()).contains("using what it said before");
        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("deposited", "allotted", "two transactions", "12.5 ptUSD");
        var balance = Json.read(perigee("balance", "--json").out(), JsonNode.class);
        assertThat(balance.path("tokens").asText()).isEqualTo("87500000");
        assertThat(balance.path("free").asText()).isEqualTo("0");
        assertThat(balance.path("allotted").asText()).isEqualTo("12500000");
    }

    @Test
    void shouldAskBeforeItMovesMoney() {
        perigee("faucet");
        var run = perigee("deposit", "1");
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("--yes");
        assertThat(Json.read(perigee("balance", "--json").out(), JsonNode.class)
                        .path("tokens")
                        .asText())
                .isEqualTo("1000000000");
    }

    @Test
    void shouldRefuseToDepositWhatIsNotThere() {
        perigee("faucet", "--amount", "1");
        var run = perigee("deposit", "2", "--yes");
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("it holds 1 ptUSD").contains("perigee faucet");
    }

    @Test
    void shouldSayThatGasIsMissing() {
        var run = perigee("provider", "create", "box", "--yes");
        assertThat(run.exit()).isEqualTo(ExitCode.CHAIN);
        assertThat(run.err()).contains("perigee faucet");
    }

    @Test
    void shouldAskBeforeItRegistersAMachine() {
        // given
        perigee("faucet");

        // when
        var run = perigee("provider", "create", "box");

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.out()).contains("register", "gas", "one transaction, at most");
        assertThat(run.err()).contains("--yes");
        assertThat(perigee("provider", "create", "box", "--yes").out()).contains("registered", "block");
        assertThat(perigee("provider", "create", "box").out()).contains("was already");
    }

    @Test
    void shouldShowWhatAnEnrolmentCostsBeforeItAsks() {
        // given
        perigee("faucet");
        var agent = home.resolve("agent").toString();

        // when
        var run = perigee("provider", "enroll", "--agent-home", agent, "--stake", "100");

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.out()).contains("register", "100 ptUSD", "gas", "two transactions, at most");
        assertThat(perigee("balance", "--json").out()).contains("\"stake\":\"0\"");
    }

    @Test
    void shouldRefuseAmountsFinerThanTheToken() {
        var run = perigee("deposit", "0.0000001", "--yes");
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("6 decimals");
    }

    @Test
    void shouldEnrolAnAgentSoThatTheHubBelievesIt() throws IOException {
        // given
        perigee("faucet");
        var agent = home.resolve("agent");

        // when
        var run = perigee("provider", "enroll", "--agent-home", agent.toString(), "--stake", "100", "--yes");

        // then
        assertThat(run.err()).doesNotContain("✘");
        assertThat(run.exit()).isZero();
        var enrolment = Json.read(Files.readAllBytes(agent.resolve("enrolment.json")), JsonNode.class);
        var key = Json.read(enrolment.path("sessionKey"), SessionKey.class);
        var signature = Signature.parse(enrolment.path("ownerSignature").asText());
        assertThat(Signatures.recover(key.digest(new Domain(31337, info.escrow())), signature))
                .isEqualTo(key.owner());
        assertThat(key.hub()).isEqualTo(HUB);
        assertThat(agent.resolve("session-key.json")).exists();
        assertThat(agent.resolve("session-key.password")).exists();
        assertThat(Json.read(perigee("balance", "--json").out(), JsonNode.class)
                        .path("stake")
                        .asText())
                .isEqualTo("100000000");
    }

    @Test
    void shouldEnrolAgainWithoutPayingTwice() throws IOException {
        // given
        perigee("faucet");
        var agent = home.resolve("agent").toString();
        perigee("provider", "enroll", "--agent-home", agent, "--stake", "100", "--yes");
        var before = serial();

        // when
        var run = perigee("provider", "enroll", "--agent-home", agent, "--stake", "100", "--yes");

        // then
        assertThat(run.out()).contains("was already");
        assertThat(serial()).isGreaterThan(before);
        assertThat(Json.read(perigee("balance", "--json").out(), JsonNode.class)
                        .path("stake")
                        .asText())
                .isEqualTo("100000000");
    }

    @Test
    void shouldRefuseAnotherChain() {
        var run = perigee("balance", "--rpc", "http://127.0.0.1:1");
        assertThat(run.exit()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(run.err()).contains("--rpc");
    }

    private int serial() throws IOException {
        return Json.read(Files.readAllBytes(home.resolve("agent/enrolment.json")), JsonNode.class)
                .path("sessionKey")
                .path("serial")
                .asInt();
    }

    private CliRun perigee(String... arguments) {
        var all = new java.util.ArrayList<>(List.of(arguments));
        all.addAll(List.of("--hub", hubUrl));
        return CliRun.of(home, all.toArray(String[]::new));
    }
}
