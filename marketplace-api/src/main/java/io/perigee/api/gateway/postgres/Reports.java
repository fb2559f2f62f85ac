package io.perigee.api.gateway.postgres;

import io.perigee.api.gateway.AgentRules;
import io.perigee.protocol.command.AcceptAssignment;
import io.perigee.protocol.command.Command;
import io.perigee.protocol.command.DeclineAssignment;
import io.perigee.protocol.command.RefuseVerdict;
import io.perigee.protocol.command.ReportCommitment;
import io.perigee.protocol.command.ReportFailure;
import io.perigee.protocol.command.RevealResult;
import io.perigee.protocol.command.ServeCheckpoint;
import io.perigee.protocol.command.SignVerdict;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.id.Digest;
import java.util.List;
import java.util.Set;

/** A provider's report as the command it becomes. */
final class Reports {
    static final Set<String> OVER =
            Set.of("VERIFIED", "REJECTED", "LOST", "YIELDED", "FAILED", "DECLINED", "CANCELLED");

    private Reports() {}

    static Command command(AgentMessage message) {
        return switch (message) {
            case AgentMessage.Accept m -> new AcceptAssignment(m.jobId(), m.assignmentHash(), m.signature());
            case AgentMessage.Decline m ->
                new DeclineAssignment(m.jobId(), m.assignmentHash(), AgentRules.shown(m.detail()));
            case AgentMessage.Commit m -> new ReportCommitment(m.jobId(), m.commitment(), m.signature());
            case AgentMessage.Reveal m ->
                new RevealResult(
                        m.jobId(),
                        m.assignmentHash(),
                        m.border(),
                        m.opening(),
                        m.segments(),
                        m.outputs(),
                        m.checkpoint());
            case AgentMessage.Checkpoint m ->
                new ServeCheckpoint(m.jobId(), m.assignmentHash(), m.border(), m.checkpoint());
            case AgentMessage.VerdictSigned m -> new SignVerdict(m.jobId(), m.verdict(), m.signature());
            case AgentMessage.VerdictRefused m ->
                new RefuseVerdict(m.jobId(), m.assignmentHash(), m.reason(), AgentRules.shown(m.detail()));
            case AgentMessage.Failed m ->
                new ReportFailure(m.jobId(), m.assignmentHash(), m.kind(), m.exitCode(), AgentRules.shown(m.detail()));
            case AgentMessage.Hello _, AgentMessage.OfferChanged _, AgentMessage.Heartbeat _, AgentMessage.Progress _ ->
                throw noReport(message);
        };
    }

    /**
     * What a report says of its assignment: it is heard once, whatever its ref, or one assignment would be enough to fill the
     * log. Of a checkpoint twice, since one that came unasked is no answer. The refusal of a verdict does not say which run it
     * is about, so there its ref does; the first that is heard ends the attempt.
     */
    static List<String> about(AgentMessage message, Asked asked) {
        return switch (message) {
            case AgentMessage.Accept _ -> List.of("accept");
            case AgentMessage.Decline _ -> List.of("decline");
            case AgentMessage.Commit m ->
                List.of("commit", Integer.toString(m.commitment().toBorder()));
            case AgentMessage.Reveal m -> List.of("reveal", Integer.toString(m.border()));
            case AgentMessage.Checkpoint m ->
                List.of(asked.checkpoint(m) ? "asked-checkpoint" : "checkpoint", Integer.toString(m.border()));
            case AgentMessage.VerdictSigned m ->
                List.of("verdict", m.verdict().commitmentHash().value());
            case AgentMessage.VerdictRefused m ->
                List.of("refused-verdict", m.ref().toString());
            case AgentMessage.Failed _ -> List.of("failed");
            case AgentMessage.Hello _, AgentMessage.OfferChanged _, AgentMessage.Heartbeat _, AgentMessage.Progress _ ->
                throw noReport(message);
        };
    }

    static Digest assignmentHash(AgentMessage message) {
        return switch (message) {
            case AgentMessage.Accept m -> m.assignmentHash();
            case AgentMessage.Decline m -> m.assignmentHash();
            case AgentMessage.Commit m -> m.commitment().assignmentHash();
            case AgentMessage.Reveal m -> m.assignmentHash();
            case AgentMessage.Checkpoint m -> m.assignmentHash();
            case AgentMessage.VerdictSigned m -> m.verdict().assignmentHash();
            case AgentMessage.VerdictRefused m -> m.assignmentHash();
            case AgentMessage.Failed m -> m.assignmentHash();
            case AgentMessage.Hello _, AgentMessage.OfferChanged _, AgentMessage.Heartbeat _, AgentMessage.Progress _ ->
                throw noReport(message);
        };
    }

    private static IllegalArgumentException noReport(AgentMessage message) {
        return new IllegalArgumentException(message.getClass().getSimpleName() + " is no report");
    }
}
