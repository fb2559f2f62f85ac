package io.perigee.agent.gateway;

import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.id.Digest;

/** How attempts speak to the hub. */
public interface HubLink {

    /** Stores a message with a ref and sends it until it is acked; returns once it is stored. Idempotent by ref. */
    void send(AgentMessage message);

    /** Forgets what waits for an ack of an assignment that is over: nobody needs to hear it any more. */
    void drop(Digest assignmentHash);

    /** Logs in again, after which the hub says again what is open. */
    void renewLogin(String why);

    /** Sends a message without a ref if the hub is there now; otherwise it is lost, which is fine for progress. */
    void tell(AgentMessage message);
}
