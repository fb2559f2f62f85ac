package io.perigee.agent.execution;

/**
 * How often a run is taken up again after its container was ended from outside. Any number of times while it gets on;
 * at one border a few times only, because a job that kills itself looks the same. Kept in memory: each life of the agent
 * counts anew, and the run deadline bounds them all.
 */
final class Restarts {
    private static final int MOST_AT_ONE_BORDER = 3;

    private int border = -1;
    private int here;

    /** Whether one more is worth it, counting it. */
    boolean allow(int reached) {
        here = reached == border ? here + 1 : 1;
        border = reached;
        return here <= MOST_AT_ONE_BORDER;
    }
}
