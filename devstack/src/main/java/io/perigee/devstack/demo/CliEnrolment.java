package io.perigee.devstack.demo;

import io.perigee.devstack.stack.AgentEnrolment;
import io.perigee.devstack.stack.Stack;
import java.nio.file.Path;

/** Enrols an agent as its owner would: a wallet, money for the stake, and the verb {@code provider enroll}. */
public final class CliEnrolment implements AgentEnrolment {
    private static final String STAKE = "100";

    @Override
    public void enrol(Stack stack, String owner, Path agentHome) {
        var user = new User(stack.walletDirectory(owner), stack.apiUrl());
        user.ask("wallet", "create", "--save-password", "--light");
        user.ask("faucet", "--amount", STAKE);
        user.ask(
                "provider", "enroll", "--agent-home", agentHome.toString(), "--name", owner, "--stake", STAKE, "--yes");
    }
}
