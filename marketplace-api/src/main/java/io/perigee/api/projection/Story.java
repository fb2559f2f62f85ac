package io.perigee.api.projection;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.market.lifecycle.Stage;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.fact.AttemptEnded;
import io.perigee.protocol.fact.AttemptStarted;
import io.perigee.protocol.fact.Burn;
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
import io.perigee.protocol.fact.NoMatchReason;
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
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.result.AuditEvidence;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.result.RunEvidence;
import java.util.List;
import java.util.stream.Collectors;

/** What the builder is told of each fact. Openings are not told before the verdict, and evidence is told in short. */
public final class Story {
    private static final String BUILDER = "builder";
    private static final String SCHEDULER = Stage.SCHEDULER.label();
    private static final String SETTLEMENT = Stage.SETTLEMENT.label();

    private Story() {}

    /** One sentence, for the timeline. */
    public static Words words(JobFact fact, Domain domain) {
        return switch (fact) {
            case JobSubmitted f ->
                Words.of(BUILDER, "submitted; at most %s".formatted(f.order().maxPayment()))
                        .linking("order", f.order().digest(domain))
                        .linking("spec", f.specHash());
            case JobFunded f -> Words.of(SETTLEMENT, "%s reserved at block %d".formatted(f.reserved(), f.block()));
            case FundingRefused f ->
                Words.of(SETTLEMENT, f.detail()).because(f.code().name());
            case JobQueued f -> Words.of(SCHEDULER, queued(f));
            case JobAssigned f ->
                Words.of(
                                SCHEDULER,
                                "attempt %d given to %s for %s%s"
                                        .formatted(
                                                f.attempt(),
                                                f.assignment().owner(),
                                                f.assignment().price(),
                                                again(f.assignment())))
                        .linking("assignment", f.assignment().digest(domain))
                        .linking("provider", f.assignment().provider());
            case AttemptStarted f -> Words.of("provider", "attempt %d accepted".formatted(f.attempt()));
            case ResultCommitted f ->
                Words.of(
                                "provider",
                                "attempt %d committed to border %d"
                                        .formatted(f.attempt(), f.commitment().toBorder()))
                        .linking("seal", f.commitment().seal())
                        .linking("commitment", f.commitment().digest(domain))
                        .linking("assignment", f.commitment().assignmentHash());
            case RevealRequested f ->
                Words.of(SCHEDULER, "attempt %d asked to open border %d".formatted(f.attempt(), f.border()))
                        .because(f.reason());
            case ResultRevealed f ->
                Words.of(
                        "provider",
                        "attempt %d opened border %d; sealed until the verdict".formatted(f.attempt(), f.border()));
            case SegmentsDrawn f ->
                Words.of(
                        SCHEDULER,
                        f.blockHash() == null
                                ? "no block drew in time; segments %s of attempt %d are audited"
                                        .formatted(f.segments(), f.attempt())
                                : "block %d drew; segments %s of attempt %d are audited"
                                        .formatted(f.drawBlock(), f.segments(), f.attempt()));
            case CheckpointRequested f ->
                Words.of(
                        SCHEDULER,
                        "attempt %d asked for the checkpoint of border %d by %s"
                                .formatted(f.attempt(), f.border(), f.by()));
            case CheckpointServed f ->
                Words.of("provider", "attempt %d served the checkpoint of border %d".formatted(f.attempt(), f.border()))
                        .linking("checkpoint", f.checkpoint());
            case VerdictRequested f ->
                Words.of(SCHEDULER, "attempt %d asked for its verdict".formatted(f.attempt()))
                        .linking("commitment", f.commitment().digest(domain));
            case VerdictSigned f ->
                Words.of(
                                "provider",
                                "attempt %d found that the run holds to border %d"
                                        .formatted(f.attempt(), f.verdict().verifiedTo()))
                        .linking("commitment", f.verdict().commitmentHash())
                        .linking("root", f.verdict().root());
            case VerdictRefused f ->
                Words.of("provider", "attempt %d gave no verdict: %s".formatted(f.attempt(), f.detail()))
                        .because(f.reason().name());
            case RunGivenUp f ->
                Words.of(
                                SCHEDULER,
                                "attempt %d is waited for no longer; what it opened up to border %d is audited"
                                        .formatted(f.attempt(), f.border()))
                        .because(f.reason());
            case CancelNoted f ->
                Words.of(f.by(), "the builder cancelled; the job ends with the audit of what is there");
            case PartAccepted f ->
                decided(
                        Words.of(
                                        SCHEDULER,
                                        "attempt %d holds up to border %d, on the verdicts of %d auditors; the next begins there%s"
                                                .formatted(
                                                        f.attempt(),
                                                        f.payable().toBorder(),
                                                        f.payable().verdicts().size(),
                                                        convicted(f.payable())))
                                .linking("checkpoint", f.checkpoint()),
                        f.payable());
            case AttemptEnded f -> {
                var kind = f.kind();
                var words = Words.of(
                        SCHEDULER,
                        "attempt %d %s: %s"
                                .formatted(f.attempt(), f.end().name().toLowerCase(java.util.Locale.ROOT), f.detail()));
                yield kind == null ? words.because(f.end().name()) : words.because(kind.name());
            }
            case ResultDisputed f ->
                Words.of(SCHEDULER, f.detail()).because("openings of border %d differ".formatted(f.border()));
            case JobReopened f -> Words.of(SCHEDULER, f.reason());
            case ResultAccepted f -> decided(Words.of(SCHEDULER, accepted(f.payable())), f.payable());
            case JobFailed f ->
                decided(Words.of(SCHEDULER, f.detail()).because(f.cause().name()), f.payable());
            case JobCancelled f -> decided(Words.of(SCHEDULER, "cancelled by %s".formatted(f.by())), f.payable());
            case JobExpired f ->
                decided(Words.of(SCHEDULER, "a deadline passed while %s".formatted(f.state())), f.payable());
            case CommandRejected f ->
                Words.of(SCHEDULER, f.detail()).because(f.code().name());
            case SettlementSent f ->
                Words.of(SETTLEMENT, "transaction sent: %s".formatted(f.purpose()))
                        .linking("transaction", f.txHash());
            case CreditsReserved f ->
                Words.of(
                                SETTLEMENT,
                                "credits reserved in block %d; they mature at %s".formatted(f.block(), f.maturesAt()))
                        .linking("transaction", f.txHash());
            case EpochJoined f ->
                Words.of(
                        SETTLEMENT,
                        "to be paid by epoch %d, posted from %s, final at %s or W later"
                                .formatted(f.epoch(), f.postedFrom(), f.finalAt()));
            case EpochPosted f ->
                Words.of(
                                SETTLEMENT,
                                "epoch %d posted in block %d; final at %s, or W later when a line is demanded"
                                        .formatted(f.epoch(), f.block(), f.finalAt()))
                        .linking("transaction", f.txHash());
            case EpochLeft f ->
                Words.of(
                                SETTLEMENT,
                                "not paid by epoch %d: %s; its evidence goes to the contract from %s on"
                                        .formatted(f.epoch(), f.reason(), f.directFrom()))
                        .because("NO_EPOCH");
            case JobSettled f -> {
                var words = Words.of(SETTLEMENT, "settled; %s refunded%s".formatted(f.refunded(), burned(f.burns())));
                yield f.txHashes().isEmpty()
                        ? words
                        : words.linking("transaction", f.txHashes().getLast());
            }
        };
    }

