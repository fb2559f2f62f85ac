package io.perigee.devstack.stack;

import io.perigee.devstack.Checkout;
import io.perigee.devstack.Console;
import io.perigee.devstack.Expected;
import io.perigee.devstack.engine.ContainerEngine;
import io.perigee.devstack.image.TrainerImage;
import io.perigee.protocol.id.Address;
import io.perigee.testkit.kafka.Broker;
import io.perigee.testkit.postgres.PostgresServer;
import io.perigee.testkit.process.Child;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The whole market on one machine: PostgreSQL, a broker, a chain with the contracts, the three services and some
 * providers' agents, each a process of its own. Closing it ends every process and container it started; should this JVM
 * die, the processes die with it.
 *
 * <p>Services are named {@code api}, {@code scheduler}, {@code settlement} and as the agents in the options.
 */
public final class Stack implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(15);

    private static final Duration QUIET = Duration.ofSeconds(20);

    /** A service that writes its ahead-of-time cache does so while it ends. */
    private static final Duration LAST_GRACE = Duration.ofSeconds(90);

    private final Checkout checkout;
    private final StackOptions options;
    private final Console console;
    private final StateDirectory state;
    private final StackPorts ports;
    private final Infrastructure parts;
    private final Launcher launcher;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Service> services = new ConcurrentHashMap<>();
    private final Startup startup;
    private final MemoryWatch memory;
    private final Thread hook = new Thread(this::closeOnce, "stop-stack");
    private boolean closed;
    private volatile boolean started;
    private volatile @Nullable Address hub;

    private Stack(Checkout checkout, StackOptions options, Console console) {
        this.checkout = checkout;
        this.options = options;
        this.console = console;
        this.state = StateDirectory.take(options.state());
        this.ports = StackPorts.choose(options);
        this.parts = new Infrastructure(options, state, ports, console);
        this.launcher = new Launcher(options.caches());
        this.startup = new Startup(console, QUIET);
        this.memory = new MemoryWatch(this::memory);
        Child.leaveToOwner();
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Starts everything and waits until it is ready. When something fails, what was started is stopped again.
     *
     * @throws Expected when the machine lacks something; it says what to do
     */
    public static Stack start(Checkout checkout, StackOptions options, AgentEnrolment enrolment, Console console) {
        return start(checkout, options, enrolment, console, () -> {});
    }

    /**
     * The same.
     *
     * @param taken called once the state directory is this stack's and nobody else's
     */
    public static Stack start(
            Checkout checkout, StackOptions options, AgentEnrolment enrolment, Console console, Runnable taken) {
        var stack = new Stack(checkout, options, console);
        try {
            taken.run();
            stack.startAll(enrolment);
            stack.started = true;
            stack.startup.close();
            return stack;
        } catch (RuntimeException | Error e) {
            stack.close();
            throw e;
        }
    }

    private void startAll(AgentEnrolment enrolment) {
        var database = inBackground("postgres", parts::startPostgres);
        var log = inBackground("broker", () -> parts.startBroker(launcher));
        var keys = new Keys(options.state());
        var hubKey = keys.make("hub");
        var gasKey = keys.make("settlement-gas");
        hub = hubKey.key().address();
        var chain = inBackground("chain", () -> parts.startChain(hubKey.key(), gasKey.key()));
        var image = inBackground("image", this::strictImage);
        var containers = inBackground("containers", parts::findEngine);
        await(database);
        var ledger = await(chain);
        var commands = new ServiceCommands(checkout, options, state, ports, ledger, hubKey, launcher);
        var trainers = new ArrayList<>(List.of(await(image)));
        if (options.lora()) {
            trainers.add(loraImage(await(containers).engine().url()));
        }
        var api = inBackground("api", () -> start(commands.api(trainers)));
        var settlement = inBackground("settlement", () -> start(commands.settlement(gasKey)));
        var scheduler = inBackground("scheduler", () -> start(commands.scheduler()));
        await(api);
        var engine = await(containers);
        Leftovers.remove(engine.engine(), state.formerProviders());
        var agents = new ArrayList<CompletableFuture<Service>>();
        for (var agent : options.agents()) {
            agents.add(inBackground(agent.name(), () -> {
                Path home = agentHome(agent.name());
                long from = System.nanoTime();
                // an agent waits for its enrolment; the chain's blocks are waited for meanwhile
                var service = launch(commands.agent(agent, home, engine.engine().url()));
                enrolment.enrol(this, agent.name(), home);
                return ready(service, from);
            }));
        }
        agents.forEach(this::await);
        await(scheduler);
        await(settlement);
        await(log);
    }

    private TrainerImage strictImage() {
        return image(() -> TrainerImage.strict(checkout, options.state()));
    }

    private TrainerImage loraImage(String engineUrl) {
        console.announce("building trainers/lora in the engine unless it is there (torch and transformers, 6 GB;"
                + " a few minutes the first time)");
        return image(() -> TrainerImage.lora(checkout, options.state(), engineUrl));
    }

    private TrainerImage image(Supplier<TrainerImage> maker) {
        long from = System.nanoTime();
        var image = maker.get();
        String detail =
                (image.reused() ? "kept " : "made ") + image.image().value().substring(0, 19);
        console.ready("image " + image.name(), detail, Duration.ofNanos(System.nanoTime() - from));
        return image;
    }

    private Service start(Service service) {
        long from = System.nanoTime();
        return ready(launch(service), from);
    }

    private Service launch(Service service) {
        try {
            Files.deleteIfExists(service.log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        synchronized (services) {
            if (startup.closed()) {
                throw new IllegalStateException("Expected to start " + service.name() + ", but the start is over");
            }
            services.put(service.name(), service);
            service.start(Map.of());
        }
        return service;
    }

    private Service ready(Service service, long from) {
        service.awaitReady();
        String detail = "pid " + service.child().orElseThrow().pid() + ", log " + shown(service.log());
        console.ready(service.name(), detail, Duration.ofNanos(System.nanoTime() - from));
        return service;
    }

    private static Path shown(Path path) {
        Path here = Path.of("").toAbsolutePath();
        return path.startsWith(here) ? here.relativize(path) : path;
    }

    private <T> CompletableFuture<T> inBackground(String name, Supplier<T> work) {
        return startup.begin(name, work);
    }

    private <T extends @Nullable Object> T await(CompletableFuture<T> part) {
        return startup.await(part);
    }

    private static void join(Future<?> end) {
        try {
            end.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while stopping", e);
        }
    }

    public StackOptions options() {
        return options;
    }

    public URI apiUrl() {
        return URI.create("http://127.0.0.1:" + ports.api());
    }

    /** Where a builder of this stack may keep a wallet; empty at the start. */
    public Path walletDirectory(String name) {
        return state.of("wallets").resolve(name);
    }

    /** The directory of an agent of this stack. */
    public Path agentHome(String name) {
        return state.of("agents").resolve(name);
    }

    public Address hub() {
        return present(Optional.ofNullable(hub), "hub");
    }

    public PostgresServer postgres() {
        return present(parts.postgres(), "PostgreSQL");
    }

    public Broker broker() {
        return present(parts.broker(), "broker");
    }

    public Ledger ledger() {
        return present(parts.ledger(), "chain");
    }

    public ContainerEngine engine() {
        return present(parts.engine(), "container engine").engine();
    }

    private static <T> T present(Optional<T> thing, String name) {
        return thing.orElseThrow(() -> new IllegalStateException("The " + name + " was not started"));
    }

    /** One of the services, by name. */
    public Service service(String name) {
        var service = services.get(name);
        if (service == null) {
            throw new IllegalArgumentException("Expected one of " + services.keySet() + ", but got '" + name + "'");
        }
        return service;
    }

    /** {@code kill -9} of the named service, of {@code postgres} or of the {@code broker}. */
    public void kill(String name) {
        switch (name) {
            case "postgres" -> postgres().kill();
            case "broker" -> broker().kill();
            default -> service(name).kill();
        }
    }

    /** Starts it again and waits until it is ready. */
    public void restart(String name) {
        restart(name, Map.of());
    }

    /** The same with variables added to its environment this once, for example {@code PERIGEE_CRASH_AT}. */
    public void restart(String name, Map<String, String> environment) {
        switch (name) {
            case "postgres" -> postgres().restart();
            case "broker" -> broker().restart();
            default -> {
                var service = service(name);
                if (service.alive()) {
                    service.stop(GRACE);
                }
                service.start(environment);
                service.awaitReady();
            }
        }
    }

    /** What everything holds now, this JVM included. */
    public Memory memory() {
        return StackMemory.measure(parts, services.values(), Leftovers.providers(state.of("agents")));
    }

    /** The most everything held at one moment since the start. */
    public Memory highestMemory() {
        memory.look();
        return memory.highest();
    }

    /** Stops everything that was started, agents first. */
    @Override
    public void close() {
        closeOnce();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM is ending, and the hook finds everything closed
            return;
        }
    }

    private synchronized void closeOnce() {
        if (closed) {
            return;
        }
        closed = true;
        memory.close();
        boolean whole = started;
        synchronized (services) {
            startup.close();
        }
        if (!whole) {
            // nothing of a stack that never ran is needed again
            services.values().forEach(Service::kill);
            parts.broker().ifPresent(Broker::kill);
            parts.postgres().ifPresent(PostgresServer::kill);
        }
        stopAll(options.agents().stream().map(StackOptions.AgentOptions::name).toList());
        // a private engine takes its containers with it
        parts.engine()
                .filter(lease -> lease.engine().shared())
                .ifPresent(lease -> Leftovers.remove(lease.engine(), Leftovers.providers(state.of("agents"))));
        stopAll(List.of("api", "scheduler", "settlement"));
        var last = new ArrayList<Future<?>>();
        parts.engine().ifPresent(each -> last.add(threads.submit(each::close)));
        parts.broker().ifPresent(each -> last.add(threads.submit(each::close)));
        parts.postgres().ifPresent(each -> last.add(threads.submit(each::close)));
        parts.ledger().ifPresent(each -> last.add(threads.submit(each::close)));
        last.forEach(Stack::join);
        threads.shutdown();
        state.close();
    }

    private void stopAll(List<String> names) {
        var stopping = new ArrayList<Future<?>>();
        for (String name : names) {
            Optional.ofNullable(services.get(name))
                    .ifPresent(service -> stopping.add(threads.submit(() -> service.stop(LAST_GRACE))));
        }
        stopping.forEach(Stack::join);
    }
}
