package io.perigee.market.lifecycle;

import io.perigee.protocol.fact.AttemptEnded;
import io.perigee.protocol.fact.AttemptStarted;
import io.perigee.protocol.fact.CancelNoted;
import io.perigee.protocol.fact.CheckpointRequested;
import io.perigee.protocol.fact.CheckpointServed;
import io.perigee.protocol.fact.CommandRejected;
import io.perigee.protocol.fact.CreditsReserved;
import io.perigee.protocol.fact.EpochJoined;
import io.perigee.protocol.fact.EpochLeft;
import io.perigee.protocol.fact.EpochPosted;
import io.perigee.protocol.fact.FundingRefused;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.JobCancelled;
import io.perigee.protocol.fact.JobExpired;
import io.perigee.protocol.fact.JobFact;
import io.perigee.protocol.fact.JobFailed;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobQueued;
import io.perigee.protocol.fact.JobReopened;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.JobSubmitted;
import io.perigee.protocol.fact.PartAccepted;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.fact.ResultCommitted;
import io.perigee.protocol.fact.ResultDisputed;
import io.perigee.protocol.fact.ResultRevealed;
import io.perigee.protocol.fact.RevealRequested;
import io.perigee.protocol.fact.RunGivenUp;
import io.perigee.protocol.fact.SegmentsDrawn;
import io.perigee.protocol.fact.SettlementSent;
import io.perigee.protocol.fact.VerdictRefused;
import io.perigee.protocol.fact.VerdictRequested;
import io.perigee.protocol.fact.VerdictSigned;
import io.perigee.protocol.rest.Outcome;
import io.perigee.protocol.result.Payable;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Applies facts. It decides nothing: a fact that cannot follow is a bug and throws. */
final class Fold {
    private Fold() {}

    static Job apply(@Nullable Job job, JobFact fact, Instant at) {
        if (fact instanceof CommandRejected && job != null) {
            return job;
        }
        var next = job == null ? first(fact, at) : next(job, fact, at);
        Moves.require(
                job == null ? null : job.state().phase(), fact, next.state().phase());
        return next;
    }

    private static Job first(JobFact fact, Instant at) {
        if (!(fact instanceof JobSubmitted submitted)) {
            throw new IllegalStateException("Expected a job to begin with JobSubmitted, but got "
                    + fact.getClass().getSimpleName());
        }
        return new Job(
                submitted.jobId(),
                submitted.spec(),
                submitted.specHash(),
                submitted.order(),
                submitted.orderSignature(),
                submitted.base(),
                at,
                new State.Submitted(at.plusSeconds(submitted.spec().deadlines().queue())),
                List.of(),
                List.of());
    }

    private static Job next(Job job, JobFact fact, Instant at) {
        return switch (fact) {
            case JobSubmitted _,
                    CommandRejected _,
                    FundingRefused _,
                    SettlementSent _,
                    CreditsReserved _,
                    EpochJoined _,
                    EpochLeft _,
                    EpochPosted _,
                    VerdictRefused _ -> job;
            case JobFunded _ ->
                job.in(new State.Funded(
                        job.submittedAt().plusSeconds(job.spec().deadlines().queue())));
            case JobQueued queued -> job.in(queued(job, queued, at));
            case JobAssigned assigned ->
                assigned(job, assigned)
                        .in(
                                job.state() instanceof State.Auditing auditing
                                        ? auditing.because(List.of())
                                        : new State.Active(List.of()));
            case AttemptStarted started ->
                moved(job, started.attempt(), fact, new AttemptStatus.Running(Work.taken(started.acceptance())));
            case ResultCommitted committed -> committed(job, committed, at);
            case RevealRequested requested -> job.in(closing(job, requested, at));
            case ResultRevealed revealed -> opened(revealed(job, revealed), revealed, at);
            case SegmentsDrawn drawn ->
                job.in(auditing(job, drawn)
                        .with(AuditFile.drawn(Optional.ofNullable(drawn.blockHash()), drawn.segments(), at)));
            case CheckpointRequested asked -> noted(job, fact, file -> file.asking(asked.border(), asked.by()));
            case CheckpointServed served -> served(job, served, at);
            case VerdictRequested asked ->
                noted(
                        job,
                        fact,
                        file -> file.awaitingVerdict(
                                asked.attempt(),
                                at.plusSeconds(job.spec().deadlines().upload())));
            case VerdictSigned signed ->
                noted(
                        job,
                        fact,
                        file -> file.signed(
                                signed.attempt(), new AuditFile.Signed(signed.verdict(), signed.signature())));
            case AttemptEnded ended -> ended(job, ended, at);
            case ResultDisputed disputed ->
                job.state() instanceof State.Auditing
                        ? noted(job, fact, file -> file.contesting(disputed.border(), disputed.attempts(), at))
                        : job.in(new State.Disputed(at, disputed.border(), disputed.attempts(), List.of()));
            case CancelNoted noted -> job.in(auditing(job, noted).cancelled());
            case RunGivenUp givenUp -> givenUp(job, givenUp, at);
            case PartAccepted part ->
                job.with(new Job.Part(part.payable(), part.checkpoint())).in(new State.Active(List.of()));
            case JobReopened _ -> job.in(new State.Active(List.of()));
            case ResultAccepted accepted -> decided(job, Outcome.ACCEPTED, accepted.payable());
            case JobFailed failed -> decided(job, Outcome.FAILED, failed.payable());
            case JobCancelled cancelled -> decided(job, Outcome.CANCELLED, cancelled.payable());
            case JobExpired expired -> decided(job, Outcome.EXPIRED, expired.payable());
            case JobSettled _ -> job.in(new State.Settled(outcome(job)));
        };
    }

