package io.perigee.benchmarks.matching;

import io.perigee.market.matching.Match;
import io.perigee.market.matching.Matcher;
import io.perigee.market.matching.Need;
import io.perigee.market.matching.OfferIndex;
import io.perigee.market.matching.OfferView;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One decision, by the index and by the scan. Run with {@code -prof gc} it shows what a decision allocates. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx3g", "-XX:+UseSerialGC", "-XX:+UseTransparentHugePages"})
public class MatchingBenchmark {
    private static final int JOBS = 4_096;

    @Param({"10000", "100000"})
    public int providers;

    private final OfferIndex index = new OfferIndex();
    private List<OfferView> offers = List.of();
    private List<LargeMarket.Wanted> jobs = List.of();
    private List<Need> needs = List.of();
    private int at;

    @Setup
    public void fill() {
        var market = new LargeMarket(providers, 1);
        offers = market.offers();
        offers.forEach(index::put);
        jobs = market.jobs(JOBS);
        needs = jobs.stream()
                .map(job -> index.prepare(job.request(), job.spec()))
                .toList();
    }

    @Benchmark
    public boolean decide() {
        return index.decide(needs.get(at++ % JOBS));
    }

    /** With what the scheduler would call: everything from the spec to the chosen offers. */
    @Benchmark
    public Match match() {
        var job = jobs.get(at++ % JOBS);
        return index.match(job.request(), job.spec());
    }

    @Benchmark
    public Match scan() {
        var job = jobs.get(at++ % JOBS);
        return Matcher.match(job.request(), job.spec(), offers);
    }
}
