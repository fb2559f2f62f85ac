package io.perigee.scheduler.placing;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.perigee.eventlog.CrashPoints;
import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.lifecycle.JobInput;
import io.perigee.market.lifecycle.Placement;
import io.perigee.market.matching.FairShare;
import io.perigee.market.matching.Match;
import io.perigee.market.matching.Matcher;
import io.perigee.market.matching.OfferView;
import io.perigee.market.matching.PlacementRequest;
import io.perigee.market.matching.WaitingRoom;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.scheduler.draw.OutcomeBook;
import io.perigee.scheduler.job.JobBook;
import io.perigee.scheduler.job.JobDesk;
import io.perigee.scheduler.job.StoredJob;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Places jobs. It is woken by the database when a job wants replicas or capacity may be free. Then it looks at the jobs
 * nobody looked at yet and at those that an offer which came or changed can help, in the order of {@link FairShare}; one
 * transaction a job, so that a job that cannot be placed delays nobody for longer than its own look.
 */
public final class Matchmaker {
    private static final Logger LOG = LoggerFactory.getLogger(Matchmaker.class);
    private static final int PER_BUILDER = 256;
    /** So many are placed before those who came meanwhile get their place in the order. */
    private static final int ROUND = 32;

    private final Database database;
    private final JobBook book;
    private final PlacingQueue queue;
    private final LiveIndex index;
    private final OutcomeBook outcomes;
    private final JobDesk jobs;
    private final Timer timer;
    private final AtomicBoolean wanted = new AtomicBoolean();
    private final AtomicBoolean freed = new AtomicBoolean();
    private final AtomicBoolean swept = new AtomicBoolean(true);
    private final WaitingRoom room = new WaitingRoom();
    /** Jobs in the room that an offer can help; looked at by the next round. */
    private final Set<JobId> helped = new LinkedHashSet<>();

    public Matchmaker(
            Database database,
            JobBook book,
            PlacingQueue queue,
            OfferLog offers,
            OutcomeBook outcomes,
            JobDesk jobs,
            MeterRegistry metrics) {
        this.database = database;
        this.book = book;
        this.queue = queue;
        this.index = new LiveIndex(offers);
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

    /** Nothing was announced, but something may have been lost: what waits and is not known here is looked at. */
    public void swept() {
        swept.set(true);
    }

    /**
     * Looks at jobs that wait for what happened since the last round, at some of them when they are many.
     *
     * @return true when there is more to do
     */
    public boolean round() {
        boolean fresh = wanted.getAndSet(false);
        boolean all = swept.getAndSet(false);
        boolean capacity = freed.getAndSet(false);
        try {
            if (capacity || all) {
                wake(database.inTransaction(index::catchUp));
            }
            if (all) {
                adopt(database.inTransaction(queue::wanting));
            }
            if (fresh || all || !helped.isEmpty()) {
                var order = database.inTransaction(this::order);
                order.stream().limit(ROUND).forEach(this::place);
                if (order.size() > ROUND) {
                    wanted.set(true);
                }
            }
        } catch (RuntimeException e) {
            swept.set(true);
            throw e;
        }
        return wanted.get() || freed.get() || swept.get() || !helped.isEmpty();
    }

    private void wake(List<OfferView> better) {
        index.committed();
        if (room.size() > 0) {
            better.forEach(view -> helped.addAll(room.helpedBy(view)));
        }
    }

    /** Jobs that another scheduler looked at in vain may have nobody else by now. */
    private void adopt(Set<JobId> waiting) {
        room.keepOnly(waiting);
        waiting.stream().filter(job -> !room.isWaiting(job)).forEach(helped::add);
    }

    /** Jobs to look at now, whose turn it is first. */
    private List<JobId> order(Tx tx) {
        var claims = queue.wanting(tx, helped, PER_BUILDER);
        if (claims.size() < PER_BUILDER) {
            // all of them: who is missing wants nothing any more
            helped.retainAll(claims.stream().map(FairShare.Claim::job).toList());
        }
        return claims.isEmpty()
                ? List.of()
                : FairShare.order(claims, queue.held(tx)).stream()
                        .map(FairShare.Claim::job)
                        .toList();
    }

    private void place(JobId id) {
        var look = Objects.requireNonNull(timer.record(() -> database.inTransaction(tx -> place(tx, id))));
        look.better().ifPresent(this::wake);
        helped.remove(id);
        if (look.assigned()) {
            CrashPoints.hit("scheduler.after-assign-commit");
        }
    }

    /**
     * What one look found.
     *
     * @param better offers that can do more than before; empty when the book was not read
     */
    private record Look(Optional<List<OfferView>> better, boolean assigned) {}

    /** Locks the job before the offers: everybody takes these two locks in this order. */
    private Look place(Tx tx, JobId id) {
        var stored = book.lock(tx, id);
        var job = stored.map(StoredJob::job);
        var now = jobs.now();
        var requests =
                job.map(wanting -> wanting.alternatives(now, jobs.policy())).orElse(List.of());
        room.leave(id);
        if (job.isEmpty() || requests.isEmpty()) {
            return new Look(Optional.empty(), false);
        }
        var better = index.catchUp(tx);
        var spec = job.get().spec();
        boolean byRecord = spec.placement().minReputation().compareTo(Decimal.ZERO) > 0;
        return switch (byRecord ? matchShown(tx, requests, spec, now) : match(requests, spec)) {
            case Match.Found found -> {
                var after = jobs.decide(tx, stored.get(), new JobInput.Placements(placements(found)), List.of());
                boolean assigned = after.version() > stored.get().version();
                // what owners had shown by then is not in the log of offers, so such a choice cannot be checked by it
                if (assigned && !byRecord) {
                    queue.placed(tx, new PlacingQueue.Placed(id, stored.get().version(), now, index.version()));
                }
                LOG.atInfo()
                        .addKeyValue("jobId", id)
                        .addKeyValue("replicas", found.picks().size())
                        .log("placed");
                yield new Look(Optional.of(better), assigned);
            }
            case Match.None none -> {
                jobs.decide(tx, stored.get(), new JobInput.NoPlacement(none.reasons()), List.of());
                book.tried(tx, id, now);
                // no offer says what its owner has shown: such a job is looked at with every sweep
                if (!byRecord) {
                    room.enter(id, requests.getLast(), spec);
                }
                yield new Look(Optional.of(better), false);
            }
        };
    }

    private Match match(List<PlacementRequest> requests, JobSpec spec) {
        return PlacementRequest.best(requests, request -> index.match(request, spec));
    }

    /** Among what is offered with what its owners have shown. */
    private Match matchShown(Tx tx, List<PlacementRequest> requests, JobSpec spec, Instant now) {
        var views = Shown.of(index.views(), spec, field -> outcomes.reputation(tx, field, now));
        return PlacementRequest.best(requests, request -> Matcher.match(request, spec, views));
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
