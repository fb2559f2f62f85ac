package io.perigee.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.testkit.chain.Anvil;
import io.perigee.testkit.kafka.Broker;
import io.perigee.testkit.postgres.PostgresServer;
import io.perigee.testkit.process.Directories;
import io.perigee.testkit.process.Ports;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

class TestServersIT {
    @Test
    void shouldKeepDataWhenPostgresIsKilledAndRestarted() throws Exception {
        // given
        var home = Directories.temporary("perigee-pg-kept-");
        try (var server = PostgresServer.start(home, Ports.free())) {
            String name = server.newDatabase();
            try (var connection = server.connect(name);
                    var statement = connection.createStatement()) {
                statement.execute("CREATE TABLE kept (value int)");
                statement.execute("INSERT INTO kept VALUES (42)");
            }

            // when
            server.kill();
            server.restart();

            // then
            try (var connection = server.connect(name);
                    var statement = connection.createStatement();
                    var rows = statement.executeQuery("SELECT value FROM kept")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getInt(1)).isEqualTo(42);
            }
            assertThat(server.child().residentBytes()).isPositive();
        } finally {
            Directories.delete(home);
        }
    }

    /** Whoever is killed during initdb must not leave what the next start takes for a data directory. */
    @Test
    void shouldNameADataDirectoryOnlyOnceItIsWhole() throws Exception {
        // given: half of one, and somebody who looks for the next
        var home = Directories.temporary("perigee-pg-half-");
        var half = Files.createDirectories(home.resolve("data.new"));
        Files.writeString(half.resolve("PG_VERSION"), "18\n");
        var data = home.resolve("data");
        var whole = new CompletableFuture<Boolean>();
        var looking = Thread.ofVirtual().start(() -> {
            while (!Files.exists(data.resolve("PG_VERSION"))) {
                LockSupport.parkNanos(1_000_000);
            }
            // the database "postgres", which is made last
            whole.complete(Files.exists(data.resolve("base/5")));
        });

        // when
        try (var server = PostgresServer.start(home, Ports.free())) {
            looking.join();

            // then
            assertThat(whole).isCompletedWithValue(true);
            assertThat(server.newDatabase()).isNotEmpty();
            assertThat(half).doesNotExist();
        } finally {
            Directories.delete(home);
        }
    }

    @Test
    void shouldKeepTopicsWhenBrokerIsKilledAndRestarted() throws Exception {
        // given
        try (var broker = Broker.start()) {
            try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
                admin.createTopics(java.util.List.of(new NewTopic("kept", 2, (short) 1)))
                        .all()
                        .get();
            }

            // when
            broker.kill();
            broker.restart();

            // then
            try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
                assertThat(admin.listTopics().names().get()).contains("kept");
            }
        }
    }

    @Test
    void shouldMineBlocks() {
        // given
        try (var chain = Anvil.startAutomine()) {
            // when
            chain.call("evm_mine");

            // then
            assertThat(chain.call("eth_blockNumber").asText()).isEqualTo("0x1");
        }
    }
}
