package io.perigee.market.lifecycle;

import io.perigee.protocol.fact.FailureKind;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A border that nobody gets on from: so many owners as decide anything else began at the same checkpoint, came as far and
 * failed, and nobody who began there came further. Files that fit a leaf may hold anything, and only who runs from them
 * finds it. One owner alone is not believed, and neither is one that sealed more and did not open it: it takes one more
 * that failed.
 *
 * @param attempts that failed there
 */
record Impasse(int border, List<Integer> attempts) {

    private record Stop(int from, int at) {
        static Stop of(Attempt attempt) {
            int from = attempt.assignment().fromBorder();
            return new Stop(from, attempt.done().flatMap(Work::sealedTo).orElse(from));
        }

        /** Who began there and is not over may yet come further. */
        boolean mayBePassedBy(Attempt attempt) {
            return !attempt.ended() && attempt.assignment().fromBorder() == from;
        }

        boolean isBehind(Attempt attempt) {
            var other = of(attempt);
            return other.from == from && other.at > at;
        }

        boolean isShownBy(Attempt attempt) {
            int opened = attempt.done().map(Work::leaves).orElse(List.of()).size();
            return isBehind(attempt) && from + opened > at;
        }
    }

    String words() {
        return "attempts %s could not run on from border %d".formatted(attempts, border);
    }

    /**
     * Within a run, by those who audited it: of what it says it ran, they say that the job cannot be run, or that its
     * checkpoint is none.
     */
    static Optional<Impasse> of(Job job, Attempt run) {
        return of(job, run, Impasse::denies);
    }

    /** @param failed what counts as a failure */
    static Optional<Impasse> of(Job job, Attempt run, Predicate<Attempt> failed) {
        var auditors = job.attempts().stream().skip(run.number() + 1L).takeWhile(Attempt::audits);
        return find(job, auditors.toList(), failed);
    }

    /** Where what is done of a job ends and its next run was to begin. What they say of the job itself is an answer. */
    static Optional<Impasse> ofRest(Job job) {
        var runs = job.attempts().stream()
                .filter(attempt -> !attempt.audits() && attempt.assignment().fromBorder() == job.doneTo());
        return find(job, runs.toList(), Impasse::isUnreadable);
    }

    private static Optional<Impasse> find(Job job, List<Attempt> attempts, Predicate<Attempt> failed) {
        var stopped = attempts.stream().filter(failed).collect(Collectors.groupingBy(Stop::of));
        return stopped.entrySet().stream()
                .filter(stop -> owners(stop.getValue())
                        >= job.quorum() + owners(attempts.stream().filter(stop.getKey()::isBehind)))
                .filter(stop -> attempts.stream().noneMatch(stop.getKey()::isShownBy))
                .filter(stop -> attempts.stream().noneMatch(stop.getKey()::mayBePassedBy))
                .map(Impasse::of)
                .min(Comparator.comparingInt(Impasse::border));
    }

    private static Impasse of(Map.Entry<Stop, List<Attempt>> stop) {
        return new Impasse(
                stop.getKey().at(),
                stop.getValue().stream().map(Attempt::number).toList());
    }

    private static long owners(List<Attempt> attempts) {
        return owners(attempts.stream());
    }

    private static long owners(Stream<Attempt> attempts) {
        return attempts.map(Attempt::owner).distinct().count();
    }

    static boolean denies(Attempt auditor) {
        return auditor.failure().map(Failures::blame).stream()
                .anyMatch(blame -> blame == Failures.Blame.JOB || blame == Failures.Blame.CHECKPOINT);
    }

    private static boolean isUnreadable(Attempt attempt) {
        return attempt.failure().filter(FailureKind.BAD_CHECKPOINT::equals).isPresent();
    }
}
