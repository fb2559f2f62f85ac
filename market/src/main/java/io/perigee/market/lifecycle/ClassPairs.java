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

/**
 * Segments that two owners of a numeric class ran, of which {@link io.perigee.market.verification.Population} learns
 * whether its bits agree. Of runs that agree, each is counted with the first: ten equal runs are nine pairs, not 45.
 */
final class ClassPairs {
    private ClassPairs() {}

    /** Of a job that is decided with this; empty where nothing is learned. */
    static Optional<PairsCounted> of(Job before, Job after) {
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
        int unexplained = isUnexplained(after, decided.outcome(), numericClass) ? 1 : 0;
        return equal + unexplained == 0
                ? Optional.empty()
                : Optional.of(new PairsCounted(after.id(), numericClass, equal, unexplained));
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
    private static boolean isUnexplained(Job job, Outcome outcome, Digest numericClass) {
        if (outcome != Outcome.FAILED && outcome != Outcome.EXPIRED) {
            return false;
        }
        Map<Integer, Digest> seen = new HashMap<>();
        return job.attempts().stream()
                .filter(attempt -> attempt.assignment().numericClass().equals(numericClass))
                .filter(attempt ->
                        attempt.end().filter(AttemptEnd.REJECTED::equals).isEmpty())
                .flatMap(attempt -> answers(job, attempt).entrySet().stream())
                .anyMatch(answer -> {
                    var other = seen.putIfAbsent(answer.getKey(), answer.getValue());
                    return other != null && !other.equals(answer.getValue());
                });
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
