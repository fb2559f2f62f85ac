package io.perigee.protocol.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Keccak-256 from array to array, for who hashes millions: makes no objects. Each thread needs its own. */
public final class KeccakSponge {
    /** Bytes taken in at once: 1600 bits less twice the digest's. */
    private static final int RATE = 136;

    private static final int DIGEST = 32;
    private static final VarHandle LANE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long[] state = new long[KeccakPermutation.LANES];
    private final byte[] last = new byte[RATE];

    /** Writes the 32 bytes of the hash; they may overlap what is hashed. */
    public void hash(byte[] in, int offset, int length, byte[] out, int outOffset) {
        Arrays.fill(state, 0);
        int at = offset;
        int end = offset + length;
        for (; end - at >= RATE; at += RATE) {
            absorb(in, at);
        }
        Arrays.fill(last, (byte) 0);
        System.arraycopy(in, at, last, 0, end - at);
        last[end - at] ^= 0x01;
        last[RATE - 1] ^= (byte) 0x80;
        absorb(last, 0);
        for (int i = 0; i < DIGEST; i += Long.BYTES) {
            LANE.set(out, outOffset + i, state[i / Long.BYTES]);
        }
    }

    private void absorb(byte[] block, int at) {
        for (int i = 0; i < RATE / Long.BYTES; i++) {
            state[i] ^= (long) LANE.get(block, at + i * Long.BYTES);
        }
        KeccakPermutation.apply(state);
    }
}
