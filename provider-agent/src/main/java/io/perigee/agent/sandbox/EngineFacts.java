package io.perigee.agent.sandbox;

import java.util.List;
import java.util.Set;

/**
 * What an engine says of itself.
 *
 * @param name "Docker" or "Podman"
 * @param runtimes OCI runtimes it can start
 * @param missing limits of the sandbox that this engine cannot enforce, in words; work is refused unless empty
 */
public record EngineFacts(String name, String version, Set<String> runtimes, List<String> missing) {
    public EngineFacts {
        runtimes = Set.copyOf(runtimes);
        missing = List.copyOf(missing);
    }
}
