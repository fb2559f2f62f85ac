package io.perigee.protocol.epoch;

import io.perigee.protocol.crypto.KeccakSponge;
import io.perigee.protocol.id.Digest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The tree whose places count: line i is the i-th leaf from the left, all leaves are equally deep, and the places after the
 * last line are zero. The contract's {@code Lines} checks its proofs.
 */
public final class LineTree {
    private static final int HASH = Digest.BYTES;

    /** From the leaves up. The hashes of a level one after another, as far as there are lines below. */
    private final byte[][] levels;
    /** By level: the hash of a part of the tree without lines. */
    private final byte[][] empty;

    private LineTree(byte[][] levels, byte[][] empty) {
        this.levels = levels;
        this.empty = empty;
    }

    /** @throws IllegalArgumentException when there are no lines: such an epoch cannot be posted */
    public static LineTree of(Lines lines) {
        if (lines.count() == 0) {
            throw new IllegalArgumentException("Expected an epoch of at least one line, but it has none");
        }
        var sponge = new KeccakSponge();
        int depth = Integer.SIZE - Integer.numberOfLeadingZeros(lines.count() - 1);
        var levels = new byte[depth + 1][];
        var empty = new byte[depth + 1][HASH];
        levels[0] = leaves(lines, sponge);
        for (int level = 1; level <= depth; level++) {
            pair(empty[level - 1], 0, empty[level - 1], 0, new byte[2 * HASH], sponge, empty[level], 0);
            levels[level] = parents(levels[level - 1], empty[level - 1], sponge);
        }
        return new LineTree(levels, empty);
    }

    public Digest root() {
        return Digest.of(levels[depth()]);
    }

    /** How many siblings a proof has. */
    public int depth() {
        return levels.length - 1;
    }

    /** The siblings on the way from a place to the root, from below. */
    public List<Digest> proof(int index) {
        var bytes = new byte[depth() * HASH];
        proof(index, bytes, 0);
        var proof = new ArrayList<Digest>();
        for (int at = 0; at < bytes.length; at += HASH) {
            proof.add(Digest.of(Arrays.copyOfRange(bytes, at, at + HASH)));
        }
        return List.copyOf(proof);
    }

    /** The same into an array, without making an object. */
    public void proof(int index, byte[] to, int at) {
        Objects.checkIndex(index, levels[0].length / HASH);
        for (int level = 0; level < depth(); level++) {
            int sibling = (index >>> level ^ 1) * HASH;
            boolean there = sibling < levels[level].length;
            System.arraycopy(there ? levels[level] : empty[level], there ? sibling : 0, to, at + level * HASH, HASH);
        }
    }

    /** A leaf is the hash of a line as it is: longer than two hashes, so that no leaf is an inner node. */
    private static byte[] leaves(Lines lines, KeccakSponge sponge) {
        var leaves = new byte[lines.count() * HASH];
        for (int i = 0; i < lines.count(); i++) {
            sponge.hash(lines.rows(), Lines.at(i), Lines.WIDTH, leaves, i * HASH);
        }
        return leaves;
    }

    private static byte[] parents(byte[] below, byte[] empty, KeccakSponge sponge) {
        int whole = below.length / (2 * HASH);
        boolean half = below.length % (2 * HASH) != 0;
        var parents = new byte[(whole + (half ? 1 : 0)) * HASH];
        for (int i = 0; i < whole; i++) {
            sponge.hash(below, 2 * i * HASH, 2 * HASH, parents, i * HASH);
        }
        if (half) {
            pair(below, 2 * whole * HASH, empty, 0, new byte[2 * HASH], sponge, parents, whole * HASH);
        }
        return parents;
    }

    private static void pair(
            byte[] left, int leftAt, byte[] right, int rightAt, byte[] both, KeccakSponge sponge, byte[] to, int at) {
        System.arraycopy(left, leftAt, both, 0, HASH);
        System.arraycopy(right, rightAt, both, HASH, HASH);
        sponge.hash(both, 0, both.length, to, at);
    }
}
