package io.perigee.settlement.app;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.perigee.settlement.intent.IntentBook;
import io.perigee.settlement.intent.WriterAlarms;
import io.perigee.settlement.ledger.Ledger;
import io.perigee.settlement.watch.WatchStatus;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What an operator can see: the health checks' answers and the metrics. Measured by the service's loops, only read here. */
public final class Vitals {
    /** After so long without a good round something is wrong, whatever it is. */
    private static final Duration STALE = Duration.ofSeconds(60);

    /** So many comparisons that did not come about are no passing trouble. */
    private static final int MISSED_CHECKS = 10;

    /** A purpose parked so often is no passing trouble. */
    private static final int MANY_TRIES = 3;

    private final WriterAlarms writer;
    private final Supplier<WatchStatus> watcher;
    private final InstantSource clock;
    private final Instant started;
    private final Duration ledgerStale;
    private final AtomicLong failures = new AtomicLong();
    private volatile List<IntentBook.Trouble> troubles = List.of();
    private volatile Optional<Ledger.Report> ledger = Optional.empty();
    private volatile Optional<Instant> ledgerAt = Optional.empty();
    private volatile BigInteger balance = BigInteger.ZERO;
    private volatile boolean balanceLow;

    /** @param ledgerCheck how often books and contracts are compared */
    Vitals(WriterAlarms writer, Supplier<WatchStatus> watcher, InstantSource clock, Duration ledgerCheck) {
        var some = ledgerCheck.multipliedBy(MISSED_CHECKS);
        ledgerStale = some.compareTo(STALE) > 0 ? some : STALE;
        this.writer = writer;
        this.watcher = watcher;
        this.clock = clock;
        started = clock.instant();
    }

    void troubles(List<IntentBook.Trouble> now) {
        troubles = List.copyOf(now);
    }

    void ledger(Ledger.Report report) {
        ledger = Optional.of(report);
        ledgerAt = Optional.of(clock.instant());
    }

    /** Which part it was, the log says. */
    void failed(String part) {
        failures.incrementAndGet();
    }

    void balance(BigInteger wei, boolean low) {
        balance = wei;
        balanceLow = low;
    }

    /** The newest comparison of books and contracts. */
    public Optional<Ledger.Report> ledger() {
        return ledger;
    }

    /** Purposes that wait for somebody. */
    public List<IntentBook.Trouble> troubles() {
        return troubles;
    }

    /** How often the signer gave no signature. */
    public long signerTroubles() {
        return writer.unsigned();
    }

    /** Each check by its name; README.md of this room says what to do about each. */
    Map<String, BooleanSupplier> readiness() {
        Map<String, BooleanSupplier> checks = new LinkedHashMap<>();
        checks.put(
                "chain-watcher",
                () -> fresh(watcher.get().lastGood()) && watcher.get().trouble().isEmpty());
        checks.put("chain-writer", () -> fresh(writer.lastGood()));
        checks.put("gas-funds", () -> writer.funds().isEmpty());
        checks.put("nonces-moving", () -> writer.stuck().isEmpty());
        checks.put("purposes", () -> troubles.stream().noneMatch(trouble -> trouble.tries() >= MANY_TRIES));
        checks.put(
                "ledger",
                () -> fresh(ledgerAt, ledgerStale)
                        && ledger.map(Ledger.Report::balanced).orElse(true));
        return checks;
    }

    private boolean fresh(Optional<Instant> lastGood) {
        return fresh(lastGood, STALE);
    }

    private boolean fresh(Optional<Instant> lastGood, Duration stale) {
        return lastGood.orElse(started).isAfter(clock.instant().minus(stale));
    }

    void register(MeterRegistry metrics) {
        gauge(metrics, "perigee.settlement.purposes.parked", () -> troubles.size());
        gauge(metrics, "perigee.settlement.rounds.failed", failures::get);
        gauge(metrics, "perigee.settlement.ledger.differences", () -> ledger.map(
                        report -> report.differences().size())
                .orElse(0));
        gauge(metrics, "perigee.settlement.ledger.block", () -> ledger.map(Ledger.Report::block)
                .orElse(-1L));
        gauge(metrics, "perigee.settlement.chain.head", () -> watcher.get().head());
        gauge(metrics, "perigee.settlement.chain.confirmed", () -> watcher.get().confirmed());
        gauge(metrics, "perigee.settlement.chain.rollbacks", () -> watcher.get().rollbacks());
        gauge(metrics, "perigee.settlement.chain.deep.rollbacks", () -> watcher.get()
                .deepRollbacks());
        gauge(metrics, "perigee.settlement.transactions.signed", writer::signed);
        gauge(metrics, "perigee.settlement.transactions.bumped", writer::bumped);
        gauge(metrics, "perigee.settlement.nonces.voided", writer::voided);
        gauge(metrics, "perigee.settlement.nonces.foreign", writer::foreign);
        gauge(metrics, "perigee.settlement.signer.troubles", writer::unsigned);
        gauge(metrics, "perigee.settlement.gas.balance.gwei", () -> balance.divide(BigInteger.TEN.pow(9))
                .doubleValue());
        gauge(metrics, "perigee.settlement.gas.balance.low", () -> balanceLow ? 1 : 0);
    }

    private static void gauge(MeterRegistry metrics, String name, Supplier<Number> value) {
        Gauge.builder(name, value).register(metrics);
    }
}
