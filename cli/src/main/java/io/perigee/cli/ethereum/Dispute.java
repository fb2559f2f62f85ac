package io.perigee.cli.ethereum;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;

/**
 * What a case is about, as the court said when it was opened; the court keeps its hash and is shown it at each step.
 *
 * @param priorLeaf zero for the job's first segment
 * @param secretHash of the hub's secret, in the accused's assignment
 * @param slashable what the assignment's bond may cost; zero outside the strict class
 */
public record Dispute(
        Digest assignmentHash,
        Digest priorLeaf,
        Digest accusedLeaf,
        Digest claimedLeaf,
        Digest secretHash,
        Address accuser,
        Address accused,
        Address builder,
        Address hub,
        Amount slashable) {}
