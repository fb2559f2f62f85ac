package io.perigee.market.lifecycle;

import io.perigee.protocol.command.AcceptAssignment;
import io.perigee.protocol.command.CancelJob;
import io.perigee.protocol.command.DeclineAssignment;
import io.perigee.protocol.command.RefuseVerdict;
import io.perigee.protocol.command.ReportCommitment;
import io.perigee.protocol.command.ReportFailure;
import io.perigee.protocol.command.RevealResult;
import io.perigee.protocol.command.ServeCheckpoint;
import io.perigee.protocol.command.SignVerdict;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.JobSubmitted;
import io.perigee.protocol.id.ProviderId;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a job's life: what an input makes of a job.
 *
 * <p>Deciding changes nothing; the caller stores the facts and applies them with {@link Job#apply}. Every input may
 * come twice, late or out of order: what no longer fits is rejected with a code, and what is already so decides
 * nothing.
 */
public final class Lifecycle {
    private Lifecycle() {}

    /**
     * Decides.
     *
     * @param job null when no such job is known yet
     */
    public static Decision decide(@Nullable Job job, JobInput input, Context context) {
        if (job == null) {
            return input instanceof JobInput.Observed(JobSubmitted submitted)
                    ? Intake.submitted(submitted, context)
                    : Draft.rejected(
                            ErrorCode.NOT_FOUND, "Expected to find the job, but this hub knows none of that id");
        }
        var draft = new Draft(job, context);
        return switch (input) {
            case JobInput.Observed(var fact) -> Observations.decide(draft, fact);
            case JobInput.Asked asked -> asked(draft, asked);
            case JobInput.ProviderGone(ProviderId provider, String reason) -> gone(draft, provider, reason);
            case JobInput.KeyRevoked revoked -> revoked(draft, revoked);
            case JobInput.DrawBlockKnown block -> Drawing.known(draft, block);
            case JobInput.TimePassed() -> Clockwork.decide(draft);
            case JobInput.Placements(var placements) -> Assigning.place(draft, placements);
            case JobInput.NoPlacement(var reasons) -> Assigning.nobody(draft, reasons);
        };
    }

    private static Decision asked(Draft draft, JobInput.Asked asked) {
        return switch (asked.command()) {
            case CancelJob cancel -> Endings.cancel(draft, cancel, asked.source());
            case AcceptAssignment accept -> Reports.accept(draft, accept, asked.source());
            case DeclineAssignment decline -> Reports.decline(draft, decline, asked.source());
            case ReportCommitment commitment -> Commitments.commit(draft, commitment, asked.source());
            case RevealResult reveal -> Openings.reveal(draft, reveal, asked.source());
            case ServeCheckpoint serve -> Drawing.serve(draft, serve, asked.source());
            case SignVerdict sign -> Hearing.sign(draft, sign, asked.source());
            case ReportFailure failure -> Reports.failure(draft, failure, asked.source());
            case RefuseVerdict refuse -> Hearing.refuse(draft, refuse, asked.source());
        };
    }

    /**
     * What has sealed its last border needs its provider only to open it, for which it has its own deadline; of everything
     * before that, only what was opened in passing is not lost with the provider.
     */
    private static Decision gone(Draft draft, ProviderId provider, String reason) {
        if (!draft.job().state().isAtWork()) {
            return draft.accepted();
        }
        draft.job()
                .open()
                .filter(attempt -> attempt.assignment().provider().equals(provider) && attempt.occupies())
                .toList()
                .forEach(attempt -> Parts.lose(draft, attempt, "The provider is gone: " + reason));
        Verdicts.conclude(draft);
        return draft.accepted();
    }

    /**
     * What was assigned under a serial before its revocation goes on. What was assigned after, because the confirmed
     * block came later than the clock, ends whatever it has done: the contract takes no evidence that holds such a run,
     * so it would cost all others their pay.
     */
    private static Decision revoked(Draft draft, JobInput.KeyRevoked revoked) {
        draft.job()
                .open()
                .filter(attempt -> attempt.assignment().provider().equals(revoked.provider())
                        && attempt.sessionKey().serial() == revoked.serial()
                        && attempt.assignment().issuedAt() >= revoked.revokedAt())
                .toList()
                .forEach(attempt ->
                        draft.end(attempt, AttemptEnd.LOST, "Its session key was revoked before it was assigned"));
        Verdicts.conclude(draft);
        return draft.accepted();
    }
}
