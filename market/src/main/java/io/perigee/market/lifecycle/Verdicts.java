package io.perigee.market.lifecycle;

import io.perigee.market.payout.Payouts;
import io.perigee.market.verification.Answer;
import io.perigee.market.verification.Verdict;
import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.fact.JobFailed;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.fact.ResultDisputed;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.result.RunEvidence;
import java.util.ArrayList;
import java.util.List;

/** Draws what follows when an attempt has answered or ended. */
final class Verdicts {
    private Verdicts() {}

    static void conclude(Draft draft) {
        switch (draft.job().state()) {
            case State.Active _ -> active(draft);
            case State.Auditing _ -> Audits.conclude(draft);
            case State.Closing closing -> Endings.finishWhenAnswered(draft, closing);
            case State.Submitted _,
                    State.Funded _,
                    State.Queued _,
                    State.Disputed _,
                    State.Decided _,
                    State.Settled _ -> {}
        }
    }

    private static void active(Draft draft) {
        var job = draft.job();
        switch (Replicas.verdict(job)) {
            case Verdict.Agreed agreed -> agreed(draft, agreed);
            case Verdict.Await() -> crashesIfAny(draft);
            case Verdict.Hopeless(var attempts) ->
                Endings.close(
                        draft, Ending.NO_QUORUM, "Attempts %s gave no quorum of %d".formatted(attempts, job.quorum()));
            case Verdict.Split(var attempts) -> {
                if (!tooMany(draft, 1)) {
                    draft.record(new ResultDisputed(
                            draft.id(),
                            job.lastBorder(),
                            attempts,
                            "Attempts %s gave different answers at border %d".formatted(attempts, job.lastBorder())));
                }
            }
            case Verdict.More(int count, boolean necessary) -> {
                if (!crashesIfAny(draft) && !strandedIfAny(draft) && necessary) {
                    tooMany(draft, count);
                }
            }
        }
    }

    /** Ends the job when enough owners saw it crash, or said what is wrong with it, and no quorum gave an answer. */
    private static boolean crashesIfAny(Draft draft) {
        if (Replicas.stands(draft.job())) {
            return false;
        }
        var fault = Failures.fault(draft.job(), draft.context().policy());
        fault.ifPresent(attempt -> crashed(draft, attempt));
        return fault.isPresent();
    }

    /**
     * Ends the job when nobody can go on from what is done of it. That is owed all the same: its provider and its auditors
     * can show it to the contract, so it cannot be done again.
     */
    private static boolean strandedIfAny(Draft draft) {
        var impasse = Impasse.ofRest(draft.job());
        impasse.ifPresent(stop -> Endings.close(
                draft,
                Ending.PROVIDERS_LOST,
                "Expected the next run to begin at border %d, but %s".formatted(stop.border(), stop.words())));
        return impasse.isPresent();
    }

    static void crashed(Draft draft, Attempt crash) {
        var kind = crash.failure().orElse(FailureKind.CRASHED);
        var detail = detail(crash);
        endOpen(draft, List.of(), List.of());
        draft.record(new JobFailed(
                draft.id(), Failures.cause(kind), detail, draft.job().owing(Payable.nothing())));
    }

    private static boolean tooMany(Draft draft, int more) {
        var job = draft.job();
        if (job.used() + more <= draft.context().policy().maxAttempts()) {
            return false;
        }
        Endings.close(
                draft,
                Ending.PROVIDERS_LOST,
                "Expected %d attempts to be enough, but they are used up"
                        .formatted(draft.context().policy().maxAttempts()));
        return true;
    }

    private static void agreed(Draft draft, Verdict.Agreed agreed) {
        switch (agreed.answer()) {
            case Answer.Result(int _, int border, var _, var _) -> {
                var payable = payable(draft.job(), border, agreed.winners(), agreed.contradictors());
                endOpen(draft, agreed.winners(), agreed.contradictors());
                draft.record(new ResultAccepted(draft.id(), payable));
            }
            case Answer.JobFault(FailureKind kind) -> {
                var detail = detail(draft.job().attempt(agreed.winners().getFirst()));
                endOpen(draft, List.of(), List.of());
                draft.record(new JobFailed(
                        draft.id(), Failures.cause(kind), detail, draft.job().owing(Payable.nothing())));
            }
        }
    }

    /** Ends every attempt that is still open, each with what the verdict means for it. */
    static void endOpen(Draft draft, List<Integer> winners, List<Integer> contradictors) {
        for (var attempt : draft.job().attempts()) {
            if (attempt.ended()) {
                continue;
            }
            if (winners.contains(attempt.number())) {
                draft.end(attempt, AttemptEnd.VERIFIED, "It agrees with attempts " + others(winners, attempt.number()));
            } else if (contradictors.contains(attempt.number())) {
                draft.end(attempt, AttemptEnd.REJECTED, "It contradicts attempts " + winners);
            } else {
                draft.end(attempt, AttemptEnd.CANCELLED, "The job ended without it");
            }
        }
    }

    /**
     * The evidence of a decision. A contradiction is named in the timeline in any case; it belongs to the evidence only
     * where it costs a bond.
     */
    static Payable payable(Job job, int border, List<Integer> winners, List<Integer> contradictors) {
        var won = new Payable(border, evidence(job, border, winners), List.of());
        var lost = evidence(job, border, contradictors).stream()
                .filter(run -> Payouts.burns(job.order(), run, won))
                .toList();
        return EvidenceRoom.against(job, won, lost);
    }

    private static List<RunEvidence> evidence(Job job, int border, List<Integer> attempts) {
        return attempts.stream()
                .map(job::attempt)
                .flatMap(attempt -> attempt.evidence(border).stream())
                .toList();
    }

    private static List<Integer> others(List<Integer> winners, int number) {
        var others = new ArrayList<>(winners);
        others.remove(Integer.valueOf(number));
        return others;
    }

    private static String detail(Attempt attempt) {
        return attempt.status() instanceof AttemptStatus.Ended ended ? ended.detail() : "";
    }
}
