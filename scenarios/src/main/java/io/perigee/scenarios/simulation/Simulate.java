package io.perigee.scenarios.simulation;

import io.perigee.scenarios.simulation.report.JsonReport;
import io.perigee.scenarios.simulation.report.Plot;
import io.perigee.scenarios.simulation.report.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** {@code perigee simulate --seeds N [--owners N] [--jobs N] [--json FILE] [--plot FILE]}. */
public final class Simulate {
    private static final Set<String> OPTIONS = Set.of("--seeds", "--owners", "--jobs", "--json", "--plot");
    private static final int USAGE = 64;

    private Simulate() {}

    public static void main(String[] arguments) throws IOException {
        var options = options(arguments);
        if (options.isEmpty() && arguments.length > 0) {
            System.err.println("Usage: perigee simulate --seeds N [--owners N] [--jobs N] [--json FILE] [--plot FILE]");
            System.exit(USAGE);
        }
        int seeds = Integer.parseInt(options.getOrDefault("--seeds", "660"));
        int owners = Integer.parseInt(options.getOrDefault("--owners", "48"));
        int jobs = Integer.parseInt(options.getOrDefault("--jobs", "2"));
        var rows = Simulation.run(seeds, owners, jobs);
        System.out.print(Text.table(rows));
        if (options.containsKey("--json")) {
            Files.writeString(Path.of(options.get("--json")), JsonReport.of(seeds, rows));
        }
        if (options.containsKey("--plot")) {
            Files.writeString(Path.of(options.get("--plot")), Plot.svg(rows));
        }
    }

    /** Nothing when a word is not understood. */
    private static Map<String, String> options(String[] arguments) {
        var options = new HashMap<String, String>();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            if (!OPTIONS.contains(arguments[i])) {
                return Map.of();
            }
            options.put(arguments[i], arguments[i + 1]);
        }
        return arguments.length % 2 == 0 ? options : Map.of();
    }
}
