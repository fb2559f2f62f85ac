package io.perigee.scheduler.placing;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.perigee.eventlog.CrashPoints;
import io.perigee.eventlog.TryLater;
import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.lifecycle.Attempt;
import io.perigee.market.lifecycle.Job;
import io.perigee.market.lifecycle.JobInput;
import io.perigee.market.lifecycle.Placement;
import io.perigee.market.lifecycle.State;
import io.perigee.market.matching.FairShare;
import io.perigee.market.matching.Match;
import io.perigee.market.matching.Matcher;
import io.perigee.market.matching.OfferView;
import io.perigee.market.matching.PlacementRequest;
import io.perigee.market.matching.Shown;
import io.perigee.market.matching.WaitingAudits;
import io.perigee.protocol.fact.NoMatchReason;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.scheduler.job.JobBook;
import io.perigee.scheduler.job.JobDesk;
import io.perigee.scheduler.job.StoredJob;
import io.perigee.scheduler.record.KnownClasses;
import io.perigee.scheduler.record.KnownScores;
import io.perigee.scheduler.record.RecordBook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Places jobs. It is woken by the database when a job wants replicas or capacity may be free. Then it looks at the jobs
 * nobody looked at yet and at those that an offer which came or changed can help, in the order of {@link FairShare}; some
 * of them in one transaction, the offers of which are read once. A job that came alone waits for nobody. Audits come first,
 * and what they wait for goes to no run ({@link WaitingAudits}).
 */
public final class Matchmaker {
    private static final Logger LOG = LoggerFactory.getLogger(Matchmaker.class);
    private static final int PER_BUILDER = 256;
    /** So many are placed before those who came meanwhile get their place in the order. */
    private static final int ROUND = 128;
    /** A transaction that has looked for so long commits: a signer that is slow must not cost it its time. */
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(2);
    /** So many audits at most keep runs from what they wait for. */
    private static final int AUDITS = 256;

    /** What a job is told that would take an owner's last free slot from an audit. */
    private static final String AUDITS_FIRST = "verification.audits";
    /** Nobody, for a job that knows why. */
    private static final Match.None UNEXPLAINED = new Match.None(List.of());

    private final Database database;
    private final JobBook book;
    private final PlacingQueue queue;
    private final LiveIndex index;
    private final KnownScores scores;
    private final KnownClasses classes;
    private final Lookout lookout;
    private final WaitingAudits audits = new WaitingAudits();
    /** Jobs that could begin if no audit waited. */
    private final Set<JobId> heldBack = new HashSet<>();
    /** Whether an audit that waited does so no more. */
    private boolean released;
    /** How many share a transaction: fewer after one in which something was away, since one signature may be too many. */
    private int together = ROUND;

    private final JobDesk jobs;
    private final Timer timer;
    private final Counter explained;
    private final AtomicBoolean wanted = new AtomicBoolean();
    private final AtomicBoolean freed = new AtomicBoolean();
    private final AtomicBoolean swept = new AtomicBoolean(true);

