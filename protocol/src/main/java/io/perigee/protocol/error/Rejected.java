package io.perigee.protocol.error;

/**
 * A refusal of something a caller asked for.
 *
 * @param code the typed reason
 * @param detail one sentence, "Expected to …, but …"
 */
public record Rejected(ErrorCode code, String detail) {}
