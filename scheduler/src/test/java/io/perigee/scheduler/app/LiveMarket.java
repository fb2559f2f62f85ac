package io.perigee.scheduler.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.eventlog.DatabaseSettings;
import io.perigee.eventlog.KafkaSettings;
import io.perigee.eventlog.Topics;
import io.perigee.eventlog.kafka.TopicAdmin;
import io.perigee.eventlog.postgres.Database;
import io.perigee.market.pricing.Pricing;
import io.perigee.protocol.command.Command;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Keystore;
import io.perigee.protocol.fact.Body;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.JobFact;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobSubmitted;
import io.perigee.protocol.fact.ProviderOnline;
import io.perigee.protocol.fact.ProviderRegistered;
import io.perigee.protocol.fact.RecordFact;
import io.perigee.protocol.fact.StakeChanged;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.model.ModelShape;
import io.perigee.protocol.offer.Offer;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.testkit.Ids;
import io.perigee.testkit.TestClock;
import io.perigee.testkit.TestServers;
import io.perigee.testkit.postgres.PostgresServer;
import io.perigee.testkit.process.Await;
import io.perigee.testkit.process.Child;
import io.perigee.testkit.process.Jvm;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Everything around a scheduler: broker, database, a front door and a settlement that say what tests tell them to. */
final class LiveMarket implements AutoCloseable {
    /** Two processes start and become a group within it, on a machine that has other things to do. */
    static final Duration PATIENCE = Duration.ofSeconds(120);

    final TestClock clock = TestClock.at(java.time.Instant.now().truncatedTo(ChronoUnit.SECONDS));
    private final Map<String, String> values = new HashMap<>();
    private final KafkaProducer<byte[], byte[]> producer;
    private final Thread reader;
    private final Map<JobId, List<JobFact>> facts = new ConcurrentHashMap<>();
    /** What was said of those who took part in jobs. */
    final List<RecordFact> records = new CopyOnWriteArrayList<>();

    private final Set<UUID> heard = ConcurrentHashMap.newKeySet();
    private final Map<SampleProvider, ScriptedAgent> agents = new ConcurrentHashMap<>();
    private final List<Scheduler> schedulers = new ArrayList<>();
    private final List<Child> children = new ArrayList<>();
    private final Path directory;
    private volatile boolean running = true;
    private volatile boolean reading;

    LiveMarket(Path directory) throws IOException {
        this.directory = directory;
        var postgres = TestServers.postgres();
        var bootstrap = TestServers.broker().bootstrap();
        var keyFile = directory.resolve("hub-key.json");
        var passwordFile = directory.resolve("hub-key.password");
        Files.write(keyFile, Keystore.write(Parties.HUB, "secret", Keystore.Strength.LIGHT, new SecureRandom()));
        Files.writeString(passwordFile, "secret\n");
        values.put("perigee.scheduler.hub-key-file", keyFile.toString());
        values.put("perigee.scheduler.hub-key-password-file", passwordFile.toString());
        values.put("perigee.scheduler.ops-port", "0");
        values.put("perigee.scheduler.sweep", "100ms");
        values.put("perigee.database.host", "127.0.0.1");
        values.put("perigee.database.port", Integer.toString(postgres.port()));
        values.put("perigee.database.name", postgres.newDatabase());
        values.put("perigee.database.user", PostgresServer.USER);
        values.put("perigee.database.password", PostgresServer.PASSWORD);
        values.put("perigee.kafka.bootstrap", bootstrap);
        values.put("perigee.hub.address", Parties.HUB.address().value());
        values.put("perigee.chain.id", Long.toString(Parties.DOMAIN.chainId()));
        values.put("perigee.chain.escrow", Parties.DOMAIN.escrow().value());
        values.put("perigee.chain.registry", Parties.TOKEN.value());
        values.put("perigee.chain.token", Parties.TOKEN.value());
        values.put("perigee.chain.rpc-url", "http://127.0.0.1:1");
        values.put("perigee.chain.window", "60s");
        values.put("perigee.chain.max-order", "24h");
        try (var admin = new TopicAdmin(new KafkaSettings(bootstrap))) {
            admin.ensureAll();
        }
        emptyTheLog(bootstrap);
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        reader = Thread.ofPlatform().name("facts").start(() -> read(bootstrap));
        Await.until(PATIENCE, () -> reading, () -> "Expected to read facts, but no partition came");
    }

