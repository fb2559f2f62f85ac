package io.perigee.protocol.gateway;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.fact.VerdictRefusal;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Origin;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Commitment;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.message.Verdict;
import io.perigee.protocol.offer.Offer;
import io.perigee.protocol.result.Opening;
import io.perigee.protocol.result.SegmentHashes;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What an agent says to the hub. A message with a {@code ref} is acked once it is stored and repeated until then. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = AgentMessage.Hello.class, name = "hello"),
    @JsonSubTypes.Type(value = AgentMessage.OfferChanged.class, name = "offer"),
    @JsonSubTypes.Type(value = AgentMessage.Heartbeat.class, name = "heartbeat"),
    @JsonSubTypes.Type(value = AgentMessage.Accept.class, name = "accept"),
    @JsonSubTypes.Type(value = AgentMessage.Decline.class, name = "decline"),
    @JsonSubTypes.Type(value = AgentMessage.Progress.class, name = "progress"),
    @JsonSubTypes.Type(value = AgentMessage.Commit.class, name = "commit"),
    @JsonSubTypes.Type(value = AgentMessage.Reveal.class, name = "reveal"),
    @JsonSubTypes.Type(value = AgentMessage.Checkpoint.class, name = "checkpoint"),
    @JsonSubTypes.Type(value = AgentMessage.VerdictSigned.class, name = "signed-verdict"),
    @JsonSubTypes.Type(value = AgentMessage.VerdictRefused.class, name = "refused-verdict"),
    @JsonSubTypes.Type(value = AgentMessage.Failed.class, name = "failed")
})
public sealed interface AgentMessage {

    /**
     * Answers the challenge.
     *
     * @param origin that the agent connects to; {@code nonceSignature} is over it
     */
    record Hello(
            String agentVersion,
            Origin origin,
            SessionKey sessionKey,
            Signature ownerSignature,
            Signature nonceSignature,
            Offer offer)
            implements AgentMessage {}

    /** What the provider sells from now on. */
    record OfferChanged(Offer offer) implements AgentMessage {}

    /** Alive, and working on these assignments. */
    record Heartbeat(List<Digest> running) implements AgentMessage {
        public Heartbeat {
            running = List.copyOf(running);
        }
    }

    /** Takes the assignment. */
    record Accept(UUID ref, JobId jobId, Digest assignmentHash, Signature signature) implements AgentMessage {}

    /** Does not take it. */
    record Decline(UUID ref, JobId jobId, Digest assignmentHash, String detail) implements AgentMessage {}

    /** For people; never evidence, never acked. */
    record Progress(
            JobId jobId,
            Digest assignmentHash,
            int step,
            int steps,
            int border,
            @Nullable Decimal loss,
            @Nullable Decimal lr,
            @Nullable Decimal gradNorm,
            @Nullable Decimal tokensPerSecond,
            @Nullable Integer etaSeconds)
            implements AgentMessage {}

    /** Binds the provider to a result. */
    record Commit(UUID ref, JobId jobId, Commitment commitment, Signature signature) implements AgentMessage {}

    /**
     * Opens the seal of a border; outputs and checkpoint name uploaded manifests. An auditor uploads nothing and names
     * nothing, whatever output digest its opening says.
     */
    record Reveal(
            UUID ref,
            JobId jobId,
            Digest assignmentHash,
            int border,
            Opening opening,
            List<SegmentHashes> segments,
            @Nullable ContentId outputs,
            @Nullable ContentId checkpoint)
            implements AgentMessage {
        public Reveal {
            segments = List.copyOf(segments);
        }
    }

    /** The checkpoint of a border that the hub asked for is uploaded; it is a manifest of that border's files. */
    record Checkpoint(UUID ref, JobId jobId, Digest assignmentHash, int border, ContentId checkpoint)
            implements AgentMessage {}

    /** An auditor's word that the run it was shown holds; the verdict names its own assignment. */
    record VerdictSigned(UUID ref, JobId jobId, Verdict verdict, Signature signature) implements AgentMessage {}

    /** The auditor does not sign the verdict it was asked for; the assignment is its own. */
    record VerdictRefused(UUID ref, JobId jobId, Digest assignmentHash, VerdictRefusal reason, String detail)
            implements AgentMessage {}

    /** The attempt failed. */
    record Failed(
            UUID ref,
            JobId jobId,
            Digest assignmentHash,
            FailureKind kind,
            @Nullable Integer exitCode,
            String detail) implements AgentMessage {}
}
