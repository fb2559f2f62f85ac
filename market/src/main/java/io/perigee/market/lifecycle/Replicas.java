package io.perigee.market.lifecycle;

import io.perigee.market.verification.Answer;
import io.perigee.market.verification.Prefixes;
import io.perigee.market.verification.Replicate;
import io.perigee.market.verification.Verdict;
import io.perigee.market.verification.Vote;
import java.util.List;
import java.util.Optional;

/** A job's runs, as the verification policy sees them; auditors of one are none. */
final class Replicas {
    private Replicas() {}

    static Verdict verdict(Job job) {
        var votes = votes(job);
        // an audited job has one provider, and another beside each that blames the job, until q do
        int replicas =
                job.audited() ? votes.size() + 1 : job.spec().verification().replicas();
        return Replicate.verdict(replicas, job.quorum(), votes, running(job));
    }

    /** Whether a quorum has answered the same: it wins as soon as nobody is running, whatever the others do. */
    static boolean stands(Job job) {
        return Replicate.verdict(job.quorum(), job.quorum(), votes(job), 0) instanceof Verdict.Agreed;
    }

    static int running(Job job) {
        return (int) job.attempts().stream()
                .filter(attempt -> !attempt.audits() && attempt.running())
                .count();
    }

    /** How far the job could be paid if it ended now; of an audited job, how far its run can be audited. */
    static Optional<Prefixes.Prefix> prefix(Job job) {
        if (job.audited()) {
            return job.open()
                    .filter(attempt -> !attempt.audits())
                    .flatMap(run -> run.done().flatMap(Work::sealedTo).stream()
                            .map(border -> new Prefixes.Prefix(border, List.of(run.number()))))
                    .findFirst();
        }
        var runners = job.open()
                .filter(attempt -> !attempt.audits())
                .flatMap(attempt -> attempt.done().stream()
                        .map(work -> new Prefixes.Runner(
                                attempt.number(), attempt.owner(), work.sealedBorders(), work.leaves(), work.opened())))
                .toList();
        return Prefixes.highest(runners, job.quorum());
    }

    private static List<Vote> votes(Job job) {
        return job.attempts().stream()
                .filter(attempt -> !attempt.audits())
                .map(attempt -> vote(job, attempt))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Vote> vote(Job job, Attempt attempt) {
        if (Failures.isAnswer(attempt)) {
            return attempt.failure()
                    .map(kind -> new Vote(attempt.number(), attempt.owner(), new Answer.JobFault(kind)));
        }
        if (!(attempt.status() instanceof AttemptStatus.Revealed(Work work))) {
            return Optional.empty();
        }
        return work.openingAt(job.lastBorder())
                .map(opened -> new Vote(
                        attempt.number(),
                        attempt.owner(),
                        new Answer.Result(
                                attempt.assignment().fromBorder(),
                                opened.border(),
                                opened.opening().root(),
                                opened.opening().outputDigest())));
    }
}
