package io.perigee.scheduler.placing;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.perigee.eventlog.CrashPoints;
import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.lifecycle.Job;
import io.perigee.market.lifecycle.JobInput;
import io.perigee.market.lifecycle.Placement;
import io.perigee.market.matching.Match;
import io.perigee.market.matching.Matcher;
import io.perigee.market.matching.OfferView;
import io.perigee.market.matching.PlacementRequest;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.scheduler.draw.OutcomeBook;
import io.perigee.scheduler.job.JobBook;
import io.perigee.scheduler.job.JobDesk;
import io.perigee.scheduler.job.StoredJob;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Places jobs. It is woken by the database when a job wants replicas or capacity may be free, and then looks at the
 * jobs that wait, untried ones first; one transaction a job, so that a job that cannot be placed delays nobody for
 * longer than its own look.
 */
public final class Matchmaker {
    private static final Logger LOG = LoggerFactory.getLogger(Matchmaker.class);
    private static final int BATCH = 256;

    private final Database database;
    private final JobBook book;
    private final OfferBook offers;
    private final OutcomeBook outcomes;
    private final JobDesk jobs;
    private final Timer timer;
    private final AtomicBoolean wanted = new AtomicBoolean();
    private final AtomicBoolean freed = new AtomicBoolean(true);

    public Matchmaker(
            Database database,
            JobBook book,
            OfferBook offers,
            OutcomeBook outcomes,
            JobDesk jobs,
            MeterRegistry metrics) {
        this.database = database;
        this.book = book;
        this.offers = offers;
        this.outcomes = outcomes;
        this.jobs = jobs;
        this.timer = Timer.builder("perigee.matching")
                .description("one look for one job")
                .register(metrics);
    }

    /** A job wants replicas. */
    public void wanted() {
        wanted.set(true);
    }

    /** Capacity may be free where there was none. */
    public void freed() {
        freed.set(true);
    }

    /**
     * Looks at all jobs that wait for what happened since the last round.
     *
     * @return true when something happened meanwhile
     */
    public boolean round() {
        boolean all = freed.getAndSet(false);
        boolean fresh = wanted.getAndSet(false);
        if (!all && !fresh) {
            return false;
        }
        try {
            for (var id : waiting(!all)) {
                if (wanted.getAndSet(false)) {
                    waiting(true).forEach(this::place);
                }
                place(id);
            }
        } catch (RuntimeException e) {
            freed.set(true);
            throw e;
        }
        return wanted.get() || freed.get();
    }

    private List<JobId> waiting(boolean untriedOnly) {
        return database.inTransaction(tx -> book.wanting(tx, untriedOnly, BATCH));
    }

    private void place(JobId id) {
        boolean assigned = Boolean.TRUE.equals(timer.record(() -> database.inTransaction(tx -> place(tx, id))));
        if (assigned) {
            CrashPoints.hit("scheduler.after-assign-commit");
        }
    }

    /** Locks the job before the offers: everybody takes these two locks in this order. */
    private boolean place(Tx tx, JobId id) {
        var stored = book.lock(tx, id);
        var job = stored.map(StoredJob::job);
        var now = jobs.now();
        var requests = job.map(wanting -> wanting.alternatives(now, jobs.policy())).orElse(List.of());
        if (job.isEmpty() || requests.isEmpty()) {
            return false;
        }
        return switch (best(requests, job.get().spec(), offers(tx, job.get(), now))) {
            case Match.Found found -> {
                var after = jobs.decide(tx, stored.get(), new JobInput.Placements(placements(found)), List.of());
                LOG.atInfo()
                        .addKeyValue("jobId", id)
                        .addKeyValue("replicas", found.picks().size())
                        .log("placed");
                yield after.version() > stored.get().version();
            }
            case Match.None none -> {
                jobs.decide(tx, stored.get(), new JobInput.NoPlacement(none.reasons()), List.of());
                book.tried(tx, id, now);
                yield false;
            }
        };
    }

    /** The first request that somebody fits; when nobody fits any, why nobody fits the last, which asks for least. */
    private static Match best(List<PlacementRequest> requests, JobSpec spec, List<OfferView> views) {
        Match match = Matcher.match(requests.getFirst(), spec, views);
        for (var request : requests.subList(1, requests.size())) {
            if (match instanceof Match.Found) {
                return match;
            }
            match = Matcher.match(request, spec, views);
        }
        return match;
    }

    /** What is offered; with what its owners have shown, where the job asks for that. */
    private List<OfferView> offers(Tx tx, Job job, Instant now) {
        var views = offers.lockOffers(tx);
        return job.spec().placement().minReputation().compareTo(Decimal.ZERO) == 0
                ? views
                : Shown.of(views, job.spec(), field -> outcomes.reputation(tx, field, now));
    }

    private static List<Placement> placements(Match.Found found) {
        return found.picks().stream()
                .map(pick -> new Placement(
                        pick.view().provider(),
                        pick.view().owner(),
                        pick.view().sessionKey(),
                        pick.view().sessionKeySignature(),
                        pick.price(),
                        found.numericClass()))
                .toList();
    }
}
