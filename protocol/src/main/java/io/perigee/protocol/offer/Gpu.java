package io.perigee.protocol.offer;

/**
 * One graphics processor.
 *
 * @param vram bytes
 * @param computeCapability such as "9.0"
 * @param driver driver version; its branch is part of the numeric class
 */
public record Gpu(String model, long vram, String computeCapability, String driver) {}
