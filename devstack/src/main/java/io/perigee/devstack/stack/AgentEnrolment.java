package io.perigee.devstack.stack;

import java.nio.file.Path;

/** Makes an owner's wallet, registers and stakes a provider, and delegates a session key to an agent. */
@FunctionalInterface
public interface AgentEnrolment {
    /**
     * Leaves an enrolled agent home.
     *
     * @param stack where hub and chain are
     * @param owner names the wallet
     * @param agentHome a new directory
     */
    void enrol(Stack stack, String owner, Path agentHome);
}
