package io.perigee.market.lifecycle;

import io.perigee.market.verification.Answer;
import io.perigee.market.verification.Audit;
import io.perigee.market.verification.AuditVerdict;
import io.perigee.market.verification.Check;
import io.perigee.market.verification.Replicate;
import io.perigee.market.verification.Stretch;
import io.perigee.market.verification.Subject;
import io.perigee.market.verification.Verdict;
import io.perigee.market.verification.Vote;
import io.perigee.protocol.id.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What auditors say of a run.
 *
 * <p>An auditor's leaf speaks of a segment only if it came to it from where the provider did: its leaves before, and the
 * checkpoint it began from, are the run's own. So auditors of an earlier run that fell speak of this one too, where both
 * runs are the same; they had sealed before this run began, and nobody has seen their leaves.
 */
final class AuditVotes {
    private final Job job;
    private final Attempt run;
    private final AuditFile file;
    /** By attempt: a leaf is hashed, and a job may have thousands of borders. */
    private final Map<Integer, Leaves> leaves = new HashMap<>();
    /** By auditor: the first segment of which it differs from the run, or that one of them has not opened. */
    private final Map<Integer, Integer> differing = new HashMap<>();

    /** What an attempt opened, by border. */
    private record Leaves(int from, List<Digest> digests) {
        static Leaves of(Attempt attempt) {
            var opened = attempt.done().map(Work::leaves).orElse(List.of());
            return new Leaves(
                    attempt.assignment().fromBorder(),
                    opened.stream()
                            .map(segment -> segment.leaf(attempt.assignment().orderHash()))
                            .toList());
        }

        Optional<Digest> at(int border) {
            int index = border - from - 1;
            return index < 0 || index >= digests.size() ? Optional.empty() : Optional.of(digests.get(index));
        }
    }

    AuditVotes(Job job, State.Auditing auditing, AuditFile file) {
        this.job = job;
        this.run = job.attempt(auditing.run());
        this.file = file;
    }

    AuditVerdict verdict() {
        return Audit.verdict(job.quorum(), checks());
    }

    /** Whether all that could be asked have answered, and nobody can say who is right. */
    static boolean isUndecided(Job job, State.Auditing auditing, AuditFile file) {
        return Drawing.isServed(file) && new AuditVotes(job, auditing, file).verdict() instanceof AuditVerdict.Open;
    }

    /** Whether answers about a segment differ, and nobody has decided it yet. */
    boolean contested() {
        return checks().stream()
                .map(check -> Replicate.verdict(job.quorum(), job.quorum(), check.votes(), check.running()))
                .anyMatch(Verdict.Split.class::isInstance);
    }

    /**
     * What was drawn, and where else an auditor first got another leaf, in the order of borders. That is evidence as good as
     * any: who differs there speaks of nothing behind it, so nobody would say that the run is wrong.
     */
    List<Check> checks() {
        var segments = new TreeSet<>(file.segments());
        auditors().filter(this::denies).map(this::differsFrom).forEach(segments::add);
        var checks = new ArrayList<Check>();
        for (int segment : segments) {
            checks.add(check(new Subject.Segment(segment), segment));
            if (segment == job.lastBorder()) {
                checks.add(check(new Subject.Output(segment), segment));
            }
        }
        return checks;
    }

    private boolean denies(Attempt auditor) {
        return auditor.status() instanceof AttemptStatus.Revealed
                && leafAt(run, differsFrom(auditor)).isPresent()
                && sameStart(auditor, stretch(auditor).fromBorder())
                && !isSpent(auditor);
    }

    private Check check(Subject subject, int border) {
        var votes = new ArrayList<Vote>();
        votes.add(vote(run, subject));
        auditors().filter(auditor -> speaksOf(auditor, subject)).forEach(auditor -> votes.add(vote(auditor, subject)));
        long running = auditors()
                .filter(auditor -> auditor.running() && stretch(auditor).covers(border))
                .count();
        return new Check(subject, votes, (int) running);
    }

    /** Auditors that are not over. */
    private Stream<Attempt> auditors() {
        return job.open().filter(Attempt::audits);
    }

    /** Auditors that have answered, and nothing they say of this run is against it. */
    List<Attempt> standing() {
        return auditors().filter(this::agrees).toList();
    }

