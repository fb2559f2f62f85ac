package io.perigee.market.lifecycle;

import io.perigee.market.pricing.Pricing;
import io.perigee.market.verification.Answer;
import io.perigee.market.verification.AuditVerdict;
import io.perigee.market.verification.Check;
import io.perigee.market.verification.Subject;
import io.perigee.market.verification.Vote;
import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.JobReopened;
import io.perigee.protocol.fact.ResultDisputed;
import java.util.List;

/** What follows from what auditors have answered so far. */
final class Audits {
    private Audits() {}

    static void conclude(Draft draft) {
        if (!(draft.job().state() instanceof State.Auditing auditing)) {
            return;
        }
        endUnrepeatable(draft, auditing);
        var run = draft.job().attempt(auditing.run());
        var outOfReach = Parts.outOfReach(draft.job(), auditing);
        if (run.status() instanceof AttemptStatus.Ended ended) {
            reopen(draft, "Attempt %d cannot be paid: %s".formatted(run.number(), ended.detail()));
        } else if (outOfReach.isPresent()) {
            Parts.drop(draft, auditing, outOfReach.get());
        } else if (Drawing.isBlind(draft.job(), auditing)) {
            Drawing.all(draft, auditing);
        } else {
            auditing.audit().filter(Drawing::isServed).ifPresent(file -> weigh(draft, auditing, file));
        }
    }

    /** To seal what nobody can run again must not beat being caught: it is as good as not served. */
    private static void endUnrepeatable(Draft draft, State.Auditing auditing) {
        var run = draft.job().attempt(auditing.run());
        if (auditing.goesOn() || run.ended()) {
            return;
        }
        Impasse.of(draft.job(), run).ifPresent(stop -> {
            draft.end(
                    run,
                    AttemptEnd.LOST,
                    "Expected auditors to be able to run again what it sealed, but %s; nothing is paid, and its opening can still be proven wrong"
                            .formatted(stop.words()));
            release(draft, stop.border());
        });
    }

    private static void weigh(Draft draft, State.Auditing auditing, AuditFile file) {
        var votes = new AuditVotes(draft.job(), auditing, file);
        switch (votes.verdict()) {
            case AuditVerdict.Await() -> {}
            case AuditVerdict.Wanted(List<Subject> subjects, boolean byStake) -> {
                if (byStake && AuditWants.running(draft.job()) == 0) {
                    contest(draft, file, votes.checks(), subjects);
                }
                bound(draft);
            }
            case AuditVerdict.Fell(Subject subject, List<Integer> against) ->
                fell(draft, auditing, votes, subject, against);
            case AuditVerdict.Open(Subject subject, List<Integer> attempts) ->
                undecided(
                        draft,
                        auditing,
                        "Attempts %s gave no quorum of %d about %s"
                                .formatted(attempts, draft.job().quorum(), name(subject)));
            case AuditVerdict.Held(List<Integer> wrong) -> {
                wrong.forEach(number -> draft.open(number)
                        .ifPresent(auditor -> draft.end(
                                auditor, AttemptEnd.REJECTED, "It contradicts a quorum about what it audited")));
                Hearing.hear(draft);
                bound(draft);
            }
        }
    }

    /**
     * Two auditors that lie, or do not look, must not end a job for nothing: another runs it once, and what holds then says
     * who did. A second time it may be the job, whose bits do not agree.
     */
    private static void undecided(Draft draft, State.Auditing auditing, String detail) {
        var job = draft.job();
        var run = job.attempt(auditing.run());
        if (auditing.goesOn() || auditing.early().isPresent() || wasUndecided(job) || !mayRunAgain(draft, run)) {
            Endings.close(draft, Ending.NO_QUORUM, detail);
            return;
        }
        draft.end(run, AttemptEnd.LOST, detail + "; nothing is paid, and its opening can still be proven wrong");
        reopen(draft, detail);
    }

    private static boolean wasUndecided(Job job) {
        return job.attempts().stream()
                .anyMatch(attempt ->
                        attempt.status() instanceof AttemptStatus.Ended ended && ended.silence() == Silence.UNDECIDED);
    }

    /** Whether the order has the time, and what its maximum leaves without this run the money, for another with its audit. */
    private static boolean mayRunAgain(Draft draft, Attempt run) {
        var job = draft.job();
        var latest = Pricing.latestAssignment(
                job.spec(), job.order().deadline(), draft.context().policy());
        return !draft.context().now().isAfter(latest)
                && Wants.left(job).plus(run.assignment().price()).covers(Pricing.rest(job.spec(), job.doneTo()));
    }

