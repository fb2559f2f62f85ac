package io.perigee.devstack.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.cli.PerigeeCli;
import io.perigee.cli.view.SystemTerminal;
import io.perigee.cli.view.Terminal;
import io.perigee.devstack.Console;
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

/** Runs the command line as one person would, with a home directory of that person's own. */
public final class CommandLine {
    private final Map<String, String> environment;

    public CommandLine(URI hub, Path home) {
        var all = new HashMap<>(System.getenv());
        all.keySet().removeIf(name -> name.startsWith("PERIGEE_") && !name.equals("PERIGEE_ASCII"));
        all.put("PERIGEE_HUB", hub.toString());
        all.put("PERIGEE_HOME", home.toString());
        this.environment = Map.copyOf(all);
    }

    /** Shows the command, runs it in front of the person, and insists that it succeeds. */
    public void show(Console console, String... words) {
        console.line("");
        console.line("$ perigee " + String.join(" ", words));
        int status = run(new SystemTerminal(environment), words);
        if (status != 0) {
            throw new Expected(
                    "Expected 'perigee " + String.join(" ", words) + "' to succeed, but it ended with status " + status,
                    "Read what it said above, and the logs");
        }
    }

    /** Runs it quietly; throws with what it said when it fails. */
    public void quietly(String... words) {
        captured(words);
    }

    /** Runs it with {@code --json} and reads the answer. */
    public JsonNode json(String... words) {
        var all = new ArrayList<>(List.of(words));
        all.add("--json");
        return Json.parse(captured(all.toArray(String[]::new)).getBytes(StandardCharsets.UTF_8));
    }

    private String captured(String... words) {
        var terminal = new CapturedTerminal();
        int status = run(terminal, words);
        if (status != 0) {
            throw new Expected(
                    "Expected 'perigee " + String.join(" ", words) + "' to succeed, but it ended with status " + status
                            + ": " + terminal.complained().strip(),
                    "Read the logs");
        }
        return terminal.said();
    }

    private int run(Terminal terminal, String... words) {
        return PerigeeCli.run(terminal, environment, InstantSource.system(), words);
    }
}
