package io.perigee.devstack.stack;

import io.perigee.testkit.process.Child;
import io.perigee.testkit.process.Patience;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One of our own services as a process that can be killed and started again. */
public final class Service {
    private final String name;
    private final List<String> words;
    private final Path log;
    private final Readiness readiness;
    private @Nullable Child child;

    /**
     * @param words program and arguments
     * @param readiness tells when the service does its work
     */
    Service(String name, List<String> words, Path log, Readiness readiness) {
        this.name = name;
        this.words = List.copyOf(words);
        this.log = log;
        this.readiness = readiness;
    }

    public String name() {
        return name;
    }

    public Path log() {
        return log;
    }

    /** Starts it; {@code environment} is added for this start only, for example a crash point. */
    public synchronized void start(Map<String, String> environment) {
        if (child != null && child.alive()) {
            throw new IllegalStateException("Expected to start " + name + ", but it runs already");
        }
        var all = new LinkedHashMap<>(environment);
        // one heap for each arena of each thread makes small JVMs large
        all.put("MALLOC_ARENA_MAX", "2");
        child = Child.start(new Child.Command(name, new ArrayList<>(words), log)
                .withEnvironment(all)
                .dyingBy("TERM"));
    }

    public synchronized Optional<Child> child() {
        return Optional.ofNullable(child);
    }

    public boolean alive() {
        return child().map(Child::alive).orElse(false);
    }

    /** {@code kill -9}. */
    public void kill() {
        child().ifPresent(Child::kill);
    }

    /** Asks it to stop, and waits. */
    public void stop(Duration grace) {
        child().ifPresent(each -> each.stop(grace));
    }

    /** Waits until it says that it does its work, as long as its process lives. */
    public void awaitReady() {
        Child started = child().orElseThrow(() -> new IllegalStateException(name + " was not started"));
        started.awaitReady(Patience.start(), () -> readiness.ready(started.pid()));
    }
}
