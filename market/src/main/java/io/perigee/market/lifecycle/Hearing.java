package io.perigee.market.lifecycle;

import io.perigee.protocol.command.RefuseVerdict;
import io.perigee.protocol.command.SignVerdict;
import io.perigee.protocol.crypto.Signatures;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.fact.VerdictRefusal;
import io.perigee.protocol.fact.VerdictRefused;
import io.perigee.protocol.fact.VerdictRequested;
import io.perigee.protocol.fact.VerdictSigned;
import io.perigee.protocol.message.Verdict;
import io.perigee.protocol.result.AuditEvidence;
import io.perigee.protocol.result.DrawEvidence;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.result.RunEvidence;
import java.util.List;
import java.util.Optional;

/** A run that holds: its auditors are shown what it sealed and sign for it, and then all are paid. */
final class Hearing {
    private Hearing() {}

    /** Asks whoever has not been asked; ends the job when all have signed and are enough. */
    static void hear(Draft draft) {
        var auditing = (State.Auditing) draft.job().state();
        var file = auditing.audit().orElseThrow();
        var standing = new AuditVotes(draft.job(), auditing, file).standing();
        if (standing.stream().map(Attempt::owner).distinct().count()
                < draft.job().quorum()) {
            return;
        }
        var run = evidence(draft.job(), auditing);
        standing.stream()
                .filter(auditor -> !file.verdictsDue().containsKey(auditor.number()))
                .forEach(auditor -> draft.record(new VerdictRequested(
                        draft.id(), auditor.number(), run.commitment(), run.opening(), run.segments())));
        if (standing.stream().allMatch(auditor -> file.verdicts().containsKey(auditor.number()))) {
            accept(draft, auditing, file, standing);
        }
    }

    private static AuditEvidence audit(AuditFile file, Attempt auditor) {
        var signed = Optional.ofNullable(file.verdicts().get(auditor.number())).orElseThrow();
        return new AuditEvidence(
                auditor.evidence(auditor.lastBorder()).orElseThrow(), signed.verdict(), signed.signature());
    }

    private static void accept(Draft draft, State.Auditing auditing, AuditFile file, List<Attempt> standing) {
        var run = draft.job().attempt(auditing.run());
        var audits = standing.stream().map(auditor -> audit(file, auditor)).toList();
        var held = new Payable(
                auditing.border(),
                List.of(evidence(draft.job(), auditing)),
                List.of(),
                audits,
                new DrawEvidence(
                        file.blockHash().orElse(null),
                        Drawing.secret(run, draft.context().secrets()),
                        file.segments()));
        var payable = EvidenceRoom.against(draft.job(), held, Convictions.of(draft.job(), held));
        var numbers = standing.stream().map(Attempt::number).toList();
        draft.end(
                run,
                AttemptEnd.VERIFIED,
                "Attempts %s ran segments %s again and agree".formatted(numbers, file.segments()));
        standing.forEach(auditor -> draft.end(auditor, AttemptEnd.VERIFIED, "It agrees with attempt " + run.number()));
        new AuditVotes(draft.job(), auditing, file)
                .disproven()
                .forEach(auditor -> draft.end(
                        auditor,
                        AttemptEnd.REJECTED,
                        "It contradicts attempt %d, behind which attempts %s stand".formatted(run.number(), numbers)));
        Verdicts.endOpen(draft, List.of(), List.of());
        if (auditing.goesOn()) {
            Parts.accept(draft, auditing, payable);
        } else if (auditing.early().isPresent()) {
            var detail = "Attempt %d is paid up to border %d, which attempts %s audited"
                    .formatted(run.number(), auditing.border(), numbers);
            Endings.finish(draft, auditing.early().get(), detail, payable);
        } else {
            draft.record(new ResultAccepted(draft.id(), draft.job().owing(payable)));
        }
    }

    private static RunEvidence evidence(Job job, State.Auditing auditing) {
        return job.attempt(auditing.run()).evidence(auditing.border()).orElseThrow();
    }

