package io.perigee.devstack.stack;

import io.perigee.devstack.Checkout;
import io.perigee.devstack.image.TrainerImage;
import io.perigee.testkit.postgres.PostgresServer;
import io.perigee.testkit.process.Jvm;
import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The command line of each service: the production JAR, and the settings of this stack. */
final class ServiceCommands {
    static final String DATABASE = "perigee";

    private final Checkout checkout;
    private final StackOptions options;
    private final StateDirectory state;
    private final StackPorts ports;
    private final Ledger ledger;
    private final Keys.Stored hub;
    private final Launcher launcher;

    ServiceCommands(
            Checkout checkout,
            StackOptions options,
            StateDirectory state,
            StackPorts ports,
            Ledger ledger,
            Keys.Stored hub,
            Launcher launcher) {
        this.checkout = checkout;
        this.options = options;
        this.state = state;
        this.ports = ports;
        this.ledger = ledger;
        this.hub = hub;
        this.launcher = launcher;
    }

    Service scheduler() {
        var settings = common();
        settings.put("perigee.scheduler.hub-key-file", hub.file().toString());
        settings.put("perigee.scheduler.hub-key-password-file", hub.password().toString());
        settings.put("perigee.scheduler.ops-port", Integer.toString(ports.scheduler()));
        return service(
                Launcher.jar("scheduler", checkout.jar("scheduler", "perigee-scheduler"), 128),
                settings,
                local(ports.scheduler(), "/health/ready"));
    }

    Service settlement(Keys.Stored gas) {
        var settings = common();
        settings.put("perigee.settlement.key-file", gas.file().toString());
        settings.put("perigee.settlement.key-password-file", gas.password().toString());
        settings.put("perigee.settlement.ops-port", Integer.toString(ports.settlement()));
        settings.put("perigee.settlement.confirmations", "1");
        settings.put(
                "perigee.settlement.start-block",
                Long.toString(ledger.contracts().block()));
        settings.put("perigee.settlement.poll", "250ms");
        return service(
                Launcher.jar("settlement", checkout.jar("settlement", "perigee-settlement"), 128),
                settings,
                local(ports.settlement(), "/health/ready"));
    }

    Service api(List<TrainerImage> trainers) {
        var settings = common();
        settings.put("perigee.chain.public-rpc-url", ledger.anvil().url());
        settings.put("quarkus.http.host", "127.0.0.1");
        settings.put("quarkus.http.port", Integer.toString(ports.api()));
        settings.put("quarkus.management.host", "127.0.0.1");
        settings.put("quarkus.management.port", Integer.toString(ports.apiOps()));
        settings.put("perigee.api.artifacts.dir", state.of("artifacts").toString());
        // a stack starts with 3 GiB free
        settings.put("perigee.api.artifacts.builder-reserve", "2G");
        for (var trainer : trainers) {
            String key = "perigee.api.trainers." + trainer.name();
            trainer.archive().ifPresent(archive -> settings.put(key + ".archive", archive.toString()));
            settings.put(key + ".image", trainer.image().value());
        }
        settings.put("perigee.api.heartbeat", "2s");
        return service(Launcher.jar("api", checkout.apiJar(), 256), settings, local(ports.apiOps(), "/health/ready"));
    }

    Service agent(StackOptions.AgentOptions agent, Path home, String engineUrl) {
        var settings = new LinkedHashMap<String, String>();
        settings.put("perigee.agent.home", home.toString());
        settings.put("perigee.agent.hub-url", apiUrl().toString());
        settings.put("perigee.agent.engine", engineUrl);
        settings.put("perigee.agent.per-million-tokens", agent.perMillionTokens());
        settings.put("perigee.agent.slots", "1");
        Path jar = checkout.jar("provider-agent", "perigee-provider-agent");
        // a variant is the production agent, its libraries first, with one class more
        var program = agent.mainClass() == null
                ? Launcher.jar("agent", jar, 128)
                : new Launcher.Program(
                        "agent-variant",
                        ownJar(),
                        List.of("-cp", jar + File.pathSeparator + Jvm.classPath(), agent.mainClass()),
                        128);
        var words = launcher.words(program, settings);
        words.add("run");
        return new Service(agent.name(), words, state.log(agent.name()), Readiness.agent(home));
    }

    URI apiUrl() {
        return local(ports.api(), "");
    }

    /** The JAR this program runs from. */
    static Path ownJar() {
        return Path.of(Jvm.classPath().split(File.pathSeparator)[0]).toAbsolutePath();
    }

    private Map<String, String> common() {
        var contracts = ledger.contracts();
        var settings = new LinkedHashMap<String, String>();
        settings.put("perigee.database.host", "127.0.0.1");
        settings.put("perigee.database.port", Integer.toString(ports.postgres()));
        settings.put("perigee.database.name", DATABASE);
        settings.put("perigee.database.user", PostgresServer.USER);
        settings.put("perigee.database.password", PostgresServer.PASSWORD);
        settings.put("perigee.kafka.bootstrap", "127.0.0.1:" + ports.broker());
        settings.put("perigee.hub.address", hub.key().address().value());
        settings.put("perigee.chain.id", Long.toString(contracts.chainId()));
        settings.put("perigee.chain.escrow", contracts.escrow());
        settings.put("perigee.chain.registry", contracts.registry());
        settings.put("perigee.chain.epochs", contracts.epochs());
        settings.put("perigee.chain.token", contracts.token());
        settings.put("perigee.chain.rpc-url", ledger.anvil().url());
        settings.put("perigee.chain.window", Long.toString(options.window().toSeconds()));
        settings.put("perigee.chain.max-order", Long.toString(options.maxOrder().toSeconds()));
        return settings;
    }

    private Service service(Launcher.Program program, Map<String, String> settings, URI readiness) {
        return new Service(
                program.name(),
                launcher.words(program, settings),
                state.log(program.name()),
                Readiness.http(readiness));
    }

    private static URI local(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