    /** What an earlier market left unread would make this one wait for jobs that it can't know. */
    private static void emptyTheLog(String bootstrap) {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            var everything = new HashMap<TopicPartition, RecordsToDelete>();
            for (var topic : admin.describeTopics(admin.listTopics().names().get())
                    .allTopicNames()
                    .get()
                    .values()) {
                topic.partitions()
                        .forEach(partition -> everything.put(
                                new TopicPartition(topic.name(), partition.partition()),
                                RecordsToDelete.beforeOffset(-1)));
            }
            admin.deleteRecords(everything).all().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("Expected to empty the log, but could not", e);
        }
    }

    void set(String name, String value) {
        values.put(name, value);
    }

    void unset(String name) {
        values.remove(name);
    }

    Settings settings() {
        return Settings.of(values);
    }

    Scheduler start() {
        var scheduler = Scheduler.start(settings(), clock);
        schedulers.add(scheduler);
        Await.until(PATIENCE, scheduler::ready, () -> "Expected the scheduler to get partitions, but it got none");
        return scheduler;
    }

    /** A process of its own, which dies at a crash point; empty for none. */
    Child startProcess(String crashPoint) {
        var environment = new HashMap<String, String>();
        values.forEach(
                (name, value) -> environment.put(name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"), value));
        environment.put("PERIGEE_CRASH_AT", crashPoint);
        var words = List.of(
                Jvm.program(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                Jvm.classPath(),
                SchedulerMain.class.getName());
        var child = Child.start(
                new Child.Command("scheduler", words, directory.resolve("scheduler.log")).withEnvironment(environment));
        children.add(child);
        return child;
    }

    /** Providers come online with plenty of stake; their agents answer by themselves. */
    void join(SampleProvider provider, ScriptedAgent.Manner manner) {
        join(provider, provider.offer(), manner);
    }

    void join(SampleProvider provider, Offer offer, ScriptedAgent.Manner manner) {
        agents.put(provider, new ScriptedAgent(provider, manner));
        send("settlement", new ProviderRegistered(provider.address(), provider.id(), 1));
        send("settlement", new StakeChanged(provider.address(), Amount.of(1_000_000), 1));
        send(
                "gateway",
                new ProviderOnline(
                        provider.id(),
                        provider.address(),
                        provider.sessionKey(),
                        provider.sessionKeySignature(),
                        offer));
    }

    /** Waits until the scheduler can choose among so many; what a job is told of offers else depends on who was first. */
    void awaitProviders(int number) {
        for (String table : List.of("provider", "stake", "registration")) {
            Await.until(
                    PATIENCE,
                    () -> count("SELECT count(*) FROM scheduler." + table) == number,
                    () -> "Expected %d rows of %s, but they did not come".formatted(number, table));
        }
    }

    JobId submit(JobSpec spec) {
        return submit(spec, null);
    }

    JobId submit(JobSpec spec, @Nullable ModelShape base) {
        var id = Ids.jobId();
        var order = SampleJobs.order(
                id, spec, clock.instant(), Pricing.orderSeconds(spec, settings().policy()));
        send("intake", SampleJobs.submitted(order, spec, base));
        send("settlement", new JobFunded(id, spec.price().max(), 1));
        return id;
    }

    JobId submitAs(KeyPair builder, JobSpec spec) {
        var id = Ids.jobId();
        var sample = SampleJobs.order(
                id, spec, clock.instant(), Pricing.orderSeconds(spec, settings().policy()));
        var order = new JobOrder(
                builder.address(),
                sample.hub(),
                id,
                sample.specHash(),
                sample.token(),
                sample.maxPayment(),
                sample.segments(),
                sample.quorum(),
                sample.direct(),
                sample.validAfter(),
                sample.deadline());
        send(
                "intake",
                new JobSubmitted(id, spec, order.specHash(), order, builder.sign(order.digest(Parties.DOMAIN)), null));
        send("settlement", new JobFunded(id, spec.price().max(), 1));
        return id;
    }

    Envelope send(String source, Body body) {
        var envelope = Envelope.of(Ids.uuid7(), clock.instant(), source, "trace", body);
        send(envelope);
        return envelope;
    }

    void send(Envelope envelope) {
        producer.send(new ProducerRecord<>(
                Topics.of(envelope), envelope.key().getBytes(StandardCharsets.UTF_8), envelope.toJson()));
        producer.flush();
    }

    List<JobFact> facts(JobId job) {
        return facts.getOrDefault(job, List.of());
    }

    <T extends JobFact> List<T> facts(JobId job, Class<T> type) {
        return facts(job).stream().filter(type::isInstance).map(type::cast).toList();
    }

    <T extends JobFact> T await(JobId job, Class<T> type) {
        return await(job, type, _ -> true);
    }

    <T extends JobFact> T await(JobId job, Class<T> type, Predicate<T> which) {
        Await.until(
                PATIENCE,
                () -> facts(job, type).stream().anyMatch(which),
                () -> "Expected %s of job %s, but there were %s".formatted(type.getSimpleName(), job, names(job)));
        return facts(job, type).stream().filter(which).findFirst().orElseThrow();
    }

    /** Moves the clock until it happens. */
    <T extends JobFact> T awaitWithTime(JobId job, Class<T> type, Duration step) {
        Await.until(
                PATIENCE,
                () -> {
                    if (facts(job, type).isEmpty()) {
                        clock.advance(step);
                    }
                    return !facts(job, type).isEmpty();
                },
                () -> "Expected %s of job %s, but there were %s".formatted(type.getSimpleName(), job, names(job)));
        return facts(job, type).getFirst();
    }

    List<String> names(JobId job) {
        return facts(job).stream().map(fact -> fact.getClass().getSimpleName()).toList();
    }

    ScriptedAgent agent(SampleProvider provider) {
        return agents.get(provider);
    }

    private void read(String bootstrap) {
        var properties = new HashMap<String, Object>();
        properties.put("bootstrap.servers", bootstrap);
        properties.put("group.id", "test-" + Ids.uuid7());
        properties.put("auto.offset.reset", "latest");
        properties.put("allow.auto.create.topics", "false");
        properties.put("metadata.max.age.ms", "500");
        try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(Topics.JOBS));
            while (running) {
                for (var record : consumer.poll(Duration.ofMillis(50))) {
                    seen(Envelope.ofJson(record.value()));
                }
                // a position is only fixed once it was asked for
                consumer.assignment().forEach(consumer::position);
                reading = !consumer.assignment().isEmpty();
            }
        }
    }

    private void seen(Envelope envelope) {
        if (envelope.body() instanceof RecordFact fact && heard.add(envelope.id())) {
            records.add(fact);
        }
        // a relay that died between sending and noting it sends the same envelope again, and consumers go by its id
        if (!(envelope.body() instanceof JobFact fact) || !heard.add(envelope.id())) {
            return;
        }
        facts.computeIfAbsent(fact.jobId(), _ -> new CopyOnWriteArrayList<>()).add(fact);
        for (var agent : agents.values()) {
            for (Command command : agent.hears(fact)) {
                send(agent.source(), command);
            }
        }
    }

    /** The scheduler is gone without a word: nothing more of it runs. */
    void stop(Scheduler scheduler) {
        schedulers.remove(scheduler);
        scheduler.close();
    }

    /** What the scheduler has stored. */
    long count(String sql) {
        try (var connection = TestServers.postgres().connect(values.get("perigee.database.name"));
                var query = connection.prepareStatement(sql);
                var rows = query.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What somebody with the database's password did. */
    void change(String sql) {
        try (var connection = TestServers.postgres().connect(values.get("perigee.database.name"));
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isPositive();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    long assignments(JobId job) {
        return facts(job, JobAssigned.class).stream()
                .map(JobAssigned::attempt)
                .distinct()
                .count();
    }

    /** As if a fact of it had been lost: nothing can be decided about it any more. */
    void breakJob(JobId job) {
        var settings = new DatabaseSettings(
                "127.0.0.1",
                TestServers.postgres().port(),
                String.valueOf(values.get("perigee.database.name")),
                "scheduler",
                PostgresServer.USER,
                PostgresServer.PASSWORD);
        try (var database = new Database(settings)) {
            database.transact(tx -> tx.execute("UPDATE job SET version = version + 1 WHERE id = $1", job.value()));
        }
    }

    @Override
    public void close() throws InterruptedException {
        running = false;
        reader.join(10_000);
        List.copyOf(schedulers).forEach(this::stop);
        children.forEach(Child::kill);
        producer.close();
    }
}
