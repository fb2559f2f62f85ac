package io.perigee.benchmarks.durable;

import io.perigee.benchmarks.matching.Cost;
import io.perigee.benchmarks.matching.Machine;
import io.perigee.protocol.crypto.Signatures;
import io.perigee.protocol.rest.KeyedSubmission;
import io.perigee.testkit.sample.Parties;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Prints what a job costs from its submission to its assignments, and how long that takes at half the load. */
public final class DurableReport {
    private static final List<String> PROCESSES = List.of("api", "scheduler", "postgres", "broker");
    private static final Duration ACCEPT = Duration.ofHours(1);
    private static final int WARM = 3_000;
    private static final int SENDERS = 2;
    private static final int SINGLE_SENDERS = 16;
    /** Jobs a second. */
    private static final double HARDLY = 5;

    private final PrintStream out;
    private final DurableStack stack;
    private final Load load;
    private final DurableOptions options;
    private double check;
    private double sign;

    private DurableReport(PrintStream out, DurableStack stack, Load load, DurableOptions options) {
        this.out = out;
        this.stack = stack;
        this.load = load;
        this.options = options;
    }

    /** {@code java … DurableReport [--jobs N] [--agents M] [--batch B] [--singles K] [--seconds S] [--rows 1] [--record DIR]} */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        var options = DurableOptions.of(arguments);
        Machine.print(System.out);
        run(System.out, options);
    }

    static void run(PrintStream out, DurableOptions options) throws IOException, InterruptedException {
        try (var stack = new DurableStack(options.root(), ACCEPT, options.recordings());
                var log = new LogWatch(stack.bootstrap(), Load.REPLICAS);
                var load = new Load(stack, log, options.agents(), options.slots())) {
            new DurableReport(out, stack, load, options).report();
        }
    }

    private void report() throws InterruptedException {
        out.printf(
                "%d agents with %d slots each, batches of %d, processor time by %s%n%n",
                options.agents(), options.slots(), options.batch(), stack.way());
        signatures();
        batched(load.jobs(options.warmUp()), false);
        out.println(
                "| what | jobs | jobs/s | µs CPU a job: front door | scheduler | PostgreSQL | broker | all | all but signatures | and but compilation |");
        out.println("|---|---|---|---|---|---|---|---|---|---|");
        double rate = measured("jobs:batch, assigned", load.jobs(options.jobs()), this::batched, false);
        if (options.rows() == 1) {
            return;
        }
        measured("jobs:batch, assigned and accepted", load.jobs(options.jobs()), this::batched, true);
        double singleRate = measured("one by one, assigned", load.jobs(options.singles()), this::alone, false);
        out.println();
        out.println("| at half load, and at hardly any | jobs/s | p50 ms | p99 ms | most ms |");
        out.println("|---|---|---|---|---|");
        paced("jobs:batch, a batch each 20 ms", rate / 2, Duration.ofMillis(20));
        paced("one by one", singleRate / 2, Duration.ZERO);
        // what the path takes where nothing waits for anything
        paced("one by one, hardly any", HARDLY, Duration.ZERO);
    }

    private void signatures() {
        var digest = Parties.digest("what is signed");
        var signature = Parties.BUILDER.sign(digest);
        check = micros(() -> Signatures.isBy(Parties.BUILDER.address(), digest, signature));
        sign = micros(() -> Parties.BUILDER.sign(digest));
        out.printf(
                Locale.ROOT,
                "Checking a signature: %.0f µs, making one: %.0f µs. An order's is checked by the front door and by the scheduler,"
                        + " which signs %d assignments; an acceptance's is checked by both, too.%n%n",
                check,
                sign,
                Load.REPLICAS);
    }

    private static double micros(Runnable what) {
        for (int i = 0; i < WARM; i++) {
            what.run();
        }
        var cost = new Cost();
        for (int i = 0; i < WARM; i++) {
            what.run();
        }
        return cost.seconds() * 1e6 / WARM;
    }

    private interface Sending {
        void send(List<KeyedSubmission> jobs, boolean accepted) throws InterruptedException;
    }

    private double measured(String what, List<KeyedSubmission> jobs, Sending sending, boolean accepted)
            throws InterruptedException {
        stack.recording().ifPresent(Recording::begin);
        long compiledBefore = stack.compilation();
        var before = stack.cpu();
        long from = System.nanoTime();
        sending.send(jobs, accepted);
        double seconds = (System.nanoTime() - from) / 1e9;
        var after = stack.cpu();
        double compiled = (stack.compilation() - compiledBefore) / 1e3;
        stack.recording().ifPresent(recording -> recording.end(what, jobs.size()));
        var row = new StringBuilder(
                String.format(Locale.ROOT, "| %s | %d | %.0f |", what, jobs.size(), jobs.size() / seconds));
        for (var process : PROCESSES) {
            row.append(String.format(Locale.ROOT, " %.0f |", micros(before, after, process) / jobs.size()));
        }
        double all = PROCESSES.stream()
                .mapToDouble(process -> micros(before, after, process))
                .sum();
        int checks = 2 + (accepted ? 2 * Load.REPLICAS : 0);
        double signatures = checks * check + Load.REPLICAS * sign;
        out.println(row.append(String.format(
                Locale.ROOT,
                " %.0f | %.0f | %.0f |",
                all / jobs.size(),
                all / jobs.size() - signatures,
                (all - compiled) / jobs.size() - signatures)));
        return jobs.size() / seconds;
    }

    private static double micros(Map<String, Long> before, Map<String, Long> after, String process) {
        return (after.getOrDefault(process, 0L) - before.getOrDefault(process, 0L)) / 1e3;
    }

    /** As fast as it goes, with some batches on their way at once; returns when all are assigned. */
    private void batched(List<KeyedSubmission> jobs, boolean accepted) throws InterruptedException {
        long started = accepted ? load.started() + (long) Load.REPLICAS * jobs.size() : 0;
        load.accepting(accepted);
        var room = new Semaphore(SENDERS);
        for (int from = 0; from < jobs.size(); from += options.batch()) {
            var some = jobs.subList(from, Math.min(from + options.batch(), jobs.size()));
            take(room);
            load.run(() -> {
                load.batch(some);
                room.release();
            });
        }
        take(room, SENDERS);
        load.awaitAssigned(started);
    }

    private void alone(List<KeyedSubmission> jobs, boolean accepted) throws InterruptedException {
        load.accepting(accepted);
        var room = new Semaphore(SINGLE_SENDERS);
        for (var job : jobs) {
            take(room);
            load.run(() -> {
                load.single(job);
                room.release();
            });
        }
        take(room, SINGLE_SENDERS);
        load.awaitAssigned(0);
    }

    /** At a rate, whatever comes back: an open loop, so that waiting in line counts. */
    private void paced(String what, double rate, Duration each) throws InterruptedException {
        load.accepting(false);
        int atOnce = each.isZero() ? 1 : Math.max(1, (int) Math.round(rate * each.toMillis() / 1e3));
        var jobs = load.jobs((int) Math.max(atOnce, rate * options.seconds()));
        long from = System.nanoTime();
        var room = new Semaphore(1_000);
        for (int at = 0; at < jobs.size(); at += atOnce) {
            LockSupport.parkNanos(from + (long) (at / rate * 1e9) - System.nanoTime());
            var some = jobs.subList(at, Math.min(at + atOnce, jobs.size()));
            take(room);
            load.run(() -> {
                if (each.isZero()) {
                    load.single(some.getFirst());
                } else {
                    load.batch(some);
                }
                room.release();
            });
        }
        take(room, 1_000);
        load.awaitAssigned(0);
        var latencies = load.latencies(jobs);
        out.printf(
                Locale.ROOT,
                "| %s | %.0f | %.1f | %.1f | %.1f |%n",
                what,
                rate,
                at(latencies, 0.5),
                at(latencies, 0.99),
                latencies[latencies.length - 1]);
    }

    private static double at(double[] sorted, double share) {
        return sorted[Math.min(sorted.length - 1, (int) (sorted.length * share))];
    }

    private static void take(Semaphore room) throws InterruptedException {
        take(room, 1);
    }

    private static void take(Semaphore room, int permits) throws InterruptedException {
        if (!room.tryAcquire(permits, 10, TimeUnit.MINUTES)) {
            throw new IllegalStateException("Expected the front door to answer, but it does not");
        }
    }
}
