package io.perigee.market.verification;

import io.perigee.protocol.result.Draw;
import io.perigee.protocol.spec.VerificationPolicy;

/**
 * k, how many segments of a run are drawn.
 *
 * <p>A run with m forged segments of n is caught with D(m) = 1 − C(n−m, k) / C(n, k), at an extra compute of k/n. With k
 * of every job, forging never pays once stake and pay together cover the job's cost (the binding case is m = n), and
 * what one identity can steal before it is caught stays below one job.
 */
public final class AuditDepth {
    /** Segments drawn of a provider with a record. */
    public static final int KNOWN = Draw.FEWEST;

    /** Segments drawn of a provider without one: nothing but its stake speaks for it. */
    public static final int NEWCOMER = 4;

    /** Verified jobs after which a provider is known; BOINC's threshold of consecutive valid results. */
    public static final int JOBS_TO_BE_KNOWN = 10;

    private AuditDepth() {}

    /** Of a run of the whole job. */
    public static int of(VerificationPolicy policy, int segments, int verifiedJobs) {
        return of(policy, segments, segments, verifiedJobs);
    }

    /**
     * How many segments of a run are drawn; 0 where the policy draws nothing or the job has no segments.
     *
     * <p>A part of a job (the prefix of a machine that vanished, what the next one does of the rest) is drawn in
     * proportion to its length, rounded up. So a forged segment is found as often as in a whole run, and who vanishes
     * makes the job hardly dearer.
     *
     * @param segments of the run
     * @param ofJob segments of the whole job
     * @param verifiedJobs since the owner's last proven cheat
     */
    public static int of(VerificationPolicy policy, int segments, int ofJob, int verifiedJobs) {
        return switch (policy) {
            case REPLICATE -> 0;
            case AUDIT -> Draw.inProportion(whole(verifiedJobs), segments, ofJob);
            case FULL_AUDIT -> segments;
        };
    }

    /** Of a whole run under {@code audit}, however few segments the job has. */
    public static int whole(int verifiedJobs) {
        return verifiedJobs < JOBS_TO_BE_KNOWN ? NEWCOMER : KNOWN;
    }
}
