package io.perigee.agent.app;

import io.perigee.agent.sandbox.ContainerRuntime;
import io.perigee.agent.sandbox.EngineException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Knows whether the container engine answers and has every limit a job is promised to be held by. */
final class EngineWatch {
    private static final Logger LOG = LoggerFactory.getLogger(EngineWatch.class);
    private static final Duration WHILE_DOWN = Duration.ofSeconds(2);
    private static final Duration WHILE_UP = Duration.ofSeconds(30);

    private final ContainerRuntime runtime;
    private final Optional<String> demanded;
    private volatile boolean up;
    private volatile String detail = "not asked yet";

    /** @param demanded the OCI runtime the owner demands, if any */
    EngineWatch(ContainerRuntime runtime, Optional<String> demanded) {
        this.runtime = runtime;
        this.demanded = demanded;
    }

    boolean up() {
        return up;
    }

    String detail() {
        return detail;
    }

    /** Asks once. @return how long to wait before the next time */
    Duration ask() {
        boolean before = up;
        try {
            var facts = runtime.describe();
            if (!facts.missing().isEmpty()) {
                set(false, "Expected an engine with every limit, but it lacks: " + String.join(", ", facts.missing()));
            } else if (demanded.isPresent() && !facts.runtimes().contains(demanded.get())) {
                set(
                        false,
                        "Expected an engine with runtime '%s', but it has %s"
                                .formatted(demanded.get(), facts.runtimes()));
            } else {
                set(true, facts.name() + " " + facts.version());
            }
        } catch (EngineException e) {
            set(false, String.valueOf(e.getMessage()));
        }
        if (before != up) {
            LOG.info("Engine up={} detail={}", up, detail);
        }
        return up ? WHILE_UP : WHILE_DOWN;
    }

    private void set(boolean nowUp, String nowDetail) {
        up = nowUp;
        detail = nowDetail;
    }
}
