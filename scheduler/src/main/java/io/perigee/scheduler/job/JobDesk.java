package io.perigee.scheduler.job;

import io.perigee.eventlog.CrashPoints;
import io.perigee.eventlog.postgres.Outbox;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.MarketPolicy;
import io.perigee.market.lifecycle.Context;
import io.perigee.market.lifecycle.Decision;
import io.perigee.market.lifecycle.Difference;
import io.perigee.market.lifecycle.HubSecrets;
import io.perigee.market.lifecycle.HubSigner;
import io.perigee.market.lifecycle.Job;
import io.perigee.market.lifecycle.JobInput;
import io.perigee.market.lifecycle.Lifecycle;
import io.perigee.market.lifecycle.RecordNotes;
import io.perigee.market.lifecycle.Stage;
import io.perigee.market.lifecycle.State;
import io.perigee.market.matching.PlacementRequest;
import io.perigee.protocol.command.ReportFailure;
import io.perigee.protocol.fact.CommandRejected;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.fact.Fact;
import io.perigee.protocol.fact.JobFact;
import io.perigee.protocol.fact.RecordFact;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Uuid7;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.message.NumericClass;
import io.perigee.scheduler.record.RecordBook;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides about jobs: load, decide by the market's rules, store, and let out what others need to know, all in the
 * caller's transaction. What a repeated or late input does is the rules' affair.
 */
public final class JobDesk {
    private static final Logger LOG = LoggerFactory.getLogger(JobDesk.class);

    private final JobBook book;
    private final RecordBook records;
    private final MarketPolicy policy;
    private final Domain domain;
    private final Address hub;
    private final HubSigner signer;
    private final HubSecrets secrets;
    private final LongSupplier head;
    private final InstantSource clock;
    private final Consumer<Instant> dueAt;
    private final RandomGenerator random = new SecureRandom();

    /**
     * @param head the number of the newest block known; 0 when none is
     * @param dueAt hears of every deadline that is set, before the commit
     */
    public JobDesk(
            JobBook book,
            RecordBook records,
            MarketPolicy policy,
            Domain domain,
            Address hub,
            HubSigner signer,
            HubSecrets secrets,
            LongSupplier head,
            InstantSource clock,
            Consumer<Instant> dueAt) {
        this.book = book;
        this.records = records;
        this.policy = policy;
        this.domain = domain;
        this.hub = hub;
        this.signer = signer;
        this.secrets = secrets;
        this.head = head;
        this.clock = clock;
        this.dueAt = dueAt;
    }

    public MarketPolicy policy() {
        return policy;
    }

    /** What the job asks of matching at an instant, the best first. */
    public List<PlacementRequest> alternatives(Job job, Instant at) {
        return job.alternatives(at, policy, secrets);
    }

    /** To the millisecond: what is stored and read again is the same instant. */
    public Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /**
     * Decides about a job that this transaction has locked.
     *
     * @param observed the envelope in which another stage's fact came; it is stored as it is
     * @return the job afterwards
     */
    public StoredJob decide(Tx tx, StoredJob stored, JobInput input, List<Envelope> observed) {
        var now = now();
        var rules = rules(tx, stored.job(), input, now);
        var context = new Context(now, rules, domain, hub, signer, secrets, head.getAsLong());
        return switch (Lifecycle.decide(stored.job(), input, context)) {
            case Decision.Accepted(var facts) ->
                facts.isEmpty() ? stored : accept(tx, stored, facts, observed, rules, now);
            case Decision.Rejected rejected -> {
                refuse(tx, input, rejected, stored.trace(), now);
                yield stored;
            }
        };
    }

    /** Who found the job at fault counts by what its builder has shown; where nobody says anything, nobody asks. */
    private MarketPolicy rules(Tx tx, @Nullable Job job, JobInput input, Instant now) {
        boolean blames =
                input instanceof JobInput.TimePassed || input instanceof JobInput.Asked(var _, var _, ReportFailure _);
        return job == null || !blames || !(job.state() instanceof State.Active)
                ? policy
                : policy.giveUpAt(
                        records.requester(tx, job.order().builder(), now).crashLimit(policy.crashLimit()));
    }

