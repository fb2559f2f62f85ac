package io.perigee.settlement.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.crypto.Keystore;
import io.perigee.protocol.id.Address;
import io.perigee.settlement.app.Settings;
import io.perigee.settlement.app.Settlement;
import io.perigee.settlement.app.SettlementMain;
import io.perigee.testkit.TestServers;
import io.perigee.testkit.postgres.PostgresServer;
import io.perigee.testkit.process.Child;
import io.perigee.testkit.process.Directories;
import io.perigee.testkit.process.Jvm;
import io.perigee.testkit.signer.SignerServer;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The settlement service of one market and one database, in this JVM or as a process that a crash point may kill. */
public final class Service {
    private static final String PASSWORD = "test";
    private static final int KILLED = 137;

    private final Map<String, String> values = new LinkedHashMap<>();
    private final Path home = Directories.temporary("perigee-settlement-it-");
    private final Address payer;
    private int runs;

    public Service(Market market, int confirmations) {
        payer = market.payer.address();
        var server = TestServers.postgres();
        values.put("perigee.database.host", "127.0.0.1");
        values.put("perigee.database.port", Integer.toString(server.port()));
        values.put("perigee.database.name", server.newDatabase());
        values.put("perigee.database.user", PostgresServer.USER);
        values.put("perigee.database.password", PostgresServer.PASSWORD);
        values.put("perigee.kafka.bootstrap", TestServers.broker().bootstrap());
        values.put("perigee.hub.address", market.hub.address().value());
        values.put("perigee.chain.id", Long.toString(market.domain.chainId()));
        values.put("perigee.chain.escrow", market.deployment.escrow());
        values.put("perigee.chain.registry", market.deployment.registry());
        values.put("perigee.chain.epochs", market.deployment.epochs());
        values.put("perigee.chain.token", market.deployment.token());
        values.put("perigee.chain.rpc-url", market.anvil.url());
        values.put("perigee.chain.window", market.window.toSeconds() + "s");
        values.put("perigee.chain.max-order", market.maxOrder.toSeconds() + "s");
        values.put("perigee.settlement.key-file", home.resolve("key.json").toString());
        values.put(
                "perigee.settlement.key-password-file", home.resolve("password").toString());
        values.put("perigee.settlement.confirmations", Integer.toString(confirmations));
        values.put("perigee.settlement.ops-port", "0");
        values.put("perigee.settlement.poll", "100ms");
        values.put("perigee.settlement.park-first", "500ms");
        values.put("perigee.settlement.rebroadcast", "1s");
        values.put("perigee.settlement.ledger-check", "1s");
        try {
            var random = new SecureRandom();
            Files.write(
                    home.resolve("key.json"), Keystore.write(market.payer, PASSWORD, Keystore.Strength.LIGHT, random));
            Files.writeString(home.resolve("password"), PASSWORD + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Service with(String setting, String value) {
        values.put(setting, value);
        return this;
    }

    /** A remote signer with the payer's key, in place of the key file. */
    public SignerServer withSigner() {
        try {
            var signer = SignerServer.start(PASSWORD, Files.readAllBytes(home.resolve("key.json")));
            values.remove("perigee.settlement.key-file");
            values.remove("perigee.settlement.key-password-file");
            values.put("perigee.settlement.signer-url", signer.url().toString());
            values.put("perigee.settlement.signer-address", payer.value());
            values.put("perigee.settlement.signer-timeout", "3s");
            return signer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Settings settings() {
        return Settings.of(values);
    }

    public Settlement start() {
        return Settlement.start(settings(), Clock.systemUTC());
    }

    /** Runs it as a process of its own until it dies at the named crash point as by {@code kill -9}. */
    public void crashAt(String point) {
        var process = startProcess(point);
        assertThat(process.awaitEnd(JobLog.PATIENCE))
                .as(point + "\n" + process.logTail(40))
                .isTrue();
        assertThat(process.exitStatus()).as(point + "\n" + process.logTail(40)).isEqualTo(KILLED);
    }

    /** Starts it as a process of its own that dies at the named crash point; at none when that is empty. */
    public Child startProcess(String point) {
        var words = new ArrayList<>(List.of(
                Jvm.program(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xss512k", "-Xms24m", "-Xmx96m"));
        values.forEach((name, value) -> words.add("-D" + name + "=" + value));
        words.addAll(List.of("-cp", classPath(), SettlementMain.class.getName()));
        var command = new Child.Command("settlement", words, home.resolve("settlement-" + runs++ + ".log"));
        return Child.start(command.withEnvironment(Map.of("PERIGEE_CRASH_AT", point, "PERIGEE_LOG_LEVEL", "INFO")));
    }

    /** Without the broker's logging, which production does not have either. */
    private static String classPath() {
        return Stream.of(Jvm.classPath().split(File.pathSeparator))
                .filter(entry -> !entry.contains("log4j"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
