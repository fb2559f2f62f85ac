package io.perigee.protocol.spec;

/**
 * One thing wrong with a spec.
 *
 * @param path where: "train.steps"
 * @param expected "a whole number from 1 to 1000000"
 * @param actual what stood there, shortened; "nothing" when it is missing
 * @param hint what to write instead
 */
public record Violation(String path, String expected, String actual, String hint) {}
