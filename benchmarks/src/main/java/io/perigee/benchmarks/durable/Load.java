package io.perigee.benchmarks.durable;

import io.perigee.client.ApiException;
import io.perigee.client.PerigeeClient;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.fact.AllotmentChanged;
import io.perigee.protocol.fact.ProviderRegistered;
import io.perigee.protocol.fact.StakeChanged;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Uuid7;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.rest.KeyedSubmission;
import io.perigee.protocol.rest.Quote;
import io.perigee.protocol.rest.SubmitRequest;
import io.perigee.testkit.process.Await;
import io.perigee.testkit.process.Directories;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleProvider;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** One builder with many jobs, and many light agents. */
final class Load implements AutoCloseable {
    static final int REPLICAS = 2;
    /** Before what was refused for the moment is sent again. */
    private static final Duration AGAIN = Duration.ofMillis(20);

    private static final Duration PATIENCE = Duration.ofMinutes(20);
    private static final long PLENTY = 1_000_000_000_000_000L;
    private static final int HEARTBEAT_SECONDS = 20;

    private final DurableStack stack;
    private final LogWatch log;
    private final PerigeeClient client;
    private final Quote quote;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService heart = Executors.newScheduledThreadPool(1);
    private final List<LightAgent> agents = new ArrayList<>();
    private final AtomicLong offered = new AtomicLong();
    private final SecureRandom random = new SecureRandom();
    private final Map<JobId, Long> sentAt = new ConcurrentHashMap<>();
    private volatile boolean accepting;

    Load(DurableStack stack, LogWatch log, int agentCount, int slots) throws IOException {
        this.stack = stack;
        this.log = log;
        log.say(
                "settlement",
                new AllotmentChanged(
                        Parties.BUILDER.address(),
                        Parties.HUB.address(),
                        Parties.TOKEN,
                        Amount.of(PLENTY),
                        Amount.ZERO,
                        Amount.of(PLENTY),
                        1));
        connect(agentCount, slots);
        client = PerigeeClient.of(stack.api(""));
        client.signIn(Parties.BUILDER);
        quote = client.quote(Json.parse(spec().getBytes(StandardCharsets.UTF_8)));
    }

    private void connect(int count, int slots) {
        var http = HttpClient.newHttpClient();
        var gateway = URI.create(stack.api("/api/v1/agents/gateway").toString().replace("http:", "ws:"));
        for (int i = 0; i < count; i++) {
            var provider = SampleProvider.of("light-" + i).asking(100_000 + i).withSlots(slots);
            log.say("settlement", new ProviderRegistered(provider.address(), provider.id(), 1));
            log.say("settlement", new StakeChanged(provider.address(), Amount.of(PLENTY), 1));
            agents.add(new LightAgent(provider, () -> accepting, threads, offered));
        }
        log.flush();
        for (int from = 0; from < count; from += 50) {
            agents.subList(from, Math.min(from + 50, count)).stream()
                    .map(agent -> agent.connect(http, gateway))
                    .toList()
                    .forEach(welcome -> welcome.orTimeout(60, TimeUnit.SECONDS).join());
        }
        long between = TimeUnit.SECONDS.toMicros(HEARTBEAT_SECONDS);
        for (int i = 0; i < count; i++) {
            // spread over the time between two, as those of strangers are
            var _ = heart.scheduleAtFixedRate(
                    agents.get(i)::heartbeat, between * i / count, between, TimeUnit.MICROSECONDS);
        }
        Await.until(
                PATIENCE,
                () -> stack.count("select count(*) from scheduler.provider where online") == count
                        && stack.count("select count(*) from scheduler.stake") == count
                        && stack.count("select count(*) from scheduler.registration") == count,
                () -> "Expected the scheduler to know every provider, but it does not");
    }

