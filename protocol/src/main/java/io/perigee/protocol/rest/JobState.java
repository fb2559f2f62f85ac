package io.perigee.protocol.rest;

/** Where a job stands; only SETTLED is final. */
public enum JobState {
    SUBMITTED,
    FUNDED,
    QUEUED,
    ACTIVE,
    DISPUTED,
    DECIDED,
    SETTLED
}
