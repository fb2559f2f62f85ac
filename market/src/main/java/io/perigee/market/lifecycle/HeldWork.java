package io.perigee.market.lifecycle;

import io.perigee.market.verification.Hindsight;
import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.result.SegmentHashes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The leaves of an audited job's work that holds, as far as it goes, from one run or from several after each other. */
final class HeldWork {
    private final Job job;
    /** By numeric class: honest runs of two classes have other bits. */
    private final Map<Digest, Map<Integer, Object>> leaves = new HashMap<>();

    private HeldWork(Job job) {
        this.job = job;
    }

    /** Of the parts that were accepted, and of what was decided. */
    static HeldWork of(Job job) {
        var held = new HeldWork(job);
        if (job.audited()) {
            var decided = job.state() instanceof State.Decided(var _, var payable)
                    ? payable.links().stream()
                    : Stream.<Payable>of();
            Stream.concat(job.parts().stream().map(Job.Part::payable), decided)
                    .flatMap(link -> link.winners().stream())
                    .forEach(run -> held.add(
                            run.segments(),
                            run.opening().outputDigest(),
                            held.leaves.computeIfAbsent(run.assignment().numericClass(), _ -> new HashMap<>())));
        }
        return held;
    }

    /**
     * What it says of a run that is not in it. That all is the same only where the run opened all it was to do, or all that
     * auditors denied: who vanished and left a part that fell has opened no more than that part.
     */
    Hindsight says(Attempt attempt) {
        var held = leaves.getOrDefault(attempt.assignment().numericClass(), Map.of());
        var opened = new HashMap<Integer, Object>();
        if (!attempt.audits() && !held.isEmpty()) {
            attempt.evidence(job.lastBorder())
                    .ifPresentOrElse(
                            run -> add(run.segments(), run.opening().outputDigest(), opened),
                            () -> add(attempt.done().map(Work::leaves).orElse(List.of()), Digest.ZERO, opened));
        }
        var says = Hindsight.of(opened, held);
        return says == Hindsight.SAME && !opened.containsKey(outputs()) && !fellByAPart(attempt)
                ? Hindsight.NOTHING
                : says;
    }

    private boolean fellByAPart(Attempt attempt) {
        return attempt.end().filter(AttemptEnd.REJECTED::equals).isPresent()
                && attempt.evidence(job.lastBorder()).isEmpty();
    }

    private void add(List<SegmentHashes> segments, Digest outputDigest, Map<Integer, Object> to) {
        segments.forEach(segment -> to.put(segment.border(), segment));
        if (!outputDigest.isZero()) {
            to.put(outputs(), outputDigest);
        }
    }

    /** Where the outputs stand: behind the last leaf. */
    private int outputs() {
        return job.lastBorder() + 1;
    }
}
