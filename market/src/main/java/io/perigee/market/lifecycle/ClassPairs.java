package io.perigee.market.lifecycle;

import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.PairsCounted;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.rest.Outcome;
import io.perigee.protocol.result.AuditEvidence;
import io.perigee.protocol.result.Payable;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Segments that two owners of a numeric class ran, of which {@link io.perigee.market.verification.Population} learns
 * whether its bits agree. Of runs that agree, each is counted with the first: ten equal runs are nine pairs, not 45.
 */
final class ClassPairs {
    private ClassPairs() {}

    /**
     * Of a job that is decided with this; empty where nothing is learned.
     *
     * @param counts whether a difference between two is one that a class answers for
     */
    static Optional<PairsCounted> of(Job before, Job after, Predicate<Difference> counts) {
        if (before.state() instanceof State.Decided || !(after.state() instanceof State.Decided decided)) {
            return Optional.empty();
        }
        var runs =
                after.attempts().stream().filter(attempt -> !attempt.audits()).toList();
        if (runs.isEmpty()) {
            return Optional.empty();
        }
        var payable = decided.payable();
        var numericClass = payable.winners().isEmpty()
                ? runs.getLast().assignment().numericClass()
                : payable.winners().getFirst().assignment().numericClass();
        // nobody asks what bits are worth where they always agree, or where no class is claimed
        if (numericClass.equals(NumericClass.STRICT) || numericClass.isZero()) {
            return Optional.empty();
        }
        int equal = equal(payable);
        var unexplained = unexplained(after, decided.outcome(), numericClass).filter(counts);
        if (unexplained.isPresent()) {
            return unexplained.map(
                    difference -> new PairsCounted(after.id(), numericClass, equal, 1, difference.owners()));
        }
        return equal == 0 ? Optional.empty() : Optional.of(new PairsCounted(after.id(), numericClass, equal));
    }

    private static int equal(Payable payable) {
        int others = Math.max(0, payable.winners().size() - 1);
        int ofRuns = others * Math.max(1, payable.toBorder());
        int ofAudits = payable.verdicts().stream()
                .map(AuditEvidence::run)
                .mapToInt(run -> run.assignment().toBorder() - run.assignment().fromBorder())
                .sum();
        return ofRuns + ofAudits;
    }

    /** Two owners differ, and the job ended before anybody said which of them is wrong. A builder's cancel says nothing. */
    private static Optional<Difference> unexplained(Job job, Outcome outcome, Digest numericClass) {
        if (outcome != Outcome.FAILED && outcome != Outcome.EXPIRED) {
            return Optional.empty();
        }
        Map<Integer, Attempt> first = new HashMap<>();
        Map<Integer, Digest> seen = new HashMap<>();
        for (var attempt : job.attempts()) {
            if (!attempt.assignment().numericClass().equals(numericClass)
                    || attempt.end().filter(AttemptEnd.REJECTED::equals).isPresent()) {
                continue;
            }
            for (var answer : answers(job, attempt).entrySet()) {
                var other = seen.putIfAbsent(answer.getKey(), answer.getValue());
                var one = first.putIfAbsent(answer.getKey(), attempt);
                if (one != null && other != null && !other.equals(answer.getValue())) {
                    return Optional.of(new Difference(TrackRecord.field(job, one), TrackRecord.field(job, attempt)));
                }
            }
        }
        return Optional.empty();
    }

    /** By border; of a job without segments all that it opened. */
    private static Map<Integer, Digest> answers(Job job, Attempt attempt) {
        var answers = new HashMap<Integer, Digest>();
        var orderHash = attempt.assignment().orderHash();
        attempt.done().stream()
                .flatMap(work -> work.leaves().stream())
                .forEach(segment -> answers.put(segment.border(), segment.leaf(orderHash)));
        if (answers.isEmpty()) {
            attempt.done()
                    .flatMap(work -> work.openingAt(job.lastBorder()))
                    .ifPresent(opened -> answers.put(0, opened.opening().outputDigest()));
        }
        return Map.copyOf(answers);
    }
}
