package io.perigee.agent.gateway;

import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.id.Digest;
import java.util.Optional;

/** What messages are about. */
public final class Subject {
    private Subject() {}

    /** The assignment that a message speaks of, if it speaks of one. */
    public static Optional<Digest> of(AgentMessage message) {
        return switch (message) {
            case AgentMessage.Accept m -> Optional.of(m.assignmentHash());
            case AgentMessage.Decline m -> Optional.of(m.assignmentHash());
            case AgentMessage.Commit m -> Optional.of(m.commitment().assignmentHash());
            case AgentMessage.Reveal m -> Optional.of(m.assignmentHash());
            case AgentMessage.Checkpoint m -> Optional.of(m.assignmentHash());
            case AgentMessage.VerdictSigned m -> Optional.of(m.verdict().assignmentHash());
            case AgentMessage.VerdictRefused m -> Optional.of(m.assignmentHash());
            case AgentMessage.Failed m -> Optional.of(m.assignmentHash());
            case AgentMessage.Progress m -> Optional.of(m.assignmentHash());
            case AgentMessage.Hello _, AgentMessage.OfferChanged _, AgentMessage.Heartbeat _ -> Optional.empty();
        };
    }
}
