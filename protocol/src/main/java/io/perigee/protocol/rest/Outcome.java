package io.perigee.protocol.rest;

/** How a decided job was decided. */
public enum Outcome {
    ACCEPTED,
    FAILED,
    CANCELLED,
    EXPIRED
}
