package io.perigee.market.verification;

import io.perigee.market.dispute.Bench;

/**
 * Owners that are left free when a run begins, so that there is somebody to audit it and to judge it.
 *
 * <p>A run's bond stays until its verdict, and a verdict needs others' free stake. Without a reserve a busy market binds
 * every stake in runs that wait for auditors, and none of them ever ends.
 */
public final class Reserve {
    /** As many as the first court has judges; an audit takes fewer. */
    public static final int OWNERS = Bench.FIRST.judges();

    private Reserve() {}

    /**
     * How many a hub leaves free that calls no court: those whose verdicts the contract asks for. Whoever began last can
     * then always be audited, and what that frees is enough for the one before it, so nothing stands still.
     */
    public static int ofAudit(int quorum) {
        return quorum;
    }

    /**
     * Whether a run may begin.
     *
     * @param free owners that could put up an auditor's bond now, without the one that is about to run
     */
    public static boolean allows(int free) {
        return free >= OWNERS;
    }
}
