package io.perigee.scheduler.testing;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.perigee.eventlog.DatabaseSettings;
import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.Migrations;
import io.perigee.market.MarketPolicy;
import io.perigee.market.lifecycle.HubSecrets;
import io.perigee.market.pricing.Pricing;
import io.perigee.protocol.fact.Body;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.fact.JobFact;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.ProviderRegistered;
import io.perigee.protocol.fact.StakeChanged;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.scheduler.draw.KnownHead;
import io.perigee.scheduler.job.EarlyKeeper;
import io.perigee.scheduler.job.JobDesk;
import io.perigee.scheduler.job.Records;
import io.perigee.scheduler.placing.Matchmaker;
import io.perigee.scheduler.placing.ProviderDesk;
import io.perigee.scheduler.postgres.PostgresEarlyBook;
import io.perigee.scheduler.postgres.PostgresJobBook;
import io.perigee.scheduler.postgres.PostgresOfferBook;
import io.perigee.scheduler.postgres.PostgresOfferLog;
import io.perigee.scheduler.postgres.PostgresPlacingQueue;
import io.perigee.scheduler.postgres.PostgresRecordBook;
import io.perigee.scheduler.record.RecordBook;
import io.perigee.testkit.Ids;
import io.perigee.testkit.TestClock;
import io.perigee.testkit.TestServers;
import io.perigee.testkit.postgres.PostgresServer;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** A scheduler's parts over a real database, without loops and without a log: tests say what happens next. */
public final class OfflineMarket implements AutoCloseable {
    public static final HubSecrets SECRETS =
            (order, attempt) -> Parties.digest("secret %s %d".formatted(order, attempt));

    public final TestClock clock = TestClock.at(Instant.parse("2026-06-01T12:00:00Z"));
    /** What a clock that nobody sets says. */
    public final AtomicLong nanos = new AtomicLong();

    /** What happens before each of the hub's signatures. */
    public volatile Runnable signing = () -> {};

    public final KnownHead head = new KnownHead(Duration.ofSeconds(10), nanos::get);
    public final PostgresJobBook book = new PostgresJobBook();
    public final Database database;
    public final JobDesk jobs;
    public final Matchmaker matchmaker;
    public final MeterRegistry metrics = new SimpleMeterRegistry();
    private final MarketPolicy policy = MarketPolicy.standard(60, 86_400);
    private final PostgresPlacingQueue queue = new PostgresPlacingQueue();
    private final PostgresEarlyBook early = new PostgresEarlyBook();
    public final EarlyKeeper earlier;
    private final Records log;

    public OfflineMarket() {
        this(new PostgresRecordBook());
    }

    public OfflineMarket(RecordBook records) {
        var settings = new DatabaseSettings(
                "127.0.0.1",
                TestServers.postgres().port(),
                TestServers.postgres().newDatabase(),
                "scheduler",
                PostgresServer.USER,
                PostgresServer.PASSWORD);
        Migrations.run(settings, "classpath:db/migration/scheduler");
        database = new Database(settings);
        jobs = new JobDesk(
                book,
                records,
                policy,
                Parties.DOMAIN,
                Parties.HUB.address(),
                (message, domain) -> {
                    signing.run();
                    return Parties.HUB.sign(message.digest(domain));
                },
                SECRETS,
                head::number,
                clock,
                _ -> {});
        matchmaker = new Matchmaker(database, book, queue, new PostgresOfferLog(), records, jobs, metrics);
        log = new Records(
                book,
                jobs,
                new ProviderDesk(new PostgresOfferBook(), book, jobs, Parties.DOMAIN, Parties.HUB.address()),
                early,
                () -> {});
        earlier = new EarlyKeeper(database, early, log, jobs);
    }

    /** Something that others said arrives. */
    public void hear(String source, Body body) {
        var envelope = Envelope.of(Ids.uuid7(), jobs.now(), source, "trace", body);
        database.transact(tx -> log.handle(tx, envelope));
    }

    public JobId submit(JobSpec spec) {
        var id = Ids.jobId();
        submitted(id, spec);
        hear("settlement", new JobFunded(id, spec.price().max(), 1));
        return id;
    }

    /** A job that is not paid for yet. */
    public void submitted(JobId id, JobSpec spec) {
        var order = SampleJobs.order(
                id, spec, clock.instant().truncatedTo(ChronoUnit.SECONDS), Pricing.orderSeconds(spec, policy));
        hear("intake", SampleJobs.submitted(order, spec));
    }

    /** A provider comes online with plenty of stake, and matching hears of it. */
    public void join(SampleProvider provider) {
        hear("settlement", new ProviderRegistered(provider.address(), provider.id(), 1));
        hear("settlement", new StakeChanged(provider.address(), Amount.of(1_000_000), 1));
        hear("gateway", provider.online());
        matchmaker.freed();
    }

    /** Matching looks until there is nothing more to look at. */
    public void match() {
        matchmaker.wanted();
        while (matchmaker.round()) {
            // what came meanwhile is looked at, too
        }
    }

    /** An agent says something. */
    public void say(SampleProvider provider, Body command) {
        hear(provider.id().value(), command);
    }

    /** As if a fact of it had been lost: nothing can be decided about it any more. */
    public void breakJobs(JobId... broken) {
        change("UPDATE job SET version = version + 1 WHERE id = ANY($1)", (Object)
                Arrays.stream(broken).map(JobId::value).toArray(UUID[]::new));
    }

    public void mend(JobId job) {
        change("UPDATE job SET version = version - 1 WHERE id = $1", job.value());
    }

    public void change(String sql, Object... parameters) {
        database.transact(tx -> tx.execute(sql, parameters));
    }

    public long count(String table) {
        return database.reading(tx ->
                tx.query("SELECT count(*) AS rows FROM " + table).getFirst().number("rows"));
    }

    /** What left that is no fact of a job's own, in order. */
    public <T extends Body> List<T> sent(Class<T> type) {
        return database
                .reading(tx -> tx.query("SELECT payload FROM outbox WHERE payload IS NOT NULL ORDER BY seq"))
                .stream()
                .map(row -> Envelope.ofJson(row.bytes("payload")).body())
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    public <T extends JobFact> List<T> facts(JobId job, Class<T> type) {
        return database.reading(tx -> queue.facts(tx, job)).stream()
                .map(Envelope::body)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    /** When matching looked at it in vain. */
    public Optional<Instant> tried(JobId job) {
        return database.reading(tx -> tx.queryOne("SELECT tried_at FROM job WHERE id = $1", job.value())
                .flatMap(row -> row.optionalInstant("tried_at")));
    }

    @Override
    public void close() {
        database.close();
    }
}
