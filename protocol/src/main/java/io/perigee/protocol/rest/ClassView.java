package io.perigee.protocol.rest;

import io.perigee.protocol.id.Digest;

/**
 * A numeric class that is offered here, and what its bits have shown.
 *
 * @param owners that offer it now and have a stake
 * @param largestShare of their stake, what the largest of them holds, in percent, rounded up
 * @param equal segments that two owners ran to equal leaves
 * @param unexplained differences that no verdict explained
 * @param binds whether a difference goes into the record as a cheat; below the floor it counts as a crash
 */
public record ClassView(
        Digest numericClass, int owners, int largestShare, long equal, long unexplained, boolean binds) {}