    /**
     * Auditors that had their say against an earlier run, of whom this one, once enough stand behind it, proves that it was
     * wrong: in a segment that others ran again they came from where it did, and got to something else.
     */
    List<Attempt> disproven() {
        return auditors()
                .filter(auditor -> auditor.status() instanceof AttemptStatus.Revealed && isSpent(auditor))
                .filter(auditor -> sameStart(auditor, stretch(auditor).fromBorder()))
                .filter(auditor -> file.segments()
                        .contains(
                                Math.min(differsFrom(auditor), stretch(auditor).toBorder())))
                .toList();
    }

    private boolean agrees(Attempt auditor) {
        var stretch = stretch(auditor);
        return auditor.status() instanceof AttemptStatus.Revealed
                && sameFrom(auditor, stretch.toBorder() + 1)
                && (stretch.toBorder() != job.lastBorder() || output(auditor).equals(output(run)));
    }

    private boolean speaksOf(Attempt auditor, Subject subject) {
        return auditor.status() instanceof AttemptStatus.Revealed
                && switch (subject) {
                    case Subject.Segment(int border) -> stretch(auditor).covers(border) && sameFrom(auditor, border);
                    case Subject.Output(int border) -> stretch(auditor).covers(border) && sameFrom(auditor, border + 1);
                }
                && !isSpent(auditor);
    }

    /**
     * Whoever denied an earlier run's segment or outputs has had its say against it: it may speak for the next run, and not
     * against that one, too. Else two accusers would put out one owner after the other. Of what lies before it does not speak
     * either: it will not sign for this run, and each segment takes somebody who does.
     */
    private boolean isSpent(Attempt auditor) {
        var audited = auditedBy(auditor);
        if (audited.number() == run.number()) {
            return false;
        }
        int first = differsFrom(auditor);
        return first <= stretch(auditor).toBorder()
                ? !leafAt(auditor, first).equals(leafAt(audited, first))
                : stretch(auditor).covers(job.lastBorder())
                        && !output(auditor).equals(output(run))
                        && !output(auditor).equals(output(audited));
    }

    /** Whether an auditor began where this run was, and has the run's leaves up to a segment, without it. */
    private boolean sameFrom(Attempt auditor, int segment) {
        return sameStart(auditor, stretch(auditor).fromBorder()) && differsFrom(auditor) >= segment;
    }

    private int differsFrom(Attempt auditor) {
        return differing.computeIfAbsent(auditor.number(), _ -> firstDiffering(auditor, stretch(auditor)));
    }

    private int firstDiffering(Attempt auditor, Stretch stretch) {
        return IntStream.rangeClosed(stretch.fromBorder() + 1, stretch.toBorder())
                .filter(border -> !leafAt(auditor, border).equals(leafAt(run, border)))
                .findFirst()
                .orElse(Integer.MAX_VALUE);
    }

    private Optional<Digest> leafAt(Attempt attempt, int border) {
        return leaves.computeIfAbsent(attempt.number(), _ -> Leaves.of(attempt)).at(border);
    }

    private boolean sameStart(Attempt auditor, int border) {
        var audited = auditedBy(auditor);
        return border == 0
                || audited.number() == run.number()
                || leafAt(audited, border).equals(leafAt(run, border));
    }

    private Attempt auditedBy(Attempt auditor) {
        return auditedBy(job, auditor);
    }

    static Attempt auditedBy(Job job, Attempt auditor) {
        return job.attempts().subList(0, auditor.number()).stream()
                .filter(attempt -> !attempt.audits())
                .reduce((_, later) -> later)
                .orElseThrow();
    }

    private Vote vote(Attempt attempt, Subject subject) {
        var answer =
                switch (subject) {
                    case Subject.Segment(int border) ->
                        new Answer.Result(
                                border - 1, border, leafAt(attempt, border).orElseThrow(), Digest.ZERO);
                    case Subject.Output(int border) -> new Answer.Result(border, border, Digest.ZERO, output(attempt));
                };
        return new Vote(attempt.number(), attempt.owner(), answer);
    }

    /** What an attempt opened at a border; empty when it opened none there. */
    static Optional<Digest> leaf(Attempt attempt, int border) {
        return Leaves.of(attempt).at(border);
    }

    static Digest output(Attempt attempt) {
        return attempt.done()
                .flatMap(work -> work.openingAt(attempt.lastBorder()))
                .map(opened -> opened.opening().outputDigest())
                .orElse(Digest.ZERO);
    }

    static Stretch stretch(Attempt auditor) {
        return new Stretch(
                auditor.assignment().fromBorder(), auditor.assignment().toBorder());
    }
}