    public Matchmaker(
            Database database,
            JobBook book,
            PlacingQueue queue,
            OfferLog offers,
            RecordBook records,
            JobDesk jobs,
            MeterRegistry metrics) {
        this.database = database;
        this.book = book;
        this.queue = queue;
        this.index = new LiveIndex(offers);
        this.scores = new KnownScores(records);
        this.classes = new KnownClasses(records);
        this.lookout = new Lookout(scores);
        this.jobs = jobs;
        this.timer = Timer.builder("perigee.matching")
                .description("one look for one job")
                .register(metrics);
        this.explained = Counter.builder("perigee.matching.explained")
                .description("looks at every offer for the reasons why a job has nobody")
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
                wake(database.inTransaction(tx -> {
                    var better = index.catchUp(tx, jobs.now());
                    index.store(tx);
                    if (lookout.asksForRecords()) {
                        scores.catchUp(tx);
                    }
                    return better;
                }));
            }
            if (all) {
                database.reading(tx -> classes.changed(tx, lookout.openClasses(), jobs.now()))
                        .forEach(lookout::reopened);
                var waiting = database.reading(queue::wanting);
                lookout.adopt(waiting, jobs.now());
                heldBack.retainAll(waiting);
            }
            boolean fewer = index.fewer() || all;
            if (fewer && !audits.isEmpty() && audits.recheck(index.views(), jobs.now())) {
                letGo();
            }
            lookout.timePassed(jobs.now());
            lookout.narrow(index, jobs.now());
            if (fresh || all || !heldBack.isEmpty() || !lookout.next().isEmpty()) {
                var order = database.reading(this::order);
                int some = together;
                place(order.stream().limit(some).toList());
                together = Math.min(ROUND, 2 * some);
                if (order.size() > some) {
                    wanted.set(true);
                }
            }
        } catch (RuntimeException e) {
            together = Math.max(1, together / 2);
            swept.set(true);
            scores.forget();
            throw e;
        }
        return wanted.get() || freed.get() || swept.get() || !lookout.next().isEmpty();
    }

    private void wake(List<OfferView> better) {
        index.committed();
        lookout.better(better, jobs.now());
        lookout.shown(index.views(scores.news()), jobs.now());
    }

    /** Jobs to look at now, whose turn it is first. */
    private List<JobId> order(Tx tx) {
        // before the claims: whoever is let go has its turn before newcomers are given what it waited for
        var unknown = unknownAudits(tx);
        var claims = queue.wanting(tx, lookout.next(), PER_BUILDER);
        if (claims.size() < PER_BUILDER) {
            // all of them: who is missing wants nothing any more
            lookout.keepOnly(claims.stream().map(FairShare.Claim::job).toList());
        }
        return claims.isEmpty()
                ? List.of()
                : Stream.concat(
                                unknown.stream(),
                                FairShare.order(claims, held(tx, claims)).stream()
                                        .map(FairShare.Claim::job))
                        .distinct()
                        .toList();
    }

    /** Audits that wait, but were not looked at here: another scheduler did that. */
    private Set<JobId> unknownAudits(Tx tx) {
        var lacking = queue.lackingAuditors(tx, AUDITS);
        if (audits.keepOnly(lacking, jobs.now())) {
            letGo();
        }
        var unknown = audits.unknown(lacking);
        unknown.removeIf(job -> lookout.leavesAlone(job, jobs.now()));
        return unknown;
    }

    /** Whoever was kept back by an audit is looked at again. */
    private void letGo() {
        lookout.again(heldBack);
        heldBack.clear();
        released = false;
    }

    /** What one builder holds puts all of its jobs back alike: alone it need not be counted. */
    private Map<Address, Integer> held(Tx tx, List<FairShare.Claim> claims) {
        var builders = claims.stream().map(FairShare.Claim::builder).collect(Collectors.toSet());
        return builders.size() == 1 ? Map.of() : queue.held(tx, builders);
    }

    private void place(List<JobId> ids) {
        if (ids.isEmpty()) {
            return;
        }
        try {
            together(ids);
        } catch (TryLater away) {
            throw away;
        } catch (RuntimeException fault) {
            scores.forget();
            if (ids.size() == 1) {
                setAside(ids.getFirst(), fault);
                return;
            }
            // the fault of one is not to hinder the others
            LOG.atWarn().addKeyValue("jobs", ids.size()).setCause(fault).log("jobs are placed one by one");
            ids.forEach(id -> place(List.of(id)));
        }
    }

    /** Others go on; it is looked at again later, and not as one of those that nobody looked at. */
    private void setAside(JobId job, RuntimeException fault) {
        var until = lookout.setAside(job, jobs.now());
        LOG.atError()
                .addKeyValue("jobId", job)
                .addKeyValue("until", until)
                .setCause(fault)
                .log("job is set aside");
        database.transact(tx -> queue.looked(tx, job, jobs.now()));
    }

    /** With one commit for all of them. */
    private void together(List<JobId> ids) {
        var looks = database.inTransaction(tx -> look(tx, ids));
        looks.better().ifPresent(this::wake);
        lookout.committed(looks.at());
        if (looks.at().size() < ids.size()) {
            wanted.set(true);
        }
        if (released) {
            letGo();
        }
        for (int i = 0; i < looks.assigned(); i++) {
            CrashPoints.hit("scheduler.after-assign-commit");
        }
    }

    /**
     * What a look for some jobs found.
     *
     * @param at the jobs, of those that were to be looked at, for which there was time
     * @param better offers that can do more than before; empty when the book was not read
     * @param assigned to how many jobs somebody was assigned
     */
    private record Looks(List<JobId> at, Optional<List<OfferView>> better, int assigned) {}

    /** A job that wants replicas, locked. */
    private record Wanting(StoredJob stored, Job job, List<PlacementRequest> requests, Instant now) {}

    /** Locks the jobs before the offers: everybody takes these two locks in this order. */
    private Looks look(Tx tx, List<JobId> ids) {
        book.lockAll(tx, Set.copyOf(ids));
        Optional<List<OfferView>> better = Optional.empty();
        int assigned = 0;
        var at = new ArrayList<JobId>();
        long from = System.nanoTime();
        for (var id : ids) {
            if (System.nanoTime() - from > LONG_ENOUGH.toNanos()) {
                break;
            }
            at.add(id);
            var wanting = wanting(tx, id);
            if (wanting.isEmpty()) {
                lookout.left(id);
                released |= audits.keepsNothing(id);
                queue.looked(tx, id, jobs.now());
                continue;
            }
            boolean again = lookout.looked(id, wanting.get().stored().version());
            if (better.isEmpty()) {
                better = Optional.of(index.catchUp(tx, jobs.now()));
            }
            assigned += Boolean.TRUE.equals(timer.record(() -> place(tx, wanting.get(), again))) ? 1 : 0;
        }
        if (better.isPresent()) {
            index.store(tx);
        }
        return new Looks(at, better, assigned);
    }

    private Optional<Wanting> wanting(Tx tx, JobId id) {
        var now = jobs.now();
        return book.lock(tx, id).flatMap(stored -> {
            var job = stored.job();
            var requests =
                    job == null ? List.<PlacementRequest>of() : classes.narrowed(tx, jobs.alternatives(job, now), now);
            return job == null || requests.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Wanting(stored, job, requests, now));
        });
    }

    /**
     * @param again whether the job was looked at in vain as it is: then what it has been told still holds well enough
     * @return true when somebody was assigned
     */
    private boolean place(Tx tx, Wanting wanting, boolean again) {
        var stored = wanting.stored();
        var spec = wanting.job().spec();
        var requests = wanting.requests();
        var now = wanting.now();
        boolean byRecord = Shown.matters(spec);
        heldBack.remove(wanting.job().id());
        return switch (byRecord ? matchShown(tx, requests, spec, now) : match(requests, spec, again)) {
            case Match.Found found
            when isKeptBack(wanting, found) -> {
                keepBack(tx, wanting);
                yield false;
            }
            case Match.Found found -> {
                long version = index.version();
                var after = jobs.decide(tx, stored, new JobInput.Placements(placements(found)), List.of());
                boolean assigned = after.version() > stored.version();
                // what owners had shown by then is not in the log of offers, so such a choice cannot be checked by it
                if (assigned && !byRecord) {
                    var open = requests.getFirst().demand().peopled();
                    queue.placed(
                            tx,
                            new PlacingQueue.Placed(
                                    wanting.job().id(), stored.version(), now, version, Optional.of(open)));
                }
                taken(wanting.job(), after);
                released |= audits.leaves(wanting.job().id());
                LOG.atInfo()
                        .addKeyValue("jobId", wanting.job().id())
                        .addKeyValue("replicas", found.picks().size())
                        .log("placed");
                yield assigned;
            }
            case Match.None none -> {
                int version = again && !byRecord
                        ? stored.version()
                        : jobs.decide(tx, stored, new JobInput.NoPlacement(none.reasons()), List.of())
                                .version();
                book.tried(tx, wanting.job().id(), now);
                lookout.waits(wanting.job().id(), version, requests, spec);
                if (isAudited(wanting)) {
                    var views = byRecord ? shown(tx, requests, spec, now) : index.views();
                    var until = wanting.job().comesFirstUntil(jobs.policy()).orElse(now);
                    released |= audits.waits(wanting.job().id(), requests, spec, until, views);
                }
                yield false;
            }
        };
    }

    private static boolean isAudited(Wanting wanting) {
        return wanting.job().state() instanceof State.Auditing;
    }

    /** Only runs that begin: who audits, or decides between two that differ, is waited for by somebody who is done. */
    private boolean isKeptBack(Wanting wanting, Match.Found found) {
        return switch (wanting.job().state()) {
            case State.Submitted _, State.Funded _, State.Queued _, State.Active _ ->
                audits.inTheWay(found, wanting.job().spec(), owner -> index.views(Set.of(owner)), wanting.now())
                        .isPresent();
            case State.Disputed _, State.Auditing _, State.Closing _, State.Decided _, State.Settled _ -> false;
        };
    }

    private void keepBack(Tx tx, Wanting wanting) {
        var job = wanting.job();
        var reason = new NoMatchReason(
                AUDITS_FIRST,
                1,
                "Expected to begin at once, but the slot would be the last that an owner has for the audit of a run that is done; audits come first");
        var after = jobs.decide(tx, wanting.stored(), new JobInput.NoPlacement(List.of(reason)), List.of());
        book.tried(tx, job.id(), wanting.now());
        lookout.waits(job.id(), after.version(), wanting.requests(), job.spec());
        heldBack.add(job.id());
    }

    /** What the new attempts hold is not free for the next job. */
    private void taken(Job before, StoredJob after) {
        var job = after.job();
        if (job != null) {
            job.attempts().stream()
                    .skip(before.attempts().size())
                    .map(Attempt::assignment)
                    .forEach(assignment -> index.placed(
                            assignment.provider(),
                            assignment.owner(),
                            job.spec().resources().gpu().count(),
                            assignment.bond()));
        }
    }

    /** The reasons, which take a look at every offer, are made once for a job as it is, and for what asks for least. */
    private Match match(List<PlacementRequest> requests, JobSpec spec, boolean again) {
        var found = requests.stream()
                .flatMap(request -> index.find(request, spec).stream())
                .findFirst();
        if (found.isPresent()) {
            return found.get();
        }
        if (again) {
            return UNEXPLAINED;
        }
        explained.increment();
        return index.match(requests.getLast(), spec);
    }

    /** Among what is offered with what its owners have shown. */
    private Match matchShown(Tx tx, List<PlacementRequest> requests, JobSpec spec, Instant now) {
        scores.catchUp(tx);
        var views = shown(tx, requests, spec, now);
        return PlacementRequest.best(requests, request -> Matcher.match(request, spec, views));
    }

    private List<OfferView> shown(Tx tx, List<PlacementRequest> requests, JobSpec spec, Instant now) {
        return Shown.whereItMatters(index.views(), requests, spec, fields -> scores.read(tx, fields, now));
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
