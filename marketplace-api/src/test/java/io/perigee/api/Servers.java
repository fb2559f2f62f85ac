package io.perigee.api;

import io.perigee.testkit.TestServers;
import io.perigee.testkit.sample.Parties;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;

/** Real PostgreSQL and a real broker for the application under test. */
public class Servers implements QuarkusTestResourceLifecycleManager {
    static final String TRAINER_IMAGE = "sha256:" + "5".repeat(64);

    @Override
    public Map<String, String> start() {
        var postgres = TestServers.postgres();
        var database = postgres.newDatabase();
        try {
            var home = Files.createTempDirectory("perigee-api-test-");
            var archive =
                    Files.writeString(home.resolve("strict.tar"), "stands for a docker-archive; nobody runs it here");
            var settings = new HashMap<String, String>();
            settings.put("perigee.database.port", Integer.toString(postgres.port()));
            settings.put("perigee.database.name", database);
            settings.put("perigee.database.user", "postgres");
            settings.put("perigee.database.password", "postgres");
            settings.put("perigee.kafka.bootstrap", TestServers.broker().bootstrap());
            settings.put("perigee.hub.address", Parties.HUB.address().value());
            settings.put("perigee.chain.id", "31337");
            settings.put("perigee.chain.escrow", Parties.DOMAIN.escrow().value());
            settings.put("perigee.chain.registry", "0x00000000000000000000000000000000000000b0");
            settings.put("perigee.chain.epochs", "0x00000000000000000000000000000000000000e0");
            settings.put("perigee.chain.token", Parties.TOKEN.value());
            settings.put("perigee.chain.window", "4");
            settings.put("perigee.chain.max-order", "86400");
            settings.put("perigee.chain.rpc-url", "http://127.0.0.1:1");
            settings.put("perigee.api.check-registry", "false");
            settings.put("perigee.api.artifacts.dir", home.resolve("artifacts").toString());
            settings.put("perigee.api.artifacts.builder-reserve", "1G");
            settings.put("perigee.api.trainers.strict.archive", archive.toString());
            settings.put("perigee.api.trainers.strict.image", TRAINER_IMAGE);
            // three of them without a word, and an agent is gone: more than a busy machine lets a test's agent wait
            settings.put("perigee.api.heartbeat", "2s");
            settings.put("perigee.api.events.keep-alive", "1s");
            settings.put("perigee.api.limits.json-time", "10s");
            settings.put("quarkus.http.read-timeout", "14s");
            settings.put("perigee.api.limits.requests-per-minute", "100000");
            settings.put("perigee.api.limits.sign-ins-per-minute", "100000");
            return settings;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop() {
        // the servers end with the JVM
    }
}
