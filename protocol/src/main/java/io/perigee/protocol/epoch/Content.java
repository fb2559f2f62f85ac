package io.perigee.protocol.epoch;

import io.perigee.protocol.id.Digest;

/**
 * What a posted epoch commits to.
 *
 * @param count how many lines there are
 * @param accounts the hash of its accounts
 */
public record Content(Digest root, int count, Digest accounts) {}
