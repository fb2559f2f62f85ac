package io.perigee.agent.app;

import io.perigee.agent.artifact.HttpArtifactStore;
import io.perigee.agent.capability.ClassBook;
import io.perigee.agent.capability.ClassSurvey;
import io.perigee.agent.capability.Machine;
import io.perigee.agent.capability.MachineScan;
import io.perigee.agent.capability.Offers;
import io.perigee.agent.execution.AttemptRecord;
import io.perigee.agent.execution.Attempts;
import io.perigee.agent.execution.BorderHasher;
import io.perigee.agent.execution.Execution;
import io.perigee.agent.gateway.Gateway;
import io.perigee.agent.gateway.GatewayUrl;
import io.perigee.agent.gateway.Outbox;
import io.perigee.agent.identity.AgentHome;
import io.perigee.agent.identity.Enrolment;
import io.perigee.agent.identity.SessionKeyFile;
import io.perigee.agent.sandbox.docker.DockerEngine;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.offer.Offer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running agent: waits until its owner enrolled it, then keeps engine, hub and attempts together. One per home.
 *
 * <p>Everything is constructed here; two agents with two homes live well in one process.
 */
public final class Agent implements AutoCloseable, Attempts.Surroundings {
    public static final String VERSION = "0.1.0";
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration LAST_WORDS = Duration.ofSeconds(3);
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int MOST_WAITING = 10_000;

    private final AgentSettings settings;
    private final AgentHome home;
    private final BorderHasher hasher;
    private final Clock clock;
    private final HomeLock lock;
    private final StatusFile status;
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread;

    private volatile boolean closed;
    private volatile boolean connected;
    private volatile String connectionDetail = "not connected yet";
    private volatile @Nullable Parts parts;
    private volatile @Nullable Throwable fault;

    /** What exists once the agent is enrolled. */
    private record Parts(
            Enrolment enrolment,
            String hubUrl,
            Machine machine,
            DockerEngine runtime,
            EngineWatch engine,
            Outbox outbox,
            Gateway gateway,
            Attempts attempts,
            ClassWatch classes) {}

    private Agent(AgentSettings settings, BorderHasher hasher, Clock clock) throws IOException {
        this.settings = settings;
        this.home = SettingsSource.home(settings).create();
        this.hasher = hasher;
        this.clock = clock;
        this.lock = HomeLock.take(home.lock());
        this.status = new StatusFile(home.status(), clock);
        this.thread = Thread.ofVirtual().name("agent").unstarted(this::run);
    }

    /**
     * Starts an agent.
     *
     * @param hasher what it commits to; production passes the files' true hashes
     * @throws InvalidValue when another agent runs in this home
     */
    public static Agent start(AgentSettings settings, BorderHasher hasher, Clock clock) throws IOException {
        var agent = new Agent(settings, hasher, clock);
        agent.thread.start();
        return agent;
    }

    private void run() {
        try {
            var enrolment = awaitEnrolment();
            var built = build(enrolment, SessionKeyFile.read(home, SettingsSource.keyPassword(settings)));
            parts = built;
            // Before the hub can speak: what it assigned in an earlier life it sends again at once, and an engine that
            // was not asked yet would look like one that is away.
            built.attempts().deliver();
            long nextAsk = askEngine(built);
            built.gateway().start(built.attempts());
            attend(built, nextAsk);
        } catch (InterruptedException e) {
            // The agent is being closed.
        } catch (Throwable e) {
            // Translated once, in awaitEnd: a process that looks alive and does nothing is the worst end.
            fault = e;
            LOG.error("The agent cannot go on", e);
            connectionDetail = String.valueOf(e.getMessage());
            publish();
        }
    }

    /** Until there is an enrolment the agent is paused: it neither connects nor looks at the engine. */
    private Enrolment awaitEnrolment() throws IOException, InterruptedException {
        boolean said = false;
        while (true) {
            var enrolment = home.enrolment();
            if (enrolment.isPresent()) {
                return enrolment.get();
            }
            if (!said) {
                LOG.info("Paused until enrolled home={}", home.root());
                said = true;
            }
            publish();
            Thread.sleep(TICK);
        }
    }

