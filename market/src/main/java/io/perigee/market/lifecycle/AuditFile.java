package io.perigee.market.lifecycle;

import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of the audit of one run.
 *
 * @param blockHash empty when the block stayed unknown, and everything is audited
 * @param segments to run again, by the borders at which they end, in order
 * @param drawnAt when that was, and the checkpoints they start from were asked for
 * @param at when an auditor may first have been missing: they were drawn, the last checkpoint was served, an auditor has
 *     answered, or answers were found to differ
 * @param asked until when each checkpoint is to be by border
 * @param served borders whose checkpoint came after it was asked for, when it could be held against the opened leaf
 * @param contested attempts whose answers about a segment differed when it was last said, by its border
 * @param verdictsDue until when each auditor is to sign, by attempt
 * @param verdicts what they signed, by attempt
 */
public record AuditFile(
        Optional<Digest> blockHash,
        List<Integer> segments,
        Instant drawnAt,
        Instant at,
        Map<Integer, Instant> asked,
        Set<Integer> served,
        Map<Integer, List<Integer>> contested,
        Map<Integer, Instant> verdictsDue,
        Map<Integer, Signed> verdicts) {

    /**
     * What an upload may take at least of which the want is held against a provider's honesty. The builder says how long
     * one has, of a checkpoint as large as its job makes it: with less, whoever orders could put honest owners out. It is
     * what a gigabyte takes at 27 Mbit/s.
     */
    static final Duration LEAST_UPLOAD = Duration.ofMinutes(5);

    /** A verdict with its signature. */
    public record Signed(Verdict verdict, Signature signature) {}

    public AuditFile {
        segments = List.copyOf(segments);
        asked = Map.copyOf(asked);
        served = Set.copyOf(served);
        contested = Map.copyOf(contested);
        verdictsDue = Map.copyOf(verdictsDue);
        verdicts = Map.copyOf(verdicts);
    }

    static AuditFile drawn(Optional<Digest> blockHash, List<Integer> segments, Instant at) {
        return new AuditFile(blockHash, segments, at, at, Map.of(), Set.of(), Map.of(), Map.of(), Map.of());
    }

    /** What it says of the run if that ends now. */
    Silence silence() {
        if (served.containsAll(asked.keySet())) {
            return Silence.NONE;
        }
        return hurries() ? Silence.HURRIED_CHECKPOINTS : Silence.UNSERVED;
    }

    /** Whether the checkpoints that were asked for had less time, one after the other, than an honest line may need. */
    private boolean hurries() {
        return asked.values().stream()
                .max(Comparator.naturalOrder())
                .filter(last -> Duration.between(drawnAt, last).compareTo(LEAST_UPLOAD.multipliedBy(asked.size())) < 0)
                .isPresent();
    }

    AuditFile asking(int border, Instant by) {
        return new AuditFile(
                blockHash, segments, drawnAt, at, and(asked, border, by), served, contested, verdictsDue, verdicts);
    }

    AuditFile serving(int border, Instant when) {
        var more = new HashSet<>(served);
        more.add(border);
        return new AuditFile(blockHash, segments, drawnAt, when, asked, more, contested, verdictsDue, verdicts);
    }

    AuditFile answered(Instant when) {
        return new AuditFile(blockHash, segments, drawnAt, when, asked, served, contested, verdictsDue, verdicts);
    }

    AuditFile contesting(int border, List<Integer> attempts, Instant when) {
        var more = and(contested, border, attempts);
        return new AuditFile(blockHash, segments, drawnAt, when, asked, served, more, verdictsDue, verdicts);
    }

    AuditFile awaitingVerdict(int attempt, Instant by) {
        var more = and(verdictsDue, attempt, by);
        return new AuditFile(blockHash, segments, drawnAt, at, asked, served, contested, more, verdicts);
    }

    AuditFile signed(int attempt, Signed verdict) {
        var more = and(verdicts, attempt, verdict);
        return new AuditFile(blockHash, segments, drawnAt, at, asked, served, contested, verdictsDue, more);
    }

    private static <T> Map<Integer, T> and(Map<Integer, T> map, int key, T value) {
        var more = new HashMap<>(map);
        more.put(key, value);
        return more;
    }
}
