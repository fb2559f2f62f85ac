package io.perigee.scenarios.simulation;

import io.perigee.market.verification.Answer;
import io.perigee.market.verification.Misconduct;
import io.perigee.market.verification.Subject;
import io.perigee.protocol.id.Address;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whose answers count for a run, as the hub counts them: its own auditors', and of earlier runs' where both are the same. What
 * they say outlives the run they audited, until another holds.
 */
final class Voices {
    private final Job job;
    private final Attempt run;

    Voices(Job job, Attempt run) {
        this.job = job;
        this.run = run;
    }

    static int border(Subject subject) {
        return switch (subject) {
            case Subject.Segment(int border) -> border;
            case Subject.Output(int border) -> border;
        };
    }

    /** In the order of what is run; outputs come behind their segment. */
    private static int place(Subject subject) {
        return switch (subject) {
            case Subject.Segment(int border) -> border;
            case Subject.Output(int border) -> border + 1;
        };
    }

    List<Attempt> of(Subject subject) {
        return answered().filter(auditor -> speaksOf(auditor, subject)).toList();
    }

    /** Auditors of which nothing is against it. */
    List<Attempt> standing() {
        return answered()
                .filter(auditor -> sameStart(auditor) && differsAt(auditor) == Integer.MAX_VALUE)
                .toList();
    }

    /** Auditors that denied an earlier run, of whom this one proves that they were wrong. */
    List<Attempt> disproven() {
        return answered()
                .filter(auditor -> sameStart(auditor) && isSpent(auditor))
                .filter(auditor ->
                        run.answers.keySet().stream().anyMatch(subject -> place(subject) == differsAt(auditor)))
                .toList();
    }

    private Stream<Attempt> answered() {
        return job.attempts.stream().filter(each -> each.audits() && each.status == Attempt.Status.ANSWERED);
    }

    private boolean speaksOf(Attempt auditor, Subject subject) {
        return auditor.answers.containsKey(subject)
                && sameStart(auditor)
                && differsAt(auditor) >= place(subject)
                && !isSpent(auditor);
    }

    private boolean isSpent(Attempt auditor) {
        int first = differsAt(auditor);
        return auditor.run() != run
                && auditor.answers.entrySet().stream()
                        .filter(said -> place(said.getKey()) == first)
                        .anyMatch(said -> !said.getValue().equals(claim(auditor.run(), said.getKey())));
    }

    private int differsAt(Attempt auditor) {
        return auditor.answers.entrySet().stream()
                .filter(said -> !reaches(said.getKey()) || !said.getValue().equals(claim(run, said.getKey())))
                .mapToInt(said -> place(said.getKey()))
                .min()
                .orElse(Integer.MAX_VALUE);
    }

    private boolean reaches(Subject subject) {
        return run.from() < border(subject) && border(subject) <= run.border;
    }

    private boolean sameStart(Attempt auditor) {
        return start(auditor.run(), auditor.from()).equals(start(run, auditor.from()));
    }

    /** Where a run stood at a border; where it began itself all its rivals did. */
    private Answer start(Attempt of, int border) {
        return border == of.from()
                ? new Answer.Result(border, border, job.orderHash, job.orderHash)
                : claim(of, new Subject.Segment(border));
    }

    private Answer claim(Attempt of, Subject subject) {
        return Truth.claim(job, of, subject);
    }

    /**
     * What it is to have said what a quorum denies: the voice of the run that it audits decides the pay, and nobody else's
     * honesty. Against who denied its run the one that holds after it counts.
     */
    static Misconduct misconduct(Job job, Attempt auditor) {
        return auditor.answers.keySet().stream().anyMatch(subject -> isDenied(job, auditor, subject))
                ? Misconduct.WRONG_AUDIT
                : Misconduct.DENIED_AUDIT;
    }

    private static boolean isDenied(Job job, Attempt auditor, Subject subject) {
        var mine = auditor.answer(subject);
        boolean deniesItsRun = !mine.equals(Truth.claim(job, auditor.run(), subject));
        Map<Answer, Set<Address>> others = new HashMap<>();
        job.attempts.stream()
                .filter(other -> other.owner != auditor.owner && other.owner != auditor.run().owner)
                .forEach(other -> {
                    if (other.audits() && other.spoke && other.answers.containsKey(subject)) {
                        say(others, other.answer(subject), other);
                    } else if (deniesItsRun
                            && job.accepted.contains(other)
                            && new Voices(job, other).reaches(subject)) {
                        say(others, Truth.claim(job, other, subject), other);
                    }
                });
        others.remove(mine);
        return others.values().stream().anyMatch(owners -> owners.size() >= Setting.QUORUM);
    }

    private static void say(Map<Answer, Set<Address>> answers, Answer answer, Attempt attempt) {
        answers.computeIfAbsent(answer, _ -> new HashSet<>()).add(attempt.owner.address());
    }
}
