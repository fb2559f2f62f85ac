package io.perigee.settlement.epoch;

import io.perigee.protocol.fact.EpochLeft;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import java.time.Instant;

/**
 * A decided job whose order is not direct.
 *
 * @param epoch of its order
 * @param directAt from when the contract takes its evidence, should no epoch pay it
 */
record EpochJob(JobId job, Digest orderHash, int epoch, Instant directAt, String trace) {
    EpochLeft left(String why) {
        return new EpochLeft(job, epoch, why, directAt);
    }
}
