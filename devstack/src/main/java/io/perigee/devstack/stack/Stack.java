package io.perigee.devstack.stack;

import io.perigee.devstack.Checkout;
import io.perigee.devstack.Console;
import io.perigee.devstack.Expected;
import io.perigee.devstack.engine.ContainerEngine;
import io.perigee.devstack.engine.EngineFinder;
import io.perigee.devstack.image.TrainerImage;
import io.perigee.protocol.id.Address;
import io.perigee.testkit.chain.Anvil;
import io.perigee.testkit.kafka.Broker;
import io.perigee.testkit.postgres.PostgresServer;
import io.perigee.testkit.process.Directories;
import io.perigee.testkit.process.Ports;
import io.perigee.testkit.process.Resident;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private static final String DATABASE = "perigee";
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final Checkout checkout;
  private final StackOptions options;
  private final Console console;
  private final Launcher launcher;
  private final FileChannel lock;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Service> services = new ConcurrentHashMap<>();
  private final MemoryWatch memory = new MemoryWatch(this::measure);
  private final List<Integer> ports;

  private volatile @Nullable PostgresServer postgres;
  private volatile @Nullable Broker broker;
  private volatile @Nullable Ledger ledger;
  private volatile EngineFinder.@Nullable Lease engine;
  private volatile @Nullable Address hub;

  private Stack(Checkout checkout, StackOptions options, Console console) {
    this.checkout = checkout;
    this.options = options;
    this.console = console;
    this.launcher = new Launcher(options.state(), options.startupCaches());
    this.lock = lock(options.state());
    var free = new ArrayList<>(Ports.free(7));
    if (options.apiPort() != 0) {
      free.set(0, options.apiPort());
    }
    if (options.chainPort() != 0) {
      free.set(1, options.chainPort());
    }
    this.ports = List.copyOf(free);
  }

  /**
   * Starts everything and waits until it is ready. When something fails, what was started is stopped again.
   *
   * @throws Expected when the machine lacks something; it says what to do
   */
  public static Stack start(Checkout checkout, StackOptions options, AgentEnrolment enrolment, Console console) {
    var stack = new Stack(checkout, options, console);
    try {
      stack.startAll(enrolment);
      return stack;
    } catch (RuntimeException | Error e) {
      stack.close();
      throw e;
    }
  }

  private void startAll(AgentEnrolment enrolment) {
    for (String each : List.of("broker", "artifacts", "agents")) {
      Directories.delete(options.state().resolve(each));
    }
    var database = inBackground("postgres", this::startPostgres);
    var log = inBackground("broker", this::startBroker);
    var chain = inBackground("chain", this::startChain);
    var image = inBackground("image", this::makeImage);
    var containers = inBackground("containers", this::findEngine);
    await(database);
    await(chain);
    var scheduler = inBackground("scheduler", () -> start(schedulerService()));
    var settlement = inBackground("settlement", () -> start(settlementService()));
    TrainerImage trainer = await(image);
    start(apiService(trainer));
    await(containers);
    var agents = new ArrayList<Future<?>>();
    for (var agent : options.agents()) {
      agents.add(inBackground(agent.name(), () -> startAgent(agent, enrolment)));
    }
    agents.forEach(Stack::await);
    await(scheduler);
    await(settlement);
    await(log);
  }

  private String startPostgres() {
    long from = System.nanoTime();
    var server = PostgresServer.start(options.state().resolve("postgres"), ports.get(2));
    postgres = server;
    server.newDatabase(DATABASE);
    return ready("postgres", "127.0.0.1:" + server.port(), from);
  }

  private String startBroker() {
    long from = System.nanoTime();
    var cache = launcher.cache(new Launcher.Program("broker", Path.of(brokerJar()), List.of(), 0));
    broker = Broker.launch(options.state().resolve("broker"), ports.get(3), ports.get(4), cache);
    broker().awaitReady();
    return ready("broker", broker().bootstrap(), from);
  }

  /** The devstack's own JAR, which the broker runs from. */
  private static String brokerJar() {
    return io.perigee.testkit.process.Jvm.classPath().split(java.io.File.pathSeparator)[0];
  }

  private String startChain() {
    long from = System.nanoTime();
    Path log = options.state().resolve("logs").resolve("anvil.log");
    var anvil = Anvil.start(log, ports.get(1));
    ledger = Ledger.deploy(anvil, options.window(), options.maxOrder());
    return ready("chain", anvil.url() + ", escrow " + ledger().contracts().escrow(), from);
  }

  private TrainerImage makeImage() {
    long from = System.nanoTime();
    var image = TrainerImage.strict(checkout, options.state());
    ready("image", (image.reused() ? "kept " : "made ") + image.image().value().substring(0, 19), from);
    return image;
  }

  private String findEngine() {
    long from = System.nanoTime();
    var lease = new EngineFinder(console, options.install(), options.state()).find();
    engine = lease;
    return ready("containers", lease.engine().name() + " at " + lease.engine().socket(), from);
  }

  private String ready(String name, String detail, long from) {
    console.ready(name, detail, Duration.ofNanos(System.nanoTime() - from));
    return name;
  }

  private Map<String, String> common(Address hubAddress) {
    var contracts = ledger().contracts();
    var settings = new LinkedHashMap<String, String>();
    settings.put("perigee.database.host", "127.0.0.1");
    settings.put("perigee.database.port", Integer.toString(postgres().port()));
    settings.put("perigee.database.name", DATABASE);
    settings.put("perigee.database.user", PostgresServer.USER);
    settings.put("perigee.database.password", PostgresServer.PASSWORD);
    settings.put("perigee.kafka.bootstrap", "127.0.0.1:" + ports.get(3));
    settings.put("perigee.hub.address", hubAddress.value());
    settings.put("perigee.chain.id", Long.toString(contracts.chainId()));
    settings.put("perigee.chain.escrow", contracts.escrow());
    settings.put("perigee.chain.registry", contracts.registry());
    settings.put("perigee.chain.token", contracts.token());
    settings.put("perigee.chain.rpc-url", ledger().anvil().url());
    settings.put("perigee.chain.window", Long.toString(options.window().toSeconds()));
    settings.put("perigee.chain.max-order", Long.toString(options.maxOrder().toSeconds()));
    return settings;
  }

  private Keys.Stored hubKey() {
    var stored = new Keys(options.state()).make("hub");
    hub = stored.key().address();
    return stored;
  }

  private Service schedulerService() {
    var key = hubKey();
    var settings = common(key.key().address());
    settings.put("perigee.scheduler.hub-key-file", key.file().toString());
    settings.put("perigee.scheduler.hub-key-password-file", key.password().toString());
    settings.put("perigee.scheduler.ops-port", Integer.toString(ports.get(5)));
    var program = Launcher.jar("scheduler", checkout.jar("scheduler", "perigee-scheduler"), 128);
    return service(program, settings, URI.create("http://127.0.0.1:" + ports.get(5) + "/health/ready"));
  }

  private Service settlementService() {
    var key = new Keys(options.state()).make("settlement-gas");
    ledger().fund(key.key().address());
    var settings = common(hubKey().key().address());
    settings.put("perigee.settlement.key-file", key.file().toString());
    settings.put("perigee.settlement.key-password-file", key.password().toString());
    settings.put("perigee.settlement.ops-port", Integer.toString(ports.get(6)));
    settings.put("perigee.settlement.confirmations", "1");
    settings.put("perigee.settlement.start-block", Long.toString(ledger().contracts().block()));
    settings.put("perigee.settlement.poll", "250ms");
    var program = Launcher.jar("settlement", checkout.jar("settlement", "perigee-settlement"), 128);
    return service(program, settings, URI.create("http://127.0.0.1:" + ports.get(6) + "/health/ready"));
  }

  private Service apiService(TrainerImage trainer) {
    var settings = common(hubKey().key().address());
    settings.put("quarkus.http.host", "127.0.0.1");
    settings.put("quarkus.http.port", Integer.toString(ports.get(0)));
    settings.put("perigee.api.artifacts.dir", options.state().resolve("artifacts").toString());
    settings.put("perigee.api.trainers.strict.archive", trainer.archive().toString());
    settings.put("perigee.api.trainers.strict.image", trainer.image().value());
    settings.put("perigee.api.heartbeat", "2s");
    var program = Launcher.jar("api", checkout.apiJar(), 256);
    return service(program, settings, URI.create(apiUrl() + "/q/health/ready"));
  }

  private String startAgent(StackOptions.AgentOptions agent, AgentEnrolment enrolment) {
    Path home = options.state().resolve("agents").resolve(agent.name());
    enrolment.enrol(this, agent.name(), home);
    var settings = new LinkedHashMap<String, String>();
    settings.put("perigee.agent.home", home.toString());
    settings.put("perigee.agent.hub-url", apiUrl().toString());
    settings.put("perigee.agent.engine", engine().url());
    settings.put("perigee.agent.per-million-tokens", agent.perMillionTokens());
    settings.put("perigee.agent.slots", "1");
    Launcher.Program program;
    if (agent.mainClass() == null) {
      program = Launcher.jar("agent", checkout.jar("provider-agent", "perigee-provider-agent"), 128);
    } else {
      program = ownProgram("misbehaving-agent", agent.mainClass(), 128);
    }
    var service =
        new Service(agent.name(), launcher.words(program, settings), logFile(agent.name()), null);
    return start(service);
  }

  /** A class of the devstack itself. */
  private static Launcher.Program ownProgram(String name, String mainClass, int heapMegabytes) {
    var classPath = io.perigee.testkit.process.Jvm.classPath();
    return new Launcher.Program(name, Path.of(brokerJar()), List.of("-cp", classPath, mainClass), heapMegabytes);
  }

  private Service service(Launcher.Program program, Map<String, String> settings, URI readiness) {
    return new Service(program.name(), launcher.words(program, settings), logFile(program.name()), readiness);
  }

  private Path logFile(String name) {
    return options.state().resolve("logs").resolve(name + ".log");
  }

  private String start(Service service) {
    long from = System.nanoTime();
    try {
      Files.deleteIfExists(service.log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    services.put(service.name(), service);
    service.start(Map.of());
    service.awaitReady();
    return ready(
        service.name(), "pid " + service.child().orElseThrow().pid() + ", log " + shown(service.log()), from);
  }

  private Path shown(Path path) {
    Path here = Path.of("").toAbsolutePath();
    return path.startsWith(here) ? here.relativize(path) : path;
  }

  private <T> Future<T> inBackground(String name, Supplier<T> work) {
    return threads.submit(
        () -> {
          Thread.currentThread().setName("start-" + name);
          return work.get();
        });
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while starting", e);
    }
  }

  public StackOptions options() {
    return options;
  }

  public URI apiUrl() {
    return URI.create("http://127.0.0.1:" + ports.get(0));
  }

  public Address hub() {
    return present(hub, "hub");
  }

  public PostgresServer postgres() {
    return present(postgres, "PostgreSQL");
  }

  public Broker broker() {
    return present(broker, "broker");
  }

  public Ledger ledger() {
    return present(ledger, "chain");
  }

  public ContainerEngine engine() {
    return present(engine, "container engine").engine();
  }

  private static <T> T present(@Nullable T thing, String name) {
    if (thing == null) {
      throw new IllegalStateException("The " + name + " was not started");
    }
    return thing;
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
    return measure();
  }

  /** The most everything held at one moment since the start. */
  public Memory highestMemory() {
    memory.look();
    return memory.highest();
  }

  private Memory measure() {
    var held = new LinkedHashMap<String, Long>();
    held.put("devstack", Resident.bytes(ProcessHandle.current().pid()));
    services.forEach((name, service) -> service.child().ifPresent(child -> held.put(name, child.residentBytes())));
    Optional.ofNullable(postgres).ifPresent(each -> held.put("postgres", each.child().residentBytes()));
    Optional.ofNullable(broker).ifPresent(each -> held.put("broker", each.child().residentBytes()));
    Optional.ofNullable(ledger).ifPresent(each -> held.put("anvil", each.anvil().child().residentBytes()));
    var lease = engine;
    if (lease != null) {
      lease.daemon().ifPresent(daemon -> held.put("dockerd", daemon.child().residentBytes()));
      try {
        held.put(
            "containers", ours(lease.engine()).stream().mapToLong(each -> withChildren(each.pid())).sum());
      } catch (UncheckedIOException e) {
        // an engine that is just stopping holds no containers of ours
        held.put("containers", 0L);
      }
    }
    return new Memory(held);
  }

  private static long withChildren(long pid) {
    if (pid == 0) {
      return 0;
    }
    long sum = Resident.bytes(pid);
    for (ProcessHandle each : ProcessHandle.of(pid).map(p -> p.descendants().toList()).orElse(List.of())) {
      sum += Resident.bytes(each.pid());
    }
    return sum;
  }

  /** The containers of this stack's agents: their label names the provider, which is this stack's alone. */
  private static List<ContainerEngine.Found> ours(ContainerEngine engine) {
    return engine.containers("io.perigee.job");
  }

  private static FileChannel lock(Path state) {
    try {
      Files.createDirectories(state.resolve("logs"));
      var channel =
          FileChannel.open(state.resolve("stack.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock held = channel.tryLock();
      if (held == null) {
        channel.close();
        throw new Expected(
            "Expected to start a stack in " + state + ", but one is running there",
            "Stop it with './perigee down'");
      }
      return channel;
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to use " + state + ", but " + e.getMessage(), e);
    }
  }

  /** Stops everything that was started, agents first. */
  @Override
  public void close() {
    memory.close();
    var names = options.agents().stream().map(StackOptions.AgentOptions::name).toList();
    stopAll(names);
    var lease = engine;
    if (lease != null && lease.engine().shared()) {
      ours(lease.engine()).forEach(each -> lease.engine().remove(each.id()));
    }
    stopAll(List.of("api", "scheduler", "settlement"));
    var last = new ArrayList<Future<?>>();
    Optional.ofNullable(lease).ifPresent(each -> last.add(threads.submit(each::close)));
    Optional.ofNullable(broker).ifPresent(each -> last.add(threads.submit(each::close)));
    Optional.ofNullable(postgres).ifPresent(each -> last.add(threads.submit(each::close)));
    Optional.ofNullable(ledger).ifPresent(each -> last.add(threads.submit(each::close)));
    last.forEach(Stack::await);
    threads.shutdown();
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void stopAll(List<String> names) {
    var stopping = new ArrayList<Future<?>>();
    for (String name : names) {
      Optional.ofNullable(services.get(name))
          .ifPresent(service -> stopping.add(threads.submit(() -> service.stop(GRACE))));
    }
    stopping.forEach(Stack::await);
  }
}