    /** Takes an auditor's verdict: it can only say what the contract pays for. */
    static Decision sign(Draft draft, SignVerdict sign, String source) {
        return switch (Speaker.find(draft, sign.verdict().assignmentHash(), source)) {
            case Speaker.Refused(var rejected) -> rejected;
            case Speaker.Of(Attempt auditor) -> sign(draft, auditor, sign);
        };
    }

    private static Decision sign(Draft draft, Attempt auditor, SignVerdict sign) {
        if (!awaits(draft.job(), auditor)) {
            return unasked(auditor);
        }
        var wanted = verdict(draft, auditor);
        if (!sign.verdict().equals(wanted)) {
            return Draft.rejected(ErrorCode.MALFORMED, "Expected verdict '%s', but got '%s'", wanted, sign.verdict());
        }
        if (!Signatures.isBy(
                auditor.sessionKey().key(), wanted.digest(draft.context().domain()), sign.signature())) {
            return Draft.rejected(
                    ErrorCode.BAD_SIGNATURE,
                    "Expected the verdict to be signed by session key '%s', but it is not",
                    auditor.sessionKey().key());
        }
        draft.record(new VerdictSigned(draft.id(), auditor.number(), sign.verdict(), sign.signature()));
        Audits.conclude(draft);
        return draft.accepted();
    }

    /** An auditor that does not stand behind what it opened is of no use: its segments are audited by another. */
    static Decision refuse(Draft draft, RefuseVerdict refuse, String source) {
        return switch (Speaker.find(draft, refuse.assignmentHash(), source)) {
            case Speaker.Refused(var rejected) -> rejected;
            case Speaker.Of(Attempt auditor) -> {
                if (!awaits(draft.job(), auditor)) {
                    yield unasked(auditor);
                }
                draft.record(new VerdictRefused(draft.id(), auditor.number(), refuse.reason(), refuse.detail()));
                draft.end(
                        auditor,
                        hasJudged(draft.job(), auditor, refuse) ? AttemptEnd.CANCELLED : AttemptEnd.LOST,
                        "It does not sign for what it agrees with: " + refuse.reason());
                Audits.conclude(draft);
                yield draft.accepted();
            }
        };
    }

    /** Who was there before this run may have signed for one that fell, and signs once in an assignment. */
    private static boolean hasJudged(Job job, Attempt auditor, RefuseVerdict refuse) {
        return refuse.reason() == VerdictRefusal.JUDGED_ALREADY
                && AuditVotes.auditedBy(job, auditor).number() != ((State.Auditing) job.state()).run();
    }

    private static boolean awaits(Job job, Attempt auditor) {
        return job.state() instanceof State.Auditing auditing
                && auditing.audit()
                        .filter(file -> file.verdictsDue().containsKey(auditor.number())
                                && !file.verdicts().containsKey(auditor.number()))
                        .isPresent();
    }

    private static Decision unasked(Attempt auditor) {
        return Draft.rejected(
                ErrorCode.WRONG_STATE,
                "Expected a verdict to be asked of attempt %d, but it was not, or is here",
                auditor.number());
    }

    private static Verdict verdict(Draft draft, Attempt auditor) {
        var job = draft.job();
        var domain = draft.context().domain();
        var run = evidence(job, (State.Auditing) job.state());
        return new Verdict(
                auditor.assignment().digest(domain),
                run.commitment().digest(domain),
                run.opening().root(),
                run.opening().outputDigest(),
                run.commitment().toBorder());
    }

    /** Who does not sign in time is lost, and its segments are audited by another. */
    static void late(Draft draft, AuditFile file) {
        file.verdictsDue().forEach((number, by) -> {
            if (!file.verdicts().containsKey(number) && !draft.context().now().isBefore(by)) {
                draft.open(number)
                        .ifPresent(auditor -> draft.end(
                                auditor, AttemptEnd.LOST, "Expected its verdict to be signed in time, but it was not"));
            }
        });
    }
}
