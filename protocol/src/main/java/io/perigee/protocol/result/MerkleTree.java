package io.perigee.protocol.result;

import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.id.Digest;
import java.util.ArrayList;
import java.util.List;

/**
 * OpenZeppelin's standard Merkle tree: leaves sorted, a complete binary tree in one array, pairs hashed in sorted
 * order. The order in which leaves are given does not matter.
 */
public final class MerkleTree {
    private final List<Digest> nodes;
    private final int leafCount;

    private MerkleTree(List<Digest> nodes, int leafCount) {
        this.nodes = nodes;
        this.leafCount = leafCount;
    }

    /** Builds the tree; of no leaves the root is zero. */
    public static MerkleTree of(List<Digest> leaves) {
        var sorted = leaves.stream().sorted().toList();
        int size = sorted.isEmpty() ? 0 : 2 * sorted.size() - 1;
        var nodes = new ArrayList<Digest>(java.util.Collections.nCopies(size, Digest.ZERO));
        for (int i = 0; i < sorted.size(); i++) {
            nodes.set(size - 1 - i, sorted.get(i));
        }
        for (int i = size - 1 - sorted.size(); i >= 0; i--) {
            nodes.set(i, pair(nodes.get(2 * i + 1), nodes.get(2 * i + 2)));
        }
        return new MerkleTree(List.copyOf(nodes), sorted.size());
    }

    public Digest root() {
        return nodes.isEmpty() ? Digest.ZERO : nodes.getFirst();
    }

    public int leafCount() {
        return leafCount;
    }

    /**
     * The siblings from a leaf up to the root.
     *
     * @throws IllegalArgumentException when the leaf is not in the tree
     */
    public List<Digest> proof(Digest leaf) {
        int at = nodes.lastIndexOf(leaf);
        if (at < nodes.size() - leafCount) {
            throw new IllegalArgumentException(
                    "Expected to prove leaf '%s', but it is not in the tree".formatted(leaf));
        }
        var proof = new ArrayList<Digest>();
        while (at > 0) {
            proof.add(nodes.get(at % 2 == 0 ? at - 1 : at + 1));
            at = (at - 1) / 2;
        }
        return List.copyOf(proof);
    }

    /** Whether the siblings lead from the leaf to the root. */
    public static boolean verify(Digest root, Digest leaf, List<Digest> proof) {
        var hash = leaf;
        for (var sibling : proof) {
            hash = pair(hash, sibling);
        }
        return hash.equals(root);
    }

    private static Digest pair(Digest a, Digest b) {
        return a.compareTo(b) <= 0 ? Keccak256.hash(a.bytes(), b.bytes()) : Keccak256.hash(b.bytes(), a.bytes());
    }
}
