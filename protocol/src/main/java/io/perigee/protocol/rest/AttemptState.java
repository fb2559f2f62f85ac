package io.perigee.protocol.rest;

import io.perigee.protocol.fact.AttemptEnd;

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
    CANCELLED;

    /** Where an attempt stands that ended so. */
    public static AttemptState of(AttemptEnd end) {
        return switch (end) {
            case VERIFIED -> VERIFIED;
            case REJECTED -> REJECTED;
            case LOST -> LOST;
            case YIELDED -> YIELDED;
            case FAILED -> FAILED;
            case DECLINED -> DECLINED;
            case CANCELLED -> CANCELLED;
        };
    }
}
