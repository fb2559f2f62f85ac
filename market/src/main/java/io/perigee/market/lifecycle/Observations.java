package io.perigee.market.lifecycle;

import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.Cause;
import io.perigee.protocol.fact.CreditsReserved;
import io.perigee.protocol.fact.EpochJoined;
import io.perigee.protocol.fact.EpochLeft;
import io.perigee.protocol.fact.EpochPosted;
import io.perigee.protocol.fact.FundingRefused;
import io.perigee.protocol.fact.JobFact;
import io.perigee.protocol.fact.JobFailed;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.JobSubmitted;
import io.perigee.protocol.fact.SettlementSent;
import io.perigee.protocol.result.Payable;

/** What other stages decided about a job. */
final class Observations {
    private Observations() {}

    static Decision decide(Draft draft, JobFact fact) {
        return switch (fact) {
            case JobFunded funded -> funded(draft, funded);
            case FundingRefused refused -> refused(draft, refused);
            case SettlementSent _, CreditsReserved _, EpochJoined _, EpochLeft _, EpochPosted _, JobSettled _ ->
                settlement(draft, fact);
            case JobSubmitted _ ->
                Draft.rejected(ErrorCode.CONFLICT, "Expected to take in job '%s', but it is known already", draft.id());
            default ->
                Draft.rejected(
                        ErrorCode.FORBIDDEN,
                        "Expected a fact of another stage, but %s is the scheduler's own",
                        name(fact));
        };
    }

    private static Decision funded(Draft draft, JobFunded funded) {
        if (!(draft.job().state() instanceof State.Submitted)) {
            return misplaced(draft, funded);
        }
        if (!funded.reserved().covers(draft.job().order().maxPayment())) {
            return Draft.rejected(
                    ErrorCode.ALLOTMENT_TOO_SMALL,
                    "Expected %s to be reserved, but it was %s",
                    draft.job().order().maxPayment(),
                    funded.reserved());
        }
        return draft.record(funded).accepted();
    }

    private static Decision refused(Draft draft, FundingRefused refused) {
        if (!(draft.job().state() instanceof State.Submitted)) {
            return misplaced(draft, refused);
        }
        return draft.record(refused)
                .record(new JobFailed(draft.id(), Cause.FUNDING, refused.detail(), Payable.nothing()))
                .accepted();
    }

    private static Decision settlement(Draft draft, JobFact fact) {
        return draft.job().state() instanceof State.Decided ? draft.record(fact).accepted() : misplaced(draft, fact);
    }

    private static Decision misplaced(Draft draft, JobFact fact) {
        return Draft.rejected(
                ErrorCode.WRONG_STATE,
                "Expected to follow job '%s' with %s, but it is %s",
                draft.id(),
                name(fact),
                draft.job().state().phase());
    }

    private static String name(JobFact fact) {
        return fact.getClass().getSimpleName();
    }
}