    /** The fact itself, as far as it may be told: without openings before the verdict and without long evidence. */
    public static JsonNode data(JobFact fact) {
        return Json.tree(told(fact));
    }

    /** What may be told of the fact, to be written as JSON. */
    public static Object told(JobFact fact) {
        return switch (fact) {
            case ResultRevealed f ->
                Json.mapper()
                        .createObjectNode()
                        .put("jobId", f.jobId().toString())
                        .put("attempt", f.attempt())
                        .put("border", f.border());
            case VerdictRequested f ->
                Json.mapper()
                        .createObjectNode()
                        .put("jobId", f.jobId().toString())
                        .put("attempt", f.attempt());
            case ResultAccepted f -> new ResultAccepted(f.jobId(), brief(f.payable()));
            case JobFailed f -> new JobFailed(f.jobId(), f.cause(), f.detail(), brief(f.payable()));
            case JobCancelled f -> new JobCancelled(f.jobId(), f.by(), brief(f.payable()));
            case JobExpired f -> new JobExpired(f.jobId(), f.state(), brief(f.payable()));
            case PartAccepted f -> new PartAccepted(f.jobId(), f.attempt(), brief(f.payable()), f.checkpoint());
            case JobSubmitted _,
                    JobFunded _,
                    FundingRefused _,
                    JobQueued _,
                    JobAssigned _,
                    AttemptStarted _,
                    ResultCommitted _,
                    RunGivenUp _,
                    CancelNoted _,
                    RevealRequested _,
                    SegmentsDrawn _,
                    CheckpointRequested _,
                    CheckpointServed _,
                    VerdictSigned _,
                    VerdictRefused _,
                    AttemptEnded _,
                    ResultDisputed _,
                    JobReopened _,
                    CommandRejected _,
                    SettlementSent _,
                    CreditsReserved _,
                    EpochJoined _,
                    EpochPosted _,
                    EpochLeft _,
                    JobSettled _ -> fact;
        };
    }

