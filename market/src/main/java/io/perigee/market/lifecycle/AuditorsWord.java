package io.perigee.market.lifecycle;

import io.perigee.market.verification.Misconduct;
import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.id.Address;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Who denies an auditor that contradicts a quorum. The voice of the run that it audits decides the pay and nobody else's
 * honesty: a forger with one friend would put out whoever finds its forgery. So only other auditors count, and against who
 * denied its run, the run that holds after it.
 */
final class AuditorsWord {
    private final Job job;
    private final Attempt auditor;
    private final Attempt run;

    private AuditorsWord(Job job, Attempt auditor) {
        this.job = job;
        this.auditor = auditor;
        this.run = AuditVotes.auditedBy(job, auditor);
    }

    static Misconduct misconduct(Job job, Attempt auditor) {
        return new AuditorsWord(job, auditor).isDenied() ? Misconduct.WRONG_AUDIT : Misconduct.DENIED_AUDIT;
    }

    private boolean isDenied() {
        var stretch = AuditVotes.stretch(auditor);
        return IntStream.rangeClosed(stretch.fromBorder() + 1, stretch.toBorder() + 1)
                .anyMatch(border -> said(auditor, border)
                        .filter(mine -> isDenied(border, mine))
                        .isPresent());
    }

    private boolean isDenied(int border, Object mine) {
        boolean deniesItsRun = denies(run, border, mine);
        Map<Object, Set<Address>> others = new HashMap<>();
        job.attempts().stream()
                .filter(other ->
                        !other.owner().equals(auditor.owner()) && !other.owner().equals(run.owner()))
                .filter(other -> other.audits() || (deniesItsRun && isVerified(other)))
                .filter(other -> denies(other, border, mine))
                .forEach(other -> others.computeIfAbsent(said(other, border).orElseThrow(), _ -> new HashSet<>())
                        .add(other.owner()));
        return others.values().stream().anyMatch(owners -> owners.size() >= job.quorum());
    }

    /** Whether another came to a border from where the auditor did, and got to something else. */
    private boolean denies(Attempt other, int border, Object mine) {
        return said(other, border).filter(theirs -> !theirs.equals(mine)).isPresent()
                && start(other, border).equals(start(auditor, border));
    }

    private static boolean isVerified(Attempt attempt) {
        return attempt.end().filter(AttemptEnd.VERIFIED::equals).isPresent();
    }

    /** The leaf at a border; behind the last one stand the outputs. */
    private Optional<Object> said(Attempt attempt, int border) {
        return border > job.lastBorder()
                ? Optional.of(AuditVotes.output(attempt))
                        .filter(output -> !output.isZero())
                        .map(Object.class::cast)
                : leaf(attempt, border);
    }

    private static Optional<Object> leaf(Attempt attempt, int border) {
        var leaves = attempt.done().map(Work::leaves).orElse(List.of());
        int index = border - attempt.assignment().fromBorder() - 1;
        return index < 0 || index >= leaves.size() ? Optional.empty() : Optional.of(leaves.get(index));
    }

    /** What an attempt had come to before a border; empty where its job, or what is left of it, begins. */
    private Optional<Object> start(Attempt attempt, int border) {
        boolean begins = attempt.audits() && border - 1 == attempt.assignment().fromBorder();
        return leaf(begins ? AuditVotes.auditedBy(job, attempt) : attempt, border - 1);
    }
}
