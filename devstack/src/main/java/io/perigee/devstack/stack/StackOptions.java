package io.perigee.devstack.stack;

import io.perigee.devstack.engine.EngineFinder.Install;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to start.
 *
 * @param state where logs, keys and data of this stack are
 * @param apiPort of the front door; 0 for any
 * @param chainPort of the chain; 0 for any
 * @param window W of the escrow
 * @param maxOrder longest life of an order
 * @param agents one provider agent of an owner of its own each
 * @param install whether programs may be installed
 * @param lora whether the {@code lora} trainer is offered, too; its image is built when the engine lacks it
 * @param caches of the services, for quicker starts
 */
public record StackOptions(
        Path state,
        int apiPort,
        int chainPort,
        Duration window,
        Duration maxOrder,
        List<AgentOptions> agents,
        Install install,
        boolean lora,
        StartupCaches caches) {

    public StackOptions {
        state = state.toAbsolutePath();
        agents = List.copyOf(agents);
    }

    /**
     * One provider.
     *
     * @param name also of its log file and its owner's wallet
     * @param perMillionTokens its price, in the token's smallest unit
     * @param mainClass another program than the production agent's, for a provider that misbehaves
     */
    public record AgentOptions(
            String name, String perMillionTokens, @Nullable String mainClass) {}

    /** Three honest agents, W of four seconds, any free ports. */
    public static StackOptions quick(Path state) {
        return new StackOptions(
                state,
                0,
                0,
                Duration.ofSeconds(4),
                Duration.ofDays(1),
                List.of(
                        new AgentOptions("provider-1", "1000000", null),
                        new AgentOptions("provider-2", "1100000", null),
                        new AgentOptions("provider-3", "1200000", null)),
                Install.WHEN_ROOT,
                false,
                StartupCaches.of(state));
    }

    public StackOptions withAgents(List<AgentOptions> others) {
        return new StackOptions(state, apiPort, chainPort, window, maxOrder, others, install, lora, caches);
    }

    public StackOptions withWindow(Duration other) {
        return new StackOptions(state, apiPort, chainPort, other, maxOrder, agents, install, lora, caches);
    }

    public StackOptions withPorts(int api, int chain) {
        return new StackOptions(state, api, chain, window, maxOrder, agents, install, lora, caches);
    }

    public StackOptions withInstall(Install other) {
        return new StackOptions(state, apiPort, chainPort, window, maxOrder, agents, other, lora, caches);
    }

    public StackOptions withLora() {
        return new StackOptions(state, apiPort, chainPort, window, maxOrder, agents, install, true, caches);
    }

    /** For a stack that starts once: writing caches costs more than they save, but those of another one's state are used. */
    public StackOptions withCachesOf(Path otherState) {
        return new StackOptions(
                state, apiPort, chainPort, window, maxOrder, agents, install, lora, StartupCaches.readFrom(otherState));
    }
}