    private static String again(Assignment assignment) {
        return assignment.role() == Role.AUDITOR
                ? ", which audits: border %d to %d again".formatted(assignment.fromBorder(), assignment.toBorder())
                : "";
    }

    private static String accepted(Payable payable) {
        var accepted = payable.verdicts().isEmpty()
                ? "result accepted"
                : "result accepted on the verdicts of %d auditors"
                        .formatted(payable.verdicts().size());
        return accepted + convicted(payable);
    }

    private static String convicted(Payable payable) {
        return payable.links().stream()
                .flatMap(link -> link.contradictors().stream())
                .map(RunEvidence::assignment)
                .map(run -> "; attempt %d of %s is proven wrong, and its bond of %s burns with the payment"
                        .formatted(run.attempt(), run.owner(), run.bond()))
                .collect(Collectors.joining());
    }

    private static String burned(List<Burn> burns) {
        return burns.stream()
                .map(burn -> "; attempt %d lost its bond: %s burned of the stake of %s"
                        .formatted(burn.attempt(), burn.amount(), burn.owner()))
                .collect(Collectors.joining());
    }

    private static String queued(JobQueued fact) {
        return fact.reasons().isEmpty()
                ? "waiting for providers"
                : fact.reasons().stream().map(NoMatchReason::detail).collect(Collectors.joining("; "));
    }

    private static Words decided(Words words, Payable payable) {
        if (payable.winners().isEmpty()) {
            return words;
        }
        return words.linking("root", payable.winners().getFirst().opening().root());
    }

    private static Payable brief(Payable payable) {
        var parts = payable.parts();
        return new Payable(
                payable.toBorder(),
                brief(payable.winners()),
                brief(payable.contradictors()),
                payable.verdicts().stream()
                        .map(audit -> new AuditEvidence(brief(audit.run()), audit.verdict(), audit.signature()))
                        .toList(),
                payable.draw(),
                parts == null ? null : parts.stream().map(Story::brief).toList());
    }

    private static List<RunEvidence> brief(List<RunEvidence> runs) {
        return runs.stream().map(Story::brief).toList();
    }

    private static RunEvidence brief(RunEvidence run) {
        return new RunEvidence(
                run.assignment(),
                run.hubSignature(),
                run.acceptance(),
                run.sessionKey(),
                run.sessionKeySignature(),
                run.commitment(),
                run.commitmentSignature(),
                run.receipt(),
                run.receiptSignature(),
                run.opening(),
                List.of());
    }
}