    private Parts build(Enrolment enrolment, KeyPair key) throws IOException {
        if (!key.address().equals(enrolment.sessionKey().key())) {
            throw new InvalidValue(
                    "Expected the enrolment to name session key %s, but it names %s; enrol this home again"
                            .formatted(key.address(), enrolment.sessionKey().key()));
        }
        var machine = MachineScan.scan();
        var policy = SettingsSource.policy(settings, machine);
        var url = GatewayUrl.parse(settings.hubUrl().orElse(enrolment.hubUrl()));
        var http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
        var runtime = new DockerEngine(
                URI.create(settings.engine()), settings.engineTimeout().duration());
        var outbox = Outbox.open(home.outbox(), MOST_WAITING);
        var usual = Gateway.Timing.USUAL;
        var timing = new Gateway.Timing(
                usual.handshake(),
                usual.firstRetry(),
                settings.longestRetry().duration(),
                usual.answer(),
                usual.refusedRetry());
        var gateway = new Gateway(http, url, enrolment, key, VERSION, outbox, timing);
        var artifacts = new HttpArtifactStore(
                http, url, gateway::artifactToken, () -> gateway.renewLogin("the artifact token is no longer good"));
        var book = ClassBook.open(home.classes());
        var survey = new ClassSurvey(
                runtime,
                runtime,
                policy,
                enrolment.sessionKey().provider(),
                machine,
                SettingsSource.share(settings).cpus(machine),
                book);
        var attempts = Execution.attempts(
                home,
                enrolment,
                key,
                runtime,
                runtime,
                policy,
                artifacts,
                hasher,
                book,
                gateway,
                this,
                new Execution.Settings(
                        settings.cache().bytes(),
                        settings.images().bytes(),
                        settings.largestImage().bytes(),
                        settings.kept().bytes(),
                        settings.reserve().bytes(),
                        SettingsSource.mostBond(settings),
                        settings.checkpointEvery(),
                        settings.inputPatience().duration(),
                        settings.grace().duration(),
                        settings.progress().duration()),
                clock);
        return new Parts(
                enrolment,
                url.base().toString(),
                machine,
                runtime,
                new EngineWatch(runtime, settings.runtime()),
                outbox,
                gateway,
                attempts,
                new ClassWatch(survey, artifacts, this::changed));
    }

    /** One loop looks after engine, pause file, offer and status; it sleeps unless something changed. */
    private void attend(Parts built, long firstAsk) throws IOException, InterruptedException {
        long nextAsk = firstAsk;
        Offer told = null;
        while (!closed) {
            if (System.nanoTime() - nextAsk >= 0) {
                nextAsk = askEngine(built);
            }
            if (connected && built.engine().up()) {
                built.classes().lookWhenDue();
            }
            var offer = built.attempts().offer();
            if (!offer.equals(told) && connected) {
                built.gateway().tell(new AgentMessage.OfferChanged(offer));
                told = offer;
            }
            publish();
            wake.tryAcquire(TICK.toMillis(), TimeUnit.MILLISECONDS);
            wake.drainPermits();
        }
    }

    /** The moment of {@link System#nanoTime} at which to ask again. */
    private static long askEngine(Parts built) throws IOException {
        boolean before = built.engine().up();
        long next = System.nanoTime() + built.engine().ask().toNanos();
        if (built.engine().up()) {
            if (before) {
                built.attempts().removeLeftovers();
            } else if (built.attempts().resume()) {
                built.gateway().renewLogin("attempts of an earlier life are here only now");
            }
        }
        return next;
    }

    private boolean paused() {
        return settings.paused() || Files.exists(home.paused());
    }

    @Override
    public Offer offer() {
        var present = parts;
        if (present == null) {
            throw new IllegalStateException("Expected an enrolled agent to word an offer, but it is not yet");
        }
        return Offers.offer(
                present.machine(),
                SettingsSource.share(settings),
                SettingsSource.price(settings),
                settings.region().orElse(""),
                present.classes().classes(),
                present.engine().up(),
                paused() || closed);
    }

    @Override
    public Optional<List<String>> lease(int gpus, Collection<AttemptRecord> live) {
        var present = parts;
        if (gpus == 0 || present == null) {
            return Optional.of(List.of());
        }
        var used = new HashSet<String>();
        live.stream().filter(record -> record.phase().computing()).forEach(record -> used.addAll(record.gpus()));
        var free = present.machine().gpus().stream()
                .map(Machine.DetectedGpu::uuid)
                .filter(uuid -> !used.contains(uuid))
                .limit(gpus)
                .toList();
        return free.size() == gpus ? Optional.of(free) : Optional.empty();
    }

    @Override
    public void changed() {
        wake.release();
    }

    @Override
    public void connection(boolean up, String detail) {
        connected = up;
        connectionDetail = detail;
        wake.release();
    }

    private void publish() {
        var present = parts;
        if (present == null) {
            status.write(false, connectionDetail, paused());
        } else {
            status.write(
                    present.enrolment(),
                    present.hubUrl(),
                    connected,
                    connectionDetail,
                    paused(),
                    present.engine(),
                    present.attempts());
        }
    }

    /** Stops running jobs and reports them, gives the hub a moment to take the last words, and ends. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        LOG.info("Ending home={}", home.root());
        thread.interrupt();
        try {
            thread.join(TICK.multipliedBy(5));
            var present = parts;
            if (present != null) {
                present.attempts().shutdown(settings.grace().duration().plusSeconds(10));
                long deadline = System.nanoTime() + LAST_WORDS.toNanos();
                while (connected && !present.outbox().isEmpty() && System.nanoTime() < deadline) {
                    Thread.sleep(20);
                }
                present.classes().close();
                present.gateway().close();
                present.runtime().close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            status.remove();
            lock.release();
        }
    }

    /**
     * Waits until the agent is closed.
     *
     * @throws IOException when it ended by itself, because it could not go on; also {@link InvalidValue}
     */
    public void awaitEnd() throws IOException, InterruptedException {
        thread.join();
        switch (fault) {
            case null -> {}
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Throwable e -> throw new IllegalStateException("Expected the agent to run, but it failed", e);
        }
    }
}