    private static State queued(Job job, JobQueued queued, Instant at) {
        var until = at.plusSeconds(job.spec().deadlines().queue());
        return switch (job.state()) {
            case State.Funded(Instant since) -> new State.Queued(since, queued.reasons());
            case State.Queued before -> new State.Queued(before.until(), queued.reasons());
            case State.Active _ ->
                job.idle() ? new State.Queued(until, queued.reasons()) : new State.Active(queued.reasons());
            case State.Disputed(Instant since, int border, List<Integer> attempts, var _) ->
                new State.Disputed(since, border, attempts, queued.reasons());
            case State.Auditing auditing -> auditing.because(queued.reasons());
            case State.Submitted _, State.Closing _, State.Decided _, State.Settled _ -> throw misplaced(job, queued);
        };
    }

    private static Job assigned(Job job, JobAssigned assigned) {
        if (assigned.attempt() != job.attempts().size()) {
            throw misplaced(job, assigned);
        }
        var status = new AttemptStatus.Assigned(assigned.acceptBy());
        Moves.require(null, assigned, status.state());
        return job.with(new Attempt(
                assigned.attempt(),
                assigned.assignment(),
                assigned.hubSignature(),
                assigned.sessionKey(),
                assigned.sessionKeySignature(),
                status));
    }

    private static Job committed(Job job, ResultCommitted fact, Instant at) {
        var receipted = new Work.Receipted(
                fact.commitment(), fact.commitmentSignature(), fact.receipt(), fact.receiptSignature());
        var work = work(job, fact.attempt(), fact).with(receipted);
        return moved(
                job,
                fact.attempt(),
                fact,
                receipted.border() == job.attempt(fact.attempt()).lastBorder()
                        ? new AttemptStatus.Committed(work, at)
                        : new AttemptStatus.Running(work));
    }

    private static Job revealed(Job job, ResultRevealed fact) {
        var opened =
                work(job, fact.attempt(), fact).with(new Work.Opened(fact.border(), fact.opening(), fact.segments()));
        // of a part, what came with its opening was held against it
        var checkpoint = fact.checkpoint();
        var work = checkpoint == null || fact.border() == job.lastBorder()
                ? opened
                : opened.serving(fact.border(), checkpoint);
        return moved(
                job,
                fact.attempt(),
                fact,
                endsWith(job, fact)
                        ? new AttemptStatus.Revealed(work)
                        : switch (job.attempt(fact.attempt()).status()) {
                            case AttemptStatus.Running _ -> new AttemptStatus.Running(work);
                            case AttemptStatus.Committed(var _, Instant since) ->
                                fact.border() == job.attempt(fact.attempt()).lastBorder()
                                        ? new AttemptStatus.Revealed(work)
                                        : new AttemptStatus.Committed(work, since);
                            case AttemptStatus.Revealed _ -> new AttemptStatus.Revealed(work);
                            case AttemptStatus.Assigned _, AttemptStatus.Ended _ -> throw misplaced(job, fact);
                        });
    }

    /** The part with which an audited job ends early: its run does nothing more. */
    private static boolean endsWith(Job job, ResultRevealed fact) {
        return job.audited() && job.state() instanceof State.Closing closing && closing.border() == fact.border();
    }

    /** The one run of an audited job is open, the whole or the part that is paid: from now on it is audited. */
    private static Job opened(Job job, ResultRevealed fact, Instant at) {
        var attempt = job.attempt(fact.attempt());
        if (attempt.audits()
                && job.state() instanceof State.Auditing auditing
                && auditing.audit().isPresent()) {
            // what it says may ask for another, who has as long to come as the first had
            return noted(job, fact, file -> file.answered(at));
        }
        if (!job.audited() || attempt.audits() || !(attempt.status() instanceof AttemptStatus.Revealed)) {
            return job;
        }
        return job.in(new State.Auditing(attempt.number(), fact.border(), aim(job), at, Optional.empty(), List.of()));
    }

