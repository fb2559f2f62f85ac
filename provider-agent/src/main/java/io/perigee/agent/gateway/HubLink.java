package io.perigee.agent.gateway;

import io.perigee.protocol.gateway.AgentMessage;

/** How attempts speak to the hub. */
public interface HubLink {

    /** Stores a message with a ref and sends it until it is acked; returns once it is stored. Idempotent by ref. */
    void send(AgentMessage message);

    /** Sends a message without a ref if the hub is there now; otherwise it is lost, which is fine for progress. */
    void tell(AgentMessage message);
}
