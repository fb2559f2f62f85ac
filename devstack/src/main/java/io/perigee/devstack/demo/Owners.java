package io.perigee.devstack.demo;

import io.perigee.devstack.stack.AgentEnrolment;
import io.perigee.devstack.stack.Stack;
import java.nio.file.Path;

/** Owners do what owners do: a wallet, some tokens, a registered provider with stake, and a key for its agent. */
public final class Owners implements AgentEnrolment {
    @Override
    public void enrol(Stack stack, String owner, Path agentHome) {
        var commands = new CommandLine(stack.apiUrl(), stack.walletDirectory(owner));
        commands.quietly("wallet", "create", "--light", "--save-password");
        commands.quietly("faucet", "--amount", "100");
        commands.quietly(
                "provider", "enroll", "--agent-home", agentHome.toString(), "--name", owner, "--stake", "10", "--yes");
    }
}