    private String spec() throws IOException {
        var directory = Directories.temporary("perigee-durable-inputs-");
        try {
            return """
            {"name": "durable", "trainer": "strict", "base": "%s", "dataset": "%s",
             "method": {"kind": "lora", "r": 8, "alpha": 16, "dropout": "0.0", "targets": ["q_proj", "v_proj"]},
             "train": {"steps": 8, "microBatch": 4, "gradAccum": 1, "seqLen": 64, "lr": "2e-4", "scheduler": "cosine",
                       "warmupSteps": 2, "seed": 7, "dtype": "float32"},
             "segments": {"stepsPerSegment": 2},
             "resources": {"cpu": 1, "memory": "1GB", "disk": "1GB"},
             "price": {"max": "0.01"},
             "deadlines": {"queue": "60m", "run": "120m", "upload": "15m"},
             "verification": {"policy": "replicate", "replicas": 2}}
            """.formatted(upload(directory, "base"), upload(directory, "dataset"));
        } finally {
            Directories.delete(directory);
        }
    }

    private String upload(Path directory, String name) throws IOException {
        var part = Files.createDirectory(directory.resolve(name));
        Files.writeString(part.resolve("file.txt"), "stands for a " + name);
        return client.artifacts().uploadDirectory(part, (_, _, _, _) -> {}).value();
    }

    /** Jobs that differ in their order, signed beforehand. */
    List<KeyedSubmission> jobs(int count) {
        return IntStream.range(0, count).parallel().mapToObj(_ -> job()).toList();
    }

    private KeyedSubmission job() {
        var bytes = new byte[Uuid7.RANDOM_BYTES];
        random.nextBytes(bytes);
        var id = new JobId(Uuid7.of(Instant.now(), bytes));
        var sample = quote.order();
        var order = new JobOrder(
                sample.builder(),
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
        return new KeyedSubmission(
                id.toString(),
                new SubmitRequest(quote.spec(), order, Parties.BUILDER.sign(order.digest(Parties.DOMAIN))));
    }

    void accepting(boolean now) {
        accepting = now;
    }

    /** Sends jobs in one request. */
    void batch(List<KeyedSubmission> jobs) {
        long now = System.nanoTime();
        jobs.forEach(job -> sentAt.put(job.request().order().jobId(), now));
        while (true) {
            try {
                for (var answer : client.submit(jobs)) {
                    var problem = answer.problem();
                    if (problem != null) {
                        throw new IllegalStateException(problem.detail());
                    }
                }
                return;
            } catch (ApiException busy) {
                if (!busy.problem().retryable()) {
                    throw busy;
                }
                LockSupport.parkNanos(AGAIN.toNanos());
            }
        }
    }

    /** Sends a job in a request of its own. */
    void single(KeyedSubmission job) {
        var request = job.request();
        sentAt.put(request.order().jobId(), System.nanoTime());
        client.submit(quoteOf(request.order()), request.orderSignature(), job.key());
    }

    private Quote quoteOf(JobOrder order) {
        return new Quote(
                quote.spec(),
                quote.specHash(),
                quote.borders(),
                quote.units(),
                quote.replicas(),
                quote.quorum(),
                quote.pricePerReplica(),
                quote.maximum(),
                order,
                List.of(),
                null,
                List.of(),
                quote.validUntil());
    }

    void run(Runnable task) {
        threads.execute(task);
    }

    /**
     * Waits until the replicas of all that was sent are assigned, their agents have heard of it, and as many are accepted as
     * is asked for: then the read model has all of it, too.
     */
    void awaitAssigned(long started) {
        Await.until(
                PATIENCE,
                () -> log.assignedAt().size() == sentAt.size()
                        && offered.get() >= (long) REPLICAS * sentAt.size()
                        && log.started() >= started,
                () ->
                        "Expected %d jobs to be assigned, their agents to hear of it and %d attempts accepted, but it is %d, %d and %d"
                                .formatted(
                                        sentAt.size(), started, log.assignedAt().size(), offered.get(), log.started()));
    }

    long started() {
        return log.started();
    }

    /** From the request to the log's saying that both replicas are assigned, in milliseconds. */
    double[] latencies(List<KeyedSubmission> jobs) {
        return jobs.stream()
                .map(job -> job.request().order().jobId())
                .mapToDouble(id -> (known(log.assignedAt(), id) - known(sentAt, id)) / 1e6)
                .sorted()
                .toArray();
    }

    private static long known(Map<JobId, Long> instants, JobId id) {
        return Objects.requireNonNull(instants.get(id));
    }

    @Override
    public void close() {
        heart.shutdownNow();
        agents.forEach(LightAgent::leave);
        threads.shutdownNow();
        client.close();
    }
}
