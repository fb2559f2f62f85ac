package io.perigee.scenarios.simulation;

import io.perigee.scenarios.simulation.adversary.Strategies;
import io.perigee.scenarios.simulation.report.JsonReport;
import io.perigee.scenarios.simulation.report.Plot;
import io.perigee.scenarios.simulation.report.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code perigee simulate}. */
public final class Simulate {
    private static final List<String> OPTIONS = List.of(
            "--seeds",
            "--from",
            "--owners",
            "--jobs",
            "--strategy",
            "--share",
            "--sanctions",
            "--replay",
            "--json",
            "--plot");
    private static final int USAGE = 2;

    private Simulate() {}

    public static void main(String[] arguments) throws IOException {
        if (List.of(arguments).contains("--help")) {
            System.out.print(help());
            return;
        }
        Map<String, String> options;
        Plan plan;
        try {
            options = options(arguments);
            plan = plan(options);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.println("See: perigee simulate --help");
            System.exit(USAGE);
            return;
        }
        if (options.containsKey("--replay")) {
            replay(plan.world(number(options, "--replay", 0)));
        } else {
            simulate(plan, options);
        }
    }

    private static void simulate(Plan plan, Map<String, String> options) throws IOException {
        var rows = Simulation.run(plan, new Progress(plan.seeds()));
        System.out.print(Text.table(rows));
        if (options.containsKey("--json")) {
            Files.writeString(Path.of(options.get("--json")), JsonReport.of(plan, rows));
        }
        if (options.containsKey("--plot")) {
            Files.writeString(Path.of(options.get("--plot")), Plot.svg(rows));
        }
    }

    private static void replay(Setting setting) {
        var lived = World.live(setting, System.out::println);
        System.out.printf(
                "seed %d, strategy %d (%s), share %s: %d of %d jobs finished, state hash %s%n",
                setting.seed(),
                setting.strategy().number(),
                setting.strategy().words(),
                setting.share(),
                lived.finished,
                lived.jobs,
                lived.hashes.getFirst());
    }

    private static Plan plan(Map<String, String> options) {
        var plan =
                Plan.of(number(options, "--seeds", 750), number(options, "--owners", 48), number(options, "--jobs", 2));
        plan = plan.from(number(options, "--from", 0));
        if (options.containsKey("--strategy")) {
            int wanted = number(options, "--strategy", 0);
            plan = plan.only(Strategies.ALL.stream()
                    .filter(strategy -> strategy.number() == wanted)
                    .findFirst()
                    .orElseThrow(() ->
                            new IllegalArgumentException("Expected to simulate strategy '%d', but there are 1 to %d"
                                    .formatted(wanted, Strategies.ALL.size()))));
        }
        plan = options.containsKey("--share") ? plan.only(number(options, "--share", 0) / 100.0) : plan;
        return plan.under(sanctions(options.getOrDefault("--sanctions", "court")));
    }

    private static Sanctions sanctions(String word) {
        return switch (word) {
            case "court" -> Sanctions.COURT;
            case "hub" -> Sanctions.HUB;
            default ->
                throw new IllegalArgumentException(
                        "Expected 'court' or 'hub' after --sanctions, but got '%s'".formatted(word));
        };
    }

    private static int number(Map<String, String> options, String option, int otherwise) {
        var text = options.get(option);
        try {
            return text == null ? otherwise : Integer.parseUnsignedInt(text);
        } catch (NumberFormatException _) {
            throw new IllegalArgumentException(
                    "Expected a whole number after %s, but got '%s'".formatted(option, text));
        }
    }

    private static Map<String, String> options(String[] arguments) {
        var options = new HashMap<String, String>();
        for (int i = 0; i < arguments.length; i += 2) {
            if (!OPTIONS.contains(arguments[i]) || i + 1 == arguments.length) {
                throw new IllegalArgumentException(
                        "Expected an option and its value, but got '%s'".formatted(arguments[i]));
            }
            options.put(arguments[i], arguments[i + 1]);
        }
        return options;
    }

    private static String help() {
        var text = new StringBuilder("""
                Usage: perigee simulate [options]

                Lives worlds of the market's own rules, one strategy of cheating in each, and prints what each strategy
                gains and what the rules cost, beside BOINC's and PoCo's rules. docs/verification.md explains the columns.

                  --seeds N      how many worlds (750); each seed takes the next strategy, then the next share
                  --from SEED    the first of them (0), for a long run in parts
                  --owners N     owners of providers in each world, 20 or more (48)
                  --jobs N       jobs for each owner, of 64 segments (2)
                  --strategy N   one strategy only
                  --share P      one share of attackers only, in percent (10, 20 and 30)
                  --sanctions S  what a cheat costs beside its pay: court (a court takes the whole stake), or hub (its
                                 record alone: 90 days without work, as in the hub outside the strict class)
                  --replay SEED  prints every event of this seed's world and the hash of its end
                  --json FILE    writes the rows for programs, with a hash over all worlds of a row
                  --plot FILE    draws what a try gains, as SVG

                Strategies:
                """);
        Strategies.ALL.forEach(strategy -> text.append("  %2d  %s%n".formatted(strategy.number(), strategy.words())));
        return text.toString();
    }
}
