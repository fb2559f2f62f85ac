package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.perigee.cli.view.PaperTerminal;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Keystore;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.rest.Challenge;
import io.perigee.protocol.rest.HubInfo;
import io.perigee.protocol.rest.SessionView;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenTest {
    private static final Instant LATER = Instant.parse("2040-01-01T00:00:00Z");
    private static final Address SOMEBODY = Address.parse("0x" + "2".repeat(40));

    @TempDir
    private Path home;

    private HttpServer hub;

    @BeforeEach
    void open() throws IOException {
        var random = new SecureRandom();
        Files.write(
                home.resolve("wallet.json"),
                Keystore.write(KeyPair.create(random), "secret", Keystore.Strength.LIGHT, random));
        Files.writeString(home.resolve("wallet.password"), "secret");
        hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hub.createContext("/api/v1", TokenTest::answer);
        hub.start();
    }

    @AfterEach
    void close() {
        hub.stop(0);
    }

    @Test
    void shouldPrintTheTokenAloneForScripts() {
        // when
        var run = CliRun.of(home, "token", "--hub", url());

        // then
        assertThat(run.exit()).isZero();
        assertThat(run.out()).isEqualTo("a-token\n");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void shouldSayInJsonUntilWhenItIsGood() {
        // when
        var run = CliRun.of(home, "token", "--json", "--hub", url());

        // then
        var printed = Json.read(run.out(), JsonNode.class);
        assertThat(printed.path("token").asText()).isEqualTo("a-token");
        assertThat(printed.path("expiresAt").asText()).isEqualTo(LATER.toString());
    }

    @Test
    void shouldWarnAPersonThatItIsASecret() {
        // given
        var terminal = new PaperTerminal(true);

        // when
        int exit = PerigeeCli.run(
                terminal, Map.of("PERIGEE_HOME", home.toString()), InstantSource.system(), "token", "--hub", url());

        // then
        assertThat(exit).isZero();
        assertThat(terminal.text()).isEqualTo("a-token\n");
        assertThat(terminal.errors()).contains("a secret until " + LATER);
    }

    private String url() {
        return "http://127.0.0.1:" + hub.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        Object answer =
                switch (exchange.getRequestURI().getPath().substring("/api/v1".length())) {
                    case "/sessions/challenges" -> new Challenge("0".repeat(64), "", LATER);
                    case "/sessions" -> new SessionView("a-token", LATER);
                    default ->
                        new HubInfo(
                                SOMEBODY,
                                31337,
                                SOMEBODY,
                                SOMEBODY,
                                SOMEBODY,
                                SOMEBODY,
                                "ptUSD",
                                6,
                                5,
                                3600,
                                "http://127.0.0.1:1",
                                List.of());
                };
        var bytes = Json.bytes(answer);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