    private static State.Aim aim(Job job) {
        return job.state() instanceof State.Closing closing
                ? new State.Aim.Ends(new State.Early(closing.ending(), closing.from()))
                : new State.Aim.Whole();
    }

    /** What it opened in passing is all it will: from now on that is audited. */
    private static Job givenUp(Job job, RunGivenUp fact, Instant at) {
        var aim =
                switch (job.state()) {
                    case State.Closing closing ->
                        new State.Aim.GoesOn(
                                fact.reason(), Optional.of(new State.Early(closing.ending(), closing.from())));
                    default -> new State.Aim.GoesOn(fact.reason(), Optional.empty());
                };
        var status = new AttemptStatus.Revealed(work(job, fact.attempt(), fact));
        return moved(job, fact.attempt(), fact, status)
                .in(new State.Auditing(fact.attempt(), fact.border(), aim, at, Optional.empty(), List.of()));
    }

    private static Job served(Job job, CheckpointServed fact, Instant at) {
        var work = work(job, fact.attempt(), fact).serving(fact.border(), fact.checkpoint());
        var after = job.with(
                fact.attempt(),
                attempt -> attempt.in(
                        switch (attempt.status()) {
                            case AttemptStatus.Running _ -> new AttemptStatus.Running(work);
                            case AttemptStatus.Committed(var _, Instant since) ->
                                new AttemptStatus.Committed(work, since);
                            case AttemptStatus.Revealed _ -> new AttemptStatus.Revealed(work);
                            case AttemptStatus.Assigned _, AttemptStatus.Ended _ -> throw misplaced(job, fact);
                        }));
        boolean asked = after.state() instanceof State.Auditing auditing
                && auditing.audit()
                        .filter(file -> file.asked().containsKey(fact.border()))
                        .isPresent();
        return asked ? noted(after, fact, file -> file.serving(fact.border(), at)) : after;
    }

    private static State.Auditing auditing(Job job, JobFact fact) {
        if (job.state() instanceof State.Auditing auditing) {
            return auditing;
        }
        throw misplaced(job, fact);
    }

    private static Job noted(Job job, JobFact fact, UnaryOperator<AuditFile> change) {
        var auditing = auditing(job, fact);
        return job.in(auditing.with(change.apply(auditing.audit().orElseThrow(() -> misplaced(job, fact)))));
    }

    private static Job ended(Job job, AttemptEnded fact, Instant at) {
        var attempt = job.attempt(fact.attempt());
        if (attempt.ended()) {
            throw misplaced(job, fact);
        }
        return moved(
                job,
                fact.attempt(),
                fact,
                attempt.ended(fact, at, silence(job, attempt)).status());
    }

    private static Silence silence(Job job, Attempt attempt) {
        var isAskedToOpen = attempt.status() instanceof AttemptStatus.Committed
                || job.state() instanceof State.Closing closing
                        && closing.asked().contains(attempt.number());
        if (isAskedToOpen) {
            return job.spec().deadlines().upload() < AuditFile.LEAST_UPLOAD.toSeconds()
                    ? Silence.HURRIED_OPENING
                    : Silence.NONE;
        }
        return job.state() instanceof State.Auditing auditing && auditing.run() == attempt.number()
                ? auditing.audit()
                        .map(file -> AuditVotes.isUndecided(job, auditing, file) ? Silence.UNDECIDED : file.silence())
                        .orElse(Silence.NONE)
                : Silence.NONE;
    }

    private static State closing(Job job, RevealRequested fact, Instant at) {
        var asked = new HashSet<Integer>();
        asked.add(fact.attempt());
        if (job.state() instanceof State.Closing closing) {
            asked.addAll(closing.asked());
            return new State.Closing(closing.ending(), closing.from(), closing.border(), asked, closing.since());
        }
        return new State.Closing(Ending.ofReason(fact.reason()), job.state().phase(), fact.border(), asked, at);
    }

    private static Job decided(Job job, Outcome outcome, Payable payable) {
        return job.in(new State.Decided(outcome, payable));
    }

    private static Outcome outcome(Job job) {
        return switch (job.state()) {
            case State.Decided decided -> decided.outcome();
            default ->
                throw new IllegalStateException("Expected to settle a decided job, but it is "
                        + job.state().phase());
        };
    }

    private static Job moved(Job job, int attempt, JobFact fact, AttemptStatus to) {
        Moves.require(job.attempt(attempt).status().state(), fact, to.state());
        return job.with(attempt, before -> before.in(to));
    }

    private static Work work(Job job, int attempt, JobFact fact) {
        return job.attempt(attempt).done().orElseThrow(() -> misplaced(job, fact));
    }

    private static IllegalStateException misplaced(Job job, JobFact fact) {
        return new IllegalStateException("Expected %s to follow in job '%s', but it is %s"
                .formatted(
                        fact.getClass().getSimpleName(), job.id(), job.state().phase()));
    }
}
