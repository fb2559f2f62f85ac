package io.perigee.protocol.result;

/**
 * One thing that was checked.
 *
 * @param name what should hold: "the order is signed by the builder"
 * @param ok whether it does
 * @param detail what was found
 */
public record Check(String name, boolean ok, String detail) {}
