package io.perigee.protocol.fact;

/**
 * Why offers did not fit.
 *
 * @param constraint the part of the spec that lost them: "resources.memory"
 * @param lost how many offers it lost
 */
public record NoMatchReason(String constraint, int lost, String detail) {}
