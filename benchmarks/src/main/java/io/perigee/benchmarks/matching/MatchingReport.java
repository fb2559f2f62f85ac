package io.perigee.benchmarks.matching;

import io.perigee.market.matching.Matcher;
import io.perigee.market.matching.Need;
import io.perigee.market.matching.OfferChange;
import io.perigee.market.matching.OfferIndex;
import io.perigee.market.matching.OfferView;
import io.perigee.protocol.id.ProviderId;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/** Measures the index, and the scan beside it, at several sizes of market; prints a table in Markdown. */
public final class MatchingReport {
    private static final int JOBS = 20_000;
    /** A batch of it looks at every machine for every task: at a hundred thousand one would take minutes. */
    private static final int MOST_FOR_FENZO = 10_000;

    private final PrintStream out;
    private final double seconds;

    /** @param seconds of processor time for each number */
    MatchingReport(PrintStream out, double seconds) {
        this.out = out;
        this.seconds = seconds;
    }

    public static void main(String[] args) {
        var sizes = args.length == 0
                ? new int[] {10_000, 100_000, 1_000_000}
                : IntStream.range(0, args.length)
                        .map(at -> Integer.parseInt(args[at]))
                        .toArray();
        new MatchingReport(System.out, 2).run(sizes);
    }

    void run(int... sizes) {
        Machine.print(out);
        index(sizes);
        out.println();
        peers(sizes);
    }

    /** In the same run on the same offers and jobs, as far as each can express them. */
    private void peers(int... sizes) {
        out.println(
                "| providers | index: jobs/CPU-s, placed and released | scan: decisions/CPU-s | Fenzo: placements/CPU-s"
                        + " | exchange-core's book: jobs/CPU-s, price alone |");
        out.println("|---|---|---|---|---|");
        for (int size : sizes) {
            var market = new LargeMarket(size, 1);
            var offers = market.offers();
            var jobs = market.jobs(JOBS);
            int running = size * 2 / 5;
            var book = new OrderBook(offers, jobs, running);
            book.run(seconds);
            var index = new OfferIndex();
            offers.forEach(index::put);
            var needs = jobs.stream()
                    .map(job -> index.prepare(job.request(), job.spec()))
                    .toList();
            var load = new Load(index, needs, running);
            load.run(seconds);
            out.printf(
                    "| %,d | %,.0f | %s | %s | %,.0f |%n",
                    size,
                    load.run(seconds),
                    scans(jobs, offers),
                    size > MOST_FOR_FENZO ? "—" : "%,.0f".formatted(new Fenzo(offers, jobs).run(seconds)),
                    book.run(seconds));
            out.flush();
        }
    }

    private void index(int... sizes) {
        out.println(
                "| providers | jobs/CPU-s, placed and released | decisions/CPU-s | placed | p50 µs | p99 µs | p99.9 µs"
                        + " | infeasible p99 µs | steps mean | steps p99 | bytes a decision | scans/CPU-s | build CPU-s"
                        + " | bytes a provider | updates/CPU-s |");
        out.println("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        for (int size : sizes) {
            row(size);
        }
    }

    private void row(int providers) {
        var market = new LargeMarket(providers, 1);
        var offers = market.offers();
        var build = new Cost();
        var index = new OfferIndex();
        offers.forEach(index::put);
        double built = build.seconds();
        var jobs = market.jobs(JOBS);
        var needs = jobs.stream()
                .map(job -> index.prepare(job.request(), job.spec()))
                .toList();

        var load = new Load(index, needs, providers * 2 / 5);
        load.run(seconds);
        double turns = load.run(seconds);
        decide(index, needs);
        double decisions = decide(index, needs);
        var times = new Times(index, needs);
        times.measure();
        out.printf(
                "| %,d | %,.0f | %,.0f | %.0f %% | %s | %.0f | %d | %.2f | %s | %.2f | %.1f | %,.0f |%n",
                providers,
                turns,
                decisions,
                times.placedPercent(),
                times.words(),
                times.meanSteps(),
                times.steps.getValueAtPercentile(99),
                bytes(index, needs),
                scans(jobs, offers),
                built,
                (double) index.bytes() / providers,
                updates(market, index, offers));
        out.flush();
    }

    /** Decisions a second of processor time. */
    private double decide(OfferIndex index, List<Need> needs) {
        var cost = new Cost();
        long many = 0;
        while (cost.seconds() < seconds) {
            for (int at = 0; at < needs.size(); at++) {
                index.decide(needs.get(at));
            }
            many += needs.size();
        }
        return many / cost.seconds();
    }

