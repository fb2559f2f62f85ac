package io.perigee.devstack.stack;

import io.perigee.devstack.Console;
import io.perigee.devstack.engine.EngineFinder;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.testkit.chain.Anvil;
import io.perigee.testkit.kafka.Broker;
import io.perigee.testkit.postgres.PostgresServer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The parts that are not ours: database, broker, chain and containers. Started beside each other. */
final class Infrastructure {
    private final StackOptions options;
    private final StateDirectory state;
    private final StackPorts ports;
    private final Console console;

    private volatile @Nullable PostgresServer postgres;
    private volatile @Nullable Broker broker;
    private volatile @Nullable Ledger ledger;
    private volatile EngineFinder.@Nullable Lease engine;

    Infrastructure(StackOptions options, StateDirectory state, StackPorts ports, Console console) {
        this.options = options;
        this.state = state;
        this.ports = ports;
        this.console = console;
    }

    PostgresServer startPostgres() {
        long from = System.nanoTime();
        var server = PostgresServer.start(state.of("postgres"), ports.postgres());
        postgres = server;
        server.newDatabase(ServiceCommands.DATABASE);
        console.ready("postgres", "127.0.0.1:" + server.port(), since(from));
        return server;
    }

    Broker startBroker(Launcher launcher) {
        long from = System.nanoTime();
        var cache = launcher.cache(new Launcher.Program("broker", ServiceCommands.ownJar(), List.of(), 0));
        var started = Broker.launch(state.of("broker"), ports.broker(), ports.brokerController(), cache);
        broker = started;
        started.awaitReady();
        console.ready("broker", started.bootstrap(), since(from));
        return started;
    }

    Ledger startChain(KeyPair hub, KeyPair settler) {
        long from = System.nanoTime();
        var anvil = Anvil.start(state.log("anvil"), ports.chain());
        var deployed = Ledger.deploy(anvil, options.window(), options.maxOrder(), hub, settler);
        ledger = deployed;
        console.ready("chain", anvil.url() + ", escrow " + deployed.contracts().escrow(), since(from));
        return deployed;
    }

    EngineFinder.Lease findEngine() {
        long from = System.nanoTime();
        var lease = new EngineFinder(console, options.install(), state.root()).find();
        engine = lease;
        console.ready(
                "containers", lease.engine().name() + " at " + lease.engine().socket(), since(from));
        return lease;
    }

    private static Duration since(long from) {
        return Duration.ofNanos(System.nanoTime() - from);
    }

    Optional<PostgresServer> postgres() {
        return Optional.ofNullable(postgres);
    }

    Optional<Broker> broker() {
        return Optional.ofNullable(broker);
    }

    Optional<Ledger> ledger() {
        return Optional.ofNullable(ledger);
    }

    Optional<EngineFinder.Lease> engine() {
        return Optional.ofNullable(engine);
    }
}
