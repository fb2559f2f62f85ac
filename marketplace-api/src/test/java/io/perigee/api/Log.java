package io.perigee.api;

import io.perigee.protocol.fact.AllotmentChanged;
import io.perigee.protocol.fact.Body;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.testkit.TestServers;
import io.perigee.testkit.process.Await;
import io.perigee.testkit.sample.Parties;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.ConfigProvider;

/** The rest of the market, as far as the front door can tell: facts it publishes, and records it finds in the outbox. */
final class Log {
    static final Duration SOON = Duration.ofSeconds(20);

    private Log() {}

    private static final class Producer {
        static final KafkaProducer<byte[], byte[]> INSTANCE = create();

        private static KafkaProducer<byte[], byte[]> create() {
            var settings = new Properties();
            settings.put("bootstrap.servers", TestServers.broker().bootstrap());
            return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        }
    }

    /** Publishes a fact as another stage would. */
    static Envelope publish(Body fact) {
        return publish(Envelope.of(UUID.randomUUID(), Instant.now(), "scheduler", "", fact));
    }

    /** Publishes an envelope, possibly again. */
    static Envelope publish(Envelope envelope) {
        var key = envelope.key().getBytes(StandardCharsets.UTF_8);
        try {
            Producer.INSTANCE
                    .send(new ProducerRecord<>(envelope.body().topic(), key, envelope.toJson()))
                    .get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return envelope;
    }

    /** Gives the builder an allotment, and waits until the front door knows. */
    static void allot(Address builder, long amount) {
        var sum = Amount.of(amount);
        publish(new AllotmentChanged(
                builder,
                Parties.HUB.address(),
                Parties.TOKEN,
                sum,
                Amount.ZERO,
                sum,
                Instant.now().getEpochSecond()));
        Await.until(
                SOON,
                () -> count(
                                "select count(*) from api.allotment where builder = ? and available = " + amount,
                                builder.value())
                        == 1,
                () -> "the allotment did not arrive");
    }

    /** Everything the front door has said about a key, oldest first. */
    static List<Envelope> outbox(String key) {
        try (var connection = TestServers.postgres().connect(database());
                var query = connection.prepareStatement("select payload from api.outbox where key = ? order by seq")) {
            query.setString(1, key);
            var found = new ArrayList<Envelope>();
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    found.add(Envelope.ofJson(rows.getBytes(1)));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static void execute(String sql) {
        try (var connection = TestServers.postgres().connect(database());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static long count(String sql, Object... parameters) {
        try (var connection = TestServers.postgres().connect(database());
                var query = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                query.setObject(i + 1, parameters[i]);
            }
            try (var rows = query.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static String database() {
        return ConfigProvider.getConfig().getValue("perigee.database.name", String.class);
    }
}
