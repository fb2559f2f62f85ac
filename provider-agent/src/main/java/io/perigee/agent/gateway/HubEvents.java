package io.perigee.agent.gateway;

import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.offer.Offer;
import java.util.List;

/**
 * What the connection tells the agent and asks of it. Called by one thread at a time; implementations return quickly,
 * because nothing more is read from the hub meanwhile.
 */
public interface HubEvents {

    /** The offer to send in the greeting. */
    Offer offer();

    /** The assignments to name in a heartbeat. */
    List<Digest> running();

    void assigned(HubMessage.AssignmentOffer message);

    void receipt(HubMessage.ReceiptGiven message);

    void revealRequested(HubMessage.RevealRequest message);

    void checkpointRequested(HubMessage.CheckpointRequest message);

    void verdictRequested(HubMessage.VerdictRequest message);

    void stopped(HubMessage.Stop message);

    void verdict(HubMessage.VerdictGiven message);

    /** The hub will never take this message, and it is no longer waiting. */
    void refused(AgentMessage message, HubMessage.Refusal refusal);

    /** The login held or was lost; for the status file. */
    void connection(boolean up, String detail);
}
