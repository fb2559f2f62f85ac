package io.perigee.testkit.kafka;

import io.perigee.testkit.process.Child;
import io.perigee.testkit.process.Directories;
import io.perigee.testkit.process.Jvm;
import io.perigee.testkit.process.Patience;
import io.perigee.testkit.process.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A KRaft broker in a process of its own, so that a test can kill it. */
public final class Broker implements AutoCloseable {
    private final Path home;
    private final boolean temporary;
    private final int port;
    private final int controllerPort;
    private final List<String> jvmOptions;
    private @Nullable Child child;

    private Broker(Path home, boolean temporary, int port, int controllerPort, List<String> jvmOptions) {
        this.home = home;
        this.temporary = temporary;
        this.port = port;
        this.controllerPort = controllerPort;
        this.jvmOptions = List.copyOf(jvmOptions);
    }

    /** Starts a broker on free ports whose data is deleted when it is closed, and waits until it answers. */
    public static Broker start() {
        return start(List.of());
    }

    /** The same with options of the JVM that come after the usual ones. */
    public static Broker start(List<String> jvmOptions) {
        var ports = Ports.free(2);
        Broker broker =
                new Broker(Directories.temporary("perigee-broker-"), true, ports.get(0), ports.get(1), jvmOptions);
        broker.launch();
        broker.awaitReady();
        return broker;
    }

    /**
     * Starts a broker whose data stays in {@code home}; {@link #awaitReady()} says when it answers.
     *
     * @param jvmOptions added to the defaults, for example an ahead-of-time cache
     */
    public static Broker launch(Path home, int port, int controllerPort, List<String> jvmOptions) {
        Broker broker = new Broker(home.toAbsolutePath(), false, port, controllerPort, jvmOptions);
        broker.launch();
        return broker;
    }

    private void launch() {
        var words = new ArrayList<String>();
        words.addAll(List.of(Jvm.program(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xms64m", "-Xmx160m"));
        words.addAll(List.of("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"));
        words.add("-Dlogback.configurationFile=io/perigee/testkit/kafka/broker-logback.xml");
        words.addAll(jvmOptions);
        words.addAll(List.of("-cp", Jvm.classPath(), BrokerMain.class.getName()));
        words.addAll(List.of(home.toString(), Integer.toString(port), Integer.toString(controllerPort)));
        child = Child.start(new Child.Command("broker", words, home.resolve("broker.log")));
    }

    /** Waits until the broker accepts connections. */
    public void awaitReady() {
        child().awaitReady(Patience.start(), () -> Ports.open(port));
    }

    public Child child() {
        if (child == null) {
            throw new IllegalStateException("The broker is not running");
        }
        return child;
    }

    public int port() {
        return port;
    }

    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    /** {@code kill -9}. */
    public void kill() {
        child().kill();
    }

    /** Starts it again on the same ports and data. */
    public void restart() {
        if (child().alive()) {
            child().stop(Duration.ofSeconds(15));
        }
        launch();
        awaitReady();
    }

    @Override
    public void close() {
        // nothing in it is needed again after a test; a kept one recovers from a kill by itself
        if (temporary) {
            child().kill();
            Directories.delete(home);
        } else {
            child().stop(Duration.ofSeconds(15));
        }
    }
}
