package io.perigee.devstack.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.cli.ExitCode;
import io.perigee.cli.PerigeeCli;
import io.perigee.cli.view.Terminal;
import io.perigee.devstack.Expected;
import io.perigee.protocol.codec.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Somebody with a home directory who uses the command line, in this process. */
public final class User {
    private final Map<String, String> environment;

    public User(Path home, URI hub) {
        this(home, hub, Map.of());
    }

    /** @param more variables that this user has set besides */
    User(Path home, URI hub, Map<String, String> more) {
        var variables = new HashMap<>(System.getenv());
        // settings of the person at the keyboard are not this user's
        variables.keySet().removeIf(name -> name.startsWith("PERIGEE_"));
        variables.put("PERIGEE_HOME", home.toString());
        variables.put("PERIGEE_HUB", hub.toString());
        variables.putAll(more);
        this.environment = Map.copyOf(variables);
    }

    /** Runs a command where it can be seen, and returns its exit code. */
    int run(Terminal terminal, String... words) {
        return PerigeeCli.run(terminal, environment, InstantSource.system(), words);
    }

    /**
     * Runs a command unseen, and returns the document it prints.
     *
     * @throws Expected when it fails
     */
    public JsonNode ask(String... words) {
        return Json.parse(printed(ExitCode.DONE, words).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Runs a command unseen, and returns the documents it prints, one a line.
     *
     * @param code the exit code it is to end with
     * @throws Expected when it ends with another
     */
    public List<JsonNode> askLines(int code, String... words) {
        return printed(code, words)
                .lines()
                .map(line -> Json.parse(line.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    private String printed(int wanted, String... words) {
        var all = new ArrayList<>(List.of(words));
        all.add("--json");
        var terminal = new SilentTerminal();
        int code = run(terminal, all.toArray(String[]::new));
        if (code != wanted) {
            throw new Expected(
                    "Expected 'perigee %s' to end with %d, but it ended with %d: %s"
                            .formatted(
                                    String.join(" ", words),
                                    wanted,
                                    code,
                                    terminal.errors().strip()),
                    "Read the logs of the services");
        }
        return terminal.text();
    }
}
