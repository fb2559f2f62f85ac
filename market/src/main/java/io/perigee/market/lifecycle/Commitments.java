package io.perigee.market.lifecycle;

import io.perigee.protocol.command.ReportCommitment;
import io.perigee.protocol.crypto.Signatures;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.ResultCommitted;
import io.perigee.protocol.message.Commitment;
import io.perigee.protocol.message.Receipt;

/** Receipts seals. The first seal of a border stands; borders only grow. */
final class Commitments {
    private Commitments() {}

    static Decision commit(Draft draft, ReportCommitment report, String source) {
        return switch (Speaker.find(draft, report.commitment().assignmentHash(), source)) {
            case Speaker.Refused(var rejected) -> rejected;
            case Speaker.Of(Attempt attempt) -> commit(draft, attempt, report);
        };
    }

    private static Decision commit(Draft draft, Attempt attempt, ReportCommitment report) {
        var commitment = report.commitment();
        int border = commitment.toBorder();
        var known = attempt.done().flatMap(work -> work.receiptAt(border));
        if (known.isPresent()) {
            return known.get().commitment().equals(commitment)
                    ? Draft.rejected(
                            ErrorCode.CONFLICT, "Expected a new seal, but border %d has its receipt already", border)
                    : Draft.rejected(
                            ErrorCode.CONTRADICTION,
                            "Expected the seal of border %d to stand, but another came",
                            border);
        }
        if (!(attempt.status() instanceof AttemptStatus.Running(Work work))
                || !draft.job().state().isAtWork()) {
            return Draft.rejected(
                    ErrorCode.WRONG_STATE,
                    "Expected to seal border %d of a running attempt, but attempt %d is %s and the job is %s",
                    border,
                    attempt.number(),
                    attempt.status().state(),
                    draft.job().state().phase());
        }
        int last = attempt.lastBorder();
        int least = Math.min(last, work.sealedTo().orElse(attempt.assignment().fromBorder()) + 1);
        if (border < least || border > last) {
            return Draft.rejected(
                    ErrorCode.MALFORMED, "Expected a seal of a border from %d to %d, but got %d", least, last, border);
        }
        long now = draft.context().now().getEpochSecond();
        if (now > attempt.assignment().leaseUntil()) {
            return Draft.rejected(
                    ErrorCode.STALE_LEASE,
                    "Expected a seal by %d, but it came at %d",
                    attempt.assignment().leaseUntil(),
                    now);
        }
        var domain = draft.context().domain();
        var digest = commitment.digest(domain);
        if (!Signatures.isBy(attempt.sessionKey().key(), digest, report.signature())) {
            return Draft.rejected(
                    ErrorCode.BAD_SIGNATURE,
                    "Expected the commitment to be signed by session key '%s', but it is not",
                    attempt.sessionKey().key());
        }
        boolean drawn = draft.job().audited() && !attempt.audits();
        var receipt = new Receipt(digest, now, drawn ? draft.context().drawBlock() : 0);
        return draft.record(committed(draft, attempt, commitment, report, receipt))
                .accepted();
    }

    private static ResultCommitted committed(
            Draft draft, Attempt attempt, Commitment commitment, ReportCommitment report, Receipt receipt) {
        var context = draft.context();
        var signature = context.signer().sign(receipt, context.domain());
        return new ResultCommitted(draft.id(), attempt.number(), commitment, report.signature(), receipt, signature);
    }
}
