package io.perigee.scenarios.simulation;

import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.id.Digest;
import java.nio.ByteBuffer;

/** Blocks every twelve seconds. The newest may still be replaced by a fork; what is final never is. */
final class Chain {
    private static final long SECONDS = 12;
    private static final long FINAL_AFTER = 4;
    private static final int FORKS_ONE_IN = 50;

    private final long seed;

    Chain(long seed) {
        this.seed = seed;
    }

    static long head(long now) {
        return now / SECONDS;
    }

    static long appearsAt(long block) {
        return block * SECONDS;
    }

    static long finalAt(long block) {
        return (block + FINAL_AFTER) * SECONDS;
    }

    /** A block's hash as seen at an instant: before it is final it may be that of the losing fork. */
    Digest hash(long block, long now) {
        boolean losing = now < finalAt(block) && Math.floorMod(seed ^ block, FORKS_ONE_IN) == 0;
        return Keccak256.hash(ByteBuffer.allocate(17)
                .putLong(seed)
                .putLong(block)
                .put((byte) (losing ? 1 : 0))
                .array());
    }
}