    private StoredJob accept(
            Tx tx, StoredJob stored, List<JobFact> facts, List<Envelope> observed, MarketPolicy rules, Instant now) {
        Job job = stored.job();
        var written = new ArrayList<WrittenFact>();
        for (var fact : facts) {
            var envelope = observed.stream()
                    .filter(one -> one.body().equals(fact))
                    .findFirst()
                    .orElseGet(() -> envelope(fact, now, stored.trace()));
            // a fact of another stage took effect when we saw it, not when it was written
            job = Job.apply(job, fact, now);
            written.add(WrittenFact.of(Envelope.of(envelope.id(), now, envelope.source(), envelope.trace(), fact)));
        }
        var after = Objects.requireNonNull(job);
        int wants = after.wants(now, policy).map(PlacementRequest::count).orElse(0);
        var due = after.nextDeadline(policy);
        book.append(tx, stored, written, after, due, wants);
        due.ifPresent(dueAt);
        for (var each : written) {
            var envelope = each.envelope();
            if (Stage.of((JobFact) envelope.body()) == Stage.SCHEDULER) {
                Outbox.appendKept(tx, envelope, each.json().length);
                LOG.atInfo()
                        .addKeyValue("jobId", after.id())
                        .addKeyValue("fact", envelope.type())
                        .log("decided");
            }
        }
        var notes = RecordNotes.of(stored.job(), after, facts, rules, now, binding(tx), each -> counts(tx, each, now));
        note(tx, notes, stored.trace(), now);
        CrashPoints.hit("scheduler.before-commit");
        return new StoredJob(after, stored.version() + written.size(), stored.trace());
    }

    private Predicate<Digest> binding(Tx tx) {
        return numericClass -> numericClass.equals(NumericClass.STRICT)
                || records.population(tx, numericClass).bindsStake();
    }

    private boolean counts(Tx tx, Difference difference, Instant now) {
        return Difference.counts(
                records.reputation(tx, difference.one(), now),
                records.reputation(tx, difference.other(), now),
                !records.hasDiffered(tx, difference.one().numericClass(), difference.owners()));
    }

    /** Behind the job's own facts, and in the same commit. */
    private void note(Tx tx, List<RecordFact> notes, String trace, Instant now) {
        records.note(tx, notes);
        notes.forEach(fact -> Outbox.append(tx, envelope(fact, now, trace)));
    }

    /** Who asked gets an answer; other inputs that no longer fit are of no interest to anybody. */
    private void refuse(Tx tx, JobInput input, Decision.Rejected rejected, String trace, Instant now) {
        if (input instanceof JobInput.Asked(UUID id, var source, var command)) {
            refuse(tx, command.jobId(), id, rejected, trace, now);
            LOG.atInfo()
                    .addKeyValue("jobId", command.jobId())
                    .addKeyValue("source", source)
                    .addKeyValue("command", command.getClass().getSimpleName())
                    .addKeyValue("code", rejected.code())
                    .addKeyValue("detail", rejected.detail())
                    .log("command rejected");
        } else {
            LOG.atWarn()
                    .addKeyValue("code", rejected.code())
                    .addKeyValue("detail", rejected.detail())
                    .log("input rejected");
        }
    }

    private void refuse(Tx tx, JobId job, UUID command, Decision.Rejected rejected, String trace, Instant now) {
        Outbox.append(tx, envelope(new CommandRejected(job, command, rejected.code(), rejected.detail()), now, trace));
    }

    private Envelope envelope(Fact fact, Instant now, String trace) {
        var bytes = new byte[Uuid7.RANDOM_BYTES];
        random.nextBytes(bytes);
        return Envelope.of(Uuid7.of(now, bytes), now, Stage.SCHEDULER.label(), trace, fact);
    }
}