    /** Says once, for each segment, that its answers differ. */
    private static void contest(Draft draft, AuditFile file, List<Check> checks, List<Subject> contested) {
        for (var check : checks) {
            if (!contested.contains(check.subject())) {
                continue;
            }
            int border = border(check.subject());
            var attempts = check.votes().stream().map(Vote::attempt).toList();
            if (!attempts.equals(file.contested().get(border))) {
                draft.record(new ResultDisputed(
                        draft.id(),
                        border,
                        attempts,
                        "Attempts %s gave different answers about %s".formatted(attempts, name(check.subject()))));
            }
        }
    }

    /** Ends a job that would use up more assignments than the policy has. */
    private static void bound(Draft draft) {
        var policy = draft.context().policy();
        if (draft.job().state() instanceof State.Auditing
                && AuditWants.missing(draft.job()) > 0
                && AuditWants.options(draft.job(), policy).isEmpty()) {
            Endings.close(
                    draft,
                    Ending.PROVIDERS_LOST,
                    "Expected %d attempts to be enough, but they are used up".formatted(policy.maxAttempts()));
        }
    }

    private static void fell(
            Draft draft, State.Auditing auditing, AuditVotes votes, Subject subject, List<Integer> against) {
        var check = votes.checks().stream()
                .filter(each -> each.subject().equals(subject))
                .findFirst()
                .orElseThrow();
        var run = draft.job().attempt(auditing.run());
        draft.end(
                run,
                AttemptEnd.REJECTED,
                "%s; %s".formatted(fall(subject, check, against), Convictions.atRisk(draft.job(), run)));
        for (var vote : check.votes()) {
            if (!against.contains(vote.attempt())) {
                draft.open(vote.attempt())
                        .ifPresent(
                                friend -> draft.end(friend, AttemptEnd.REJECTED, "It contradicts attempts " + against));
            }
        }
        release(draft, border(subject));
        reopen(draft, "Attempt %d is out: %s".formatted(run.number(), fall(subject, check, against)));
    }

    /** Lets those go who audit a run that is out at a border, but for whom the next run may need. */
    private static void release(Draft draft, int border) {
        draft.job()
                .open()
                .filter(attempt -> attempt.audits()
                        && (attempt.running() || attempt.assignment().fromBorder() >= border))
                .toList()
                .forEach(attempt -> draft.end(
                        attempt,
                        AttemptEnd.CANCELLED,
                        "The run it audits fell, and what it found says nothing of the next"));
    }

    private static String fall(Subject subject, Check check, List<Integer> against) {
        var own = check.votes().getFirst();
        var other = check.votes().stream()
                .filter(vote -> against.contains(vote.attempt()))
                .findFirst()
                .orElseThrow();
        return "Of %s it sealed %s, and attempts %s got %s".formatted(name(subject), shown(own), against, shown(other));
    }

    private static String shown(Vote vote) {
        return switch (vote.answer()) {
            case Answer.Result result ->
                result.root().isZero() ? "outputs " + result.outputDigest() : "leaf " + result.root();
            case Answer.JobFault fault -> fault.kind().name();
        };
    }

    static String name(Subject subject) {
        return switch (subject) {
            case Subject.Segment(int border) -> "segment %d (border %d to %d)".formatted(border, border - 1, border);
            case Subject.Output(int border) -> "the outputs at border %d".formatted(border);
        };
    }

    private static int border(Subject subject) {
        return switch (subject) {
            case Subject.Segment(int border) -> border;
            case Subject.Output(int border) -> border;
        };
    }

    /** Asks for another provider, so often as the policy has it, unless the job ends in any case. Auditors that had answered stay: they may be right of the next. */
    static void reopen(Draft draft, String reason) {
        if (draft.job().state() instanceof State.Auditing auditing
                && auditing.early().isPresent()) {
            Endings.unpaid(draft, auditing.early().get(), reason);
            return;
        }
        long fallen = draft.job().attempts().stream()
                .filter(attempt -> !attempt.audits() && attempt.ended())
                .filter(attempt -> attempt.done()
                        .flatMap(work -> work.openingAt(draft.job().lastBorder()))
                        .or(() -> attempt.end()
                                .filter(AttemptEnd.REJECTED::equals)
                                .flatMap(_ -> attempt.done())
                                .flatMap(work -> work.openings().stream().findFirst()))
                        .isPresent())
                .count();
        if (fallen > draft.context().policy().reopenings()) {
            Endings.unpaid(
                    draft, new State.Early(Ending.NO_QUORUM, draft.job().state().phase()), reason);
        } else {
            draft.record(new JobReopened(draft.id(), reason));
            // what others had said of the job itself, before this run, counts again
            Verdicts.conclude(draft);
        }
    }
}
