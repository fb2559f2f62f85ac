package io.perigee.devstack.cheat;

import io.perigee.agent.app.AgentMain;
import io.perigee.agent.execution.BorderHasher;

/** The production agent with one thing changed: from a border on it commits to work that nobody did. */
public final class ForgingAgentMain {
    private static final int FIRST_FORGED_BORDER = 3;

    private ForgingAgentMain() {}

    public static void main(String[] arguments) {
        System.exit(AgentMain.execute(ForgingAgentMain::forging, arguments));
    }

    private static BorderHasher forging(BorderHasher honest) {
        return new ForgingHasher(honest, FIRST_FORGED_BORDER);
    }
}
