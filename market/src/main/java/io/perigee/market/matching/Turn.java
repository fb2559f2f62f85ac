package io.perigee.market.matching;

import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.id.Digest;
import java.nio.ByteBuffer;

/**
 * Whose turn it is among equals. Every provider, and every class, has a lot: the first eight bytes of the hash of its
 * name. A job's seed is a place on the same circle, and who follows it soonest comes first.
 *
 * <p>So nobody can favour a friend, anybody can compute the choice again, and an index that keeps equals in the order
 * of their lots finds the first of a million of them without hashing one.
 */
final class Turn {
    private Turn() {}

    static long lot(byte[] name) {
        return first(Keccak256.bytes(name));
    }

    /** Where the turns of a job begin. */
    static long start(Digest seed) {
        return first(seed.bytes());
    }

    /** How far a lot is from the start; less is sooner, as unsigned numbers. */
    static long of(long lot, long start) {
        return lot - start;
    }

    private static long first(byte[] hash) {
        return ByteBuffer.wrap(hash).getLong();
    }
}
