package io.perigee.api.job;

import io.perigee.market.verification.Reserve;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.rest.AttemptView;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.spec.VerificationPolicy;
import java.util.stream.Stream;

/**
 * Whom a job wants and does not have, as far as it can be told from here: one whose attempts ended otherwise may want
 * others than these. It never lacks both.
 *
 * @param runs that are still to be begun
 * @param auditors of a run that is done
 */
record Lacking(int runs, int auditors) {
    private static final Lacking NOBODY = new Lacking(0, 0);

    static Lacking of(JobView job) {
        return switch (job.state()) {
            case FUNDED, QUEUED, ACTIVE -> isAudited(job) ? ofAudited(job) : runs(job, replicas(job));
            case DISPUTED -> new Lacking(1, 0);
            case SUBMITTED, DECIDED, SETTLED -> NOBODY;
        };
    }

    private static Lacking ofAudited(JobView job) {
        boolean isDone = open(job, Role.REPLICA).anyMatch(Lacking::isDone);
        return isDone
                ? new Lacking(
                        0,
                        Math.max(
                                0,
                                Reserve.ofAudit(job.order().quorum())
                                        - (int) open(job, Role.AUDITOR).count()))
                : runs(job, 1);
    }

    private static Lacking runs(JobView job, int wanted) {
        return new Lacking(Math.max(0, wanted - (int) open(job, Role.REPLICA).count()), 0);
    }

    private static int replicas(JobView job) {
        return job.spec().verification().replicas();
    }

    private static boolean isAudited(JobView job) {
        return job.spec().verification().policy() != VerificationPolicy.REPLICATE;
    }

    private static Stream<AttemptView> open(JobView job, Role role) {
        return job.attempts().stream().filter(attempt -> attempt.role() == role && isOpen(attempt));
    }

    /** Its result is there, and the verdict is not. */
    private static boolean isDone(AttemptView attempt) {
        return switch (attempt.state()) {
            case COMMITTED, REVEALED -> true;
            case ASSIGNED, RUNNING, VERIFIED, REJECTED, LOST, YIELDED, FAILED, DECLINED, CANCELLED -> false;
        };
    }

    static boolean isOpen(AttemptView attempt) {
        return switch (attempt.state()) {
            case ASSIGNED, RUNNING, COMMITTED, REVEALED -> true;
            case VERIFIED, REJECTED, LOST, YIELDED, FAILED, DECLINED, CANCELLED -> false;
        };
    }

    int count() {
        return runs + auditors;
    }
}
