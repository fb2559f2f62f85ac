package io.perigee.benchmarks.epoch;

import io.perigee.protocol.epoch.Lines;
import io.perigee.protocol.id.Digest;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.web3j.crypto.Hash;
import org.web3j.utils.Numeric;

/** The same tree as anybody would write it with web3j: an array a hash, and {@link Hash#sha3(byte[])}. */
final class Web3jTree {
    private static final int AMOUNT = 15;
    private static final int SUM = 16;

    private Web3jTree() {}

    static Digest root(Lines lines) {
        List<byte[]> level = new ArrayList<>(lines.count());
        for (int i = 0; i < lines.count(); i++) {
            level.add(Hash.sha3(packed(lines, i)));
        }
        var empty = new byte[Digest.BYTES];
        while (level.size() > 1) {
            List<byte[]> parents = new ArrayList<>((level.size() + 1) / 2);
            for (int i = 0; i < level.size(); i += 2) {
                parents.add(pair(level.get(i), i + 1 < level.size() ? level.get(i + 1) : empty));
            }
            empty = pair(empty, empty);
            level = parents;
        }
        return Digest.of(level.getFirst());
    }

    private static byte[] packed(Lines lines, int index) {
        var line = lines.line(index);
        var out = new ByteArrayOutputStream();
        out.writeBytes(line.builder().bytes());
        out.writeBytes(line.orderHash().bytes());
        out.writeBytes(line.assignmentHash().bytes());
        out.writeBytes(line.owner().bytes());
        out.writeBytes(number(line.amount().value(), AMOUNT));
        out.writeBytes(number(line.sum().value(), SUM));
        return out.toByteArray();
    }

    private static byte[] number(BigInteger value, int width) {
        return Numeric.toBytesPadded(value, width);
    }

    private static byte[] pair(byte[] left, byte[] right) {
        var both = Arrays.copyOf(left, 2 * Digest.BYTES);
        System.arraycopy(right, 0, both, Digest.BYTES, Digest.BYTES);
        return Hash.sha3(both);
    }
}
