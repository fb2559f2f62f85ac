package io.perigee.devstack.cheat;

import io.perigee.agent.app.AgentMain;
import io.perigee.agent.execution.BorderHasher;

/** The production agent with one thing changed: in one segment it commits to one step less than was done. */
public final class SkippingAgentMain {
    /** The segment that ends at this border. */
    public static final int SKIPPED_SEGMENT = 2;

    private SkippingAgentMain() {}

    public static void main(String[] arguments) {
        System.exit(AgentMain.execute(SkippingAgentMain::skipping, arguments));
    }

    private static BorderHasher skipping(BorderHasher honest) {
        return new SkippingHasher(honest, SKIPPED_SEGMENT);
    }
}