    private static double bytes(OfferIndex index, List<Need> needs) {
        var cost = new Cost();
        for (int at = 0; at < needs.size(); at++) {
            index.decide(needs.get(at));
        }
        return (double) cost.bytes() / needs.size();
    }

    private String scans(List<LargeMarket.Wanted> jobs, List<OfferView> offers) {
        var cost = new Cost();
        int many = 0;
        while (cost.seconds() < seconds || many < 2) {
            var job = jobs.get(many++ % jobs.size());
            Matcher.match(job.request(), job.spec(), offers);
        }
        double rate = many / cost.seconds();
        return rate < 10 ? "%.2f".formatted(rate) : "%,.0f".formatted(rate);
    }

    /** One offer in a hundred asks a hundredth more or less. */
    private double updates(LargeMarket market, OfferIndex index, List<OfferView> offers) {
        var before = IntStream.range(0, Math.min(offers.size(), 200_000))
                .mapToObj(at -> offers.get((int) (at * 7_919L % offers.size())))
                .toList();
        var changed = puts(before.stream().map(view -> market.repriced(view, 1)));
        var back = puts(before.stream());
        update(index, changed, back);
        return update(index, changed, back);
    }

    private static List<OfferChange> puts(Stream<OfferView> views) {
        return views.<OfferChange>map(OfferChange.Put::new).toList();
    }

    private double update(OfferIndex index, List<OfferChange> changed, List<OfferChange> back) {
        var cost = new Cost();
        long many = 0;
        while (cost.seconds() < seconds) {
            index.apply(changed);
            index.apply(back);
            many += 2L * changed.size();
        }
        return many / cost.seconds();
    }

    /** Jobs that come, run for a while and end: so many placements are kept running, first in, first out. */
    static final class Load {
        private final OfferIndex index;
        private final List<Need> needs;
        private final int running;
        private final Queue<ProviderId> leases = new ArrayDeque<>();
        private int at;

        Load(OfferIndex index, List<Need> needs, int running) {
            this.index = index;
            this.needs = needs;
            this.running = running;
        }

        double run(double seconds) {
            var cost = new Cost();
            long many = 0;
            while (cost.seconds() < seconds) {
                turns(1_000);
                many += 1_000;
            }
            return many / cost.seconds();
        }

        void turns(int many) {
            for (int round = 0; round < many; round++) {
                turn();
            }
        }

        private void turn() {
            if (index.decide(needs.get(at++ % needs.size()))) {
                var first = index.picked(0);
                var second = index.picked(1);
                take(first);
                take(second);
            }
            while (leases.size() > running) {
                release(leases.remove());
            }
        }

        private void take(OfferView view) {
            index.use(view.provider(), view.usedSlots() + 1, view.usedGpus());
            leases.add(view.provider());
        }

        private void release(ProviderId provider) {
            int used = index.offer(provider).orElseThrow().usedSlots();
            index.use(provider, used - 1, 0);
        }
    }

    /** Service times and steps of single decisions. */
    private static final class Times {
        private final OfferIndex index;
        private final List<Need> needs;
        private final Histogram placed = new Histogram(3);
        private final Histogram refused = new Histogram(3);
        private final Histogram all = new Histogram(3);
        final Histogram steps = new Histogram(3);

        Times(OfferIndex index, List<Need> needs) {
            this.index = index;
            this.needs = needs;
        }

        void measure() {
            for (int round = 0; round < 20; round++) {
                needs.forEach(this::measure);
            }
        }

        private void measure(Need need) {
            long before = index.steps();
            long start = System.nanoTime();
            boolean found = index.decide(need);
            long nanos = System.nanoTime() - start;
            all.recordValue(nanos);
            (found ? placed : refused).recordValue(nanos);
            steps.recordValue(index.steps() - before);
        }

        double placedPercent() {
            return 100.0 * placed.getTotalCount() / all.getTotalCount();
        }

        double meanSteps() {
            return steps.getMean();
        }

        String words() {
            return "%.2f | %.2f | %.2f | %.2f"
                    .formatted(micros(all, 50), micros(all, 99), micros(all, 99.9), micros(refused, 99));
        }

        private static double micros(Histogram histogram, double percent) {
            return histogram.getValueAtPercentile(percent) / 1_000.0;
        }
    }
}
