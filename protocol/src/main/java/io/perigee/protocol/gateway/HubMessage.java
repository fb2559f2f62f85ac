package io.perigee.protocol.gateway;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.Commitment;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.message.Receipt;
import io.perigee.protocol.result.Opening;
import io.perigee.protocol.result.SegmentHashes;
import io.perigee.protocol.spec.JobSpec;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the hub says to an agent on {@code /api/v1/agents/gateway}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = HubMessage.Challenge.class, name = "challenge"),
    @JsonSubTypes.Type(value = HubMessage.Welcome.class, name = "welcome"),
    @JsonSubTypes.Type(value = HubMessage.AssignmentOffer.class, name = "assignment"),
    @JsonSubTypes.Type(value = HubMessage.ReceiptGiven.class, name = "receipt"),
    @JsonSubTypes.Type(value = HubMessage.RevealRequest.class, name = "reveal-request"),
    @JsonSubTypes.Type(value = HubMessage.CheckpointRequest.class, name = "checkpoint-request"),
    @JsonSubTypes.Type(value = HubMessage.VerdictRequest.class, name = "verdict-request"),
    @JsonSubTypes.Type(value = HubMessage.Stop.class, name = "stop"),
    @JsonSubTypes.Type(value = HubMessage.VerdictGiven.class, name = "verdict"),
    @JsonSubTypes.Type(value = HubMessage.Ack.class, name = "ack"),
    @JsonSubTypes.Type(value = HubMessage.Refusal.class, name = "error")
})
public sealed interface HubMessage {

    /** First word: sign this nonce with the session key, as {@link AgentLogin} words it. */
    record Challenge(String nonce, Address hub, long chainId, Address escrow, Instant serverTime)
            implements HubMessage {}

    /** The login holds; the token is for the artifact endpoints. */
    record Welcome(ProviderId provider, String artifactToken, int heartbeatSeconds, int deadAfterSeconds)
            implements HubMessage {}

    /**
     * Work. Repeated after a reconnect while it is open.
     *
     * @param resumeFrom manifest of the checkpoint at {@code assignment.fromBorder()}; null when that is 0
     */
    record AssignmentOffer(
            JobId jobId,
            int attempt,
            Assignment assignment,
            Signature hubSignature,
            JobOrder order,
            Signature orderSignature,
            JobSpec spec,
            int sessionSerial,
            @Nullable ContentId resumeFrom)
            implements HubMessage {}

    /** The commitment was received in time; only now may the opening be shown. */
    record ReceiptGiven(JobId jobId, Commitment commitment, Receipt receipt, Signature hubSignature)
            implements HubMessage {}

    /** Stop at that border and open it. */
    record RevealRequest(JobId jobId, Digest assignmentHash, int border, String reason) implements HubMessage {}

    /** Upload the checkpoint of a border that you sealed, before that instant. Repeated after a reconnect while open. */
    record CheckpointRequest(JobId jobId, Digest assignmentHash, int border, Instant by) implements HubMessage {}

    /**
     * Judge another provider's run, after your own seal was opened. Repeated after a reconnect while open.
     *
     * @param assignmentHash the auditor's own
     * @param commitment the provider's
     * @param opening what the seal of that commitment hides
     * @param segments every border under the opening's root, in order
     */
    record VerdictRequest(
            JobId jobId, Digest assignmentHash, Commitment commitment, Opening opening, List<SegmentHashes> segments)
            implements HubMessage {
        public VerdictRequest {
            segments = List.copyOf(segments);
        }
    }

    /** The assignment is no longer wanted; drop its work. */
    record Stop(JobId jobId, Digest assignmentHash, String reason) implements HubMessage {}

    /** How the attempt ended. */
    record VerdictGiven(JobId jobId, Digest assignmentHash, AttemptEnd end, String detail) implements HubMessage {}

    /** The message of this ref is stored. */
    record Ack(UUID ref) implements HubMessage {}

    /** The message of this ref was refused. */
    record Refusal(@Nullable UUID ref, ErrorCode code, String detail, String hint, boolean retryable)
            implements HubMessage {}
}
