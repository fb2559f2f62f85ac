package io.perigee.benchmarks.durable;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is measured.
 *
 * @param jobs in each of the two runs of batches
 * @param slots of each agent: enough for all replicas, since nobody finishes
 * @param singles jobs in the run of single submissions
 * @param seconds of each paced run
 * @param rows 1 for the first row of the table alone, without the other runs
 */
record DurableOptions(
        Path root, int jobs, int agents, int batch, int singles, int seconds, int rows, Optional<Path> recordings) {
    private static final Set<String> NAMES =
            Set.of("--jobs", "--agents", "--batch", "--singles", "--seconds", "--rows", "--record");
    private static final int MOST_SLOTS = 1_024;

    static DurableOptions of(String... arguments) {
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            if (!NAMES.contains(arguments[i]) || i + 1 == arguments.length) {
                throw new IllegalArgumentException(
                        "Expected %s with a value each, but got '%s'".formatted(NAMES, arguments[i]));
            }
            given.put(arguments[i], arguments[i + 1]);
        }
        int jobs = number(given, "--jobs", 20_000);
        return new DurableOptions(
                Path.of("").toAbsolutePath(),
                jobs,
                number(given, "--agents", 1_000),
                number(given, "--batch", 500),
                number(given, "--singles", Math.max(1, jobs / 10)),
                number(given, "--seconds", 20),
                number(given, "--rows", 5),
                Optional.ofNullable(given.get("--record")).map(Path::of));
    }

    private static int number(Map<String, String> given, String name, int usual) {
        return Integer.parseInt(given.getOrDefault(name, Integer.toString(usual)));
    }

    int warmUp() {
        return Math.min(jobs, 2_000);
    }

    /** Two runs, the warm-up, the single ones, and paced runs that are no more than as many again. */
    int slots() {
        long replicas = (long) Load.REPLICAS * (4L * jobs + warmUp() + 2L * singles);
        return (int) Math.clamp(Math.ceilDiv(replicas, agents) + 1, 1, MOST_SLOTS);
    }
}
