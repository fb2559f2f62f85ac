package io.perigee.scheduler.placing;

import io.perigee.market.kind.ClassDemand;
import io.perigee.market.matching.OfferView;
import io.perigee.market.matching.PlacementRequest;
import io.perigee.market.matching.Shown;
import io.perigee.market.matching.WaitingRoom;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.scheduler.job.Aside;
import io.perigee.scheduler.record.KnownScores;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which of the jobs that matching has looked at in vain it looks at again: those that an offer which came or changed can help.
 *
 * <p>Used by one thread.
 */
final class Lookout {
    /** Nobody has shown more. */
    private static final Decimal MOST = Decimal.parse("1");

    private final KnownScores scores;
    private final WaitingRoom room = new WaitingRoom();
    /** How many facts each of those who wait had when it was looked at. */
    private final Map<JobId, Integer> versions = new HashMap<>();

    private final Set<JobId> next = new LinkedHashSet<>();
    private final Aside aside = new Aside();
    /** Offers whose keys begin later, or that are aside: no change says that they have begun. */
    private final Map<ProviderId, OfferView> early = new HashMap<>();

    Lookout(KnownScores scores) {
        this.scores = scores;
    }

    /** Jobs to look at now. */
    Set<JobId> next() {
        return next;
    }

    /** Only these of the named ones want anything any more. */
    void keepOnly(List<JobId> wanting) {
        next.retainAll(wanting);
    }

    /**
     * Those of them that are known here stay seated whom nobody does for by now: what helped them went to others. An offer
     * that comes or changes calls them again.
     */
    void narrow(LiveIndex index, Instant now) {
        next.removeIf(job -> !index.canBePlaced(job, room, now));
    }

    /**
     * A job is looked at: it waits for nothing until it is said to.
     *
     * @param version how many facts it has
     * @return whether it was looked at in vain when it had as many
     */
    boolean looked(JobId job, int version) {
        var before = versions.remove(job);
        return room.leave(job) && before != null && before == version;
    }

    /** A job wants nothing any more. */
    void left(JobId job) {
        versions.remove(job);
        room.leave(job);
    }

    /** With what was found, or was not, committed. */
    void committed(List<JobId> jobs) {
        jobs.forEach(job -> {
            next.remove(job);
            aside.release(job);
        });
    }

    /** Nobody was found for a job, whatever of these it asked for. */
    void waits(JobId job, int version, List<PlacementRequest> alternatives, JobSpec spec) {
        versions.put(job, version);
        room.enter(job, alternatives, spec);
    }

    /**
     * Nothing can be decided about a job.
     *
     * @return until when it is left alone
     */
    Instant setAside(JobId job, Instant now) {
        next.remove(job);
        left(job);
        return aside.put(job, now);
    }

    /** Whether nothing could be decided about a job not long ago. */
    boolean leavesAlone(JobId job, Instant now) {
        return aside.holds(job, now);
    }

    /** What kept them back may be gone. */
    void again(Set<JobId> jobs) {
        next.addAll(jobs);
    }

    /** The images whose classes are open to some that wait. */
    Set<ClassDemand> openClasses() {
        return room.openClasses();
    }

    /** Other classes of an image are open by now. */
    void reopened(ClassDemand open) {
        var jobs = room.leaveAll(open);
        jobs.forEach(versions::remove);
        next.addAll(jobs);
    }

    /** Jobs that another scheduler looked at in vain may have nobody else by now. */
    void adopt(Set<JobId> waiting, Instant now) {
        room.keepOnly(waiting);
        versions.keySet().retainAll(waiting);
        waiting.stream()
                .filter(job -> !room.isWaiting(job) && !aside.holds(job, now))
                .forEach(next::add);
    }

    /** Offers can do more than before. */
    void better(List<OfferView> views, Instant now) {
        for (var view : views) {
            if (hasBegun(view, now)) {
                early.remove(view.provider());
                helpedBy(view, now);
            } else {
                early.put(view.provider(), view);
            }
        }
    }

    /** Keys may have begun, and offers be aside no more. */
    void timePassed(Instant now) {
        better(early.values().stream().filter(view -> hasBegun(view, now)).toList(), now);
    }

    /** Owners have shown something else than before. */
    void shown(List<OfferView> views, Instant now) {
        views.forEach(view -> next.addAll(room.helpedByRecord(view, now, this::score)));
    }

    /** Whether any job waits for owners to show more. */
    boolean asksForRecords() {
        return room.asksForRecords();
    }

    private void helpedBy(OfferView view, Instant now) {
        if (room.size() > 0) {
            next.addAll(room.helpedBy(view, now, this::score));
        }
    }

    /** As far as it is known here: who may have shown anything is looked at. */
    private Decimal score(OfferView view, JobSpec spec) {
        return Shown.score(view, spec, field -> scores.last(field).orElse(MOST));
    }

    private static boolean hasBegun(OfferView view, Instant now) {
        return !view.from().isAfter(now);
    }
}
