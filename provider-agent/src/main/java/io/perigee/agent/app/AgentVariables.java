package io.perigee.agent.app;

import io.perigee.protocol.error.InvalidValue;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.TreeSet;

/** The names of the settings in the environment; the configuration library passes over those it does not know. */
final class AgentVariables {
    private static final String PREFIX = "PERIGEE_AGENT_";

    private AgentVariables() {}

    /** @throws InvalidValue when a name of the agent's form is none of its settings */
    static void check(Collection<String> names) {
        var known = new TreeSet<String>();
        Arrays.stream(AgentSettings.class.getDeclaredMethods())
                .filter(method -> !method.isSynthetic())
                .map(method ->
                        PREFIX + method.getName().replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT))
                .forEach(known::add);
        for (String name : new TreeSet<>(names)) {
            if (name.startsWith(PREFIX) && !known.contains(name)) {
                throw new InvalidValue("Expected the environment to set what the agent knows, but '%s' is none of %s"
                        .formatted(name, String.join(", ", known)));
            }
        }
    }
}
