package io.perigee.protocol.rest;

/** Where an attempt stands; everything after REVEALED is an end. */
public enum AttemptState {
    ASSIGNED,
    RUNNING,
    COMMITTED,
    REVEALED,
    VERIFIED,
    REJECTED,
    LOST,
    YIELDED,
    FAILED,
    DECLINED,
    CANCELLED
}
