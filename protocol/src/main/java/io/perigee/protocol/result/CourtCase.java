package io.perigee.protocol.result;

import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.SpecHash;
import io.perigee.protocol.spec.SpecLimits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a court is asked about one segment of one run: {@code case.json} of a case directory. Nobody who hands it on need be
 * trusted: order, spec and leaves hash to what the dispute on chain names.
 *
 * @param version {@link #VERSION}
 * @param spec the order's
 * @param run the accused's, with the one seal that it is accused by
 * @param leaves all that are under that seal's root, by border
 * @param border where the segment ends
 * @param claimed what the accuser comes to there; null in a case that is still being made, and where it says that the segment
 *     cannot be run
 */
public record CourtCase(
        int version,
        JobSpec spec,
        KeptEvidence run,
        List<SegmentHashes> leaves,
        int border,
        @Nullable SegmentHashes claimed) {
    public static final int VERSION = 1;

    /**
     * What judges vote, and accusers claim, where the segment cannot be run: its image exits with 64 or 65. No run has this
     * leaf, as a leaf is the hash of a border's digests; so enough who come to it condemn whatever was sealed there.
     */
    public static final Digest CANNOT_BE_RUN =
            Keccak256.hash("perigee: this segment cannot be run".getBytes(StandardCharsets.US_ASCII));

    public CourtCase {
        leaves = List.copyOf(leaves);
        if (version != VERSION) {
            throw InvalidValue.reading("version", Integer.toString(version), "only 1 is known");
        }
        if (run.seals().size() != 1) {
            throw InvalidValue.reading("run", run.seals().size() + " seals", "a run is accused by one of them");
        }
        requireSpec(spec, run);
        requireLeaves(leaves, run);
        requireBorder(border, run);
        if (claimed != null
                && (claimed.border() != border
                        || leaf(claimed, run).equals(leaf(leaves.get(place(border, run)), run)))) {
            throw InvalidValue.reading(
                    "claimed", leaf(claimed, run).value(), "it is of another border, or the very leaf that is accused");
        }
    }

    /** The same with what the accuser comes to. */
    public CourtCase claiming(SegmentHashes found) {
        return new CourtCase(version, spec, run, leaves, border, found);
    }

    public KeptSeal seal() {
        return run.furthest();
    }

    /** What the run says of the border. */
    public SegmentHashes accused() {
        return leaves.get(place(border, run));
    }

    /** Where the segment begins; empty for the job's first, which begins where the spec says. */
    public Optional<SegmentHashes> prior() {
        return border == 1 ? Optional.empty() : Optional.of(leaves.get(place(border - 1, run)));
    }

    public Digest accusedLeaf() {
        return leaf(accused(), run);
    }

    /** As the court names it: zero for the job's first segment. */
    public Digest priorLeaf() {
        return prior().map(hashes -> leaf(hashes, run)).orElse(Digest.ZERO);
    }

    /** Empty in a case that is still being made. */
    public Optional<Digest> claimedLeaf() {
        return Optional.ofNullable(claimed).map(hashes -> leaf(hashes, run));
    }

    /** The leaf that files of this case's border have. */
    public Digest leaf(SegmentHashes hashes) {
        return leaf(hashes, run);
    }

    /** The way from a leaf of the run up to its root. */
    public List<Digest> proof(SegmentHashes hashes) {
        return tree(leaves, run).proof(leaf(hashes, run));
    }

    private static void requireSpec(JobSpec spec, KeptEvidence run) {
        if (!run.orderHash().equals(run.assignment().orderHash())) {
            throw InvalidValue.reading(
                    "order",
                    run.orderHash().value(),
                    "the run was assigned under " + run.assignment().orderHash());
        }
        var hash = SpecHash.of(spec);
        if (!hash.equals(run.order().specHash())
                || spec.borders() != run.order().segments()) {
            throw InvalidValue.reading(
                    "spec", hash.value(), "the order names " + run.order().specHash());
        }
    }

    private static void requireLeaves(List<SegmentHashes> leaves, KeptEvidence run) {
        int from = run.assignment().fromBorder();
        int to = run.furthest().border();
        boolean whole = !leaves.isEmpty() && leaves.size() <= SpecLimits.BORDERS && leaves.size() == to - from;
        for (int i = 0; i < leaves.size() && whole; i++) {
            whole = leaves.get(i).border() == from + 1 + i;
        }
        if (!whole) {
            throw InvalidValue.reading(
                    "leaves",
                    leaves.size() + " of them",
                    "the run has one for each border from %d to %d".formatted(from + 1, to));
        }
        var tree = tree(leaves, run);
        var opening = run.furthest().opening();
        if (!tree.root().equals(opening.root()) || tree.leafCount() != opening.leafCount()) {
            throw InvalidValue.reading(
                    "leaves",
                    tree.root().value(),
                    "the run's root is %s over %d".formatted(opening.root(), opening.leafCount()));
        }
    }

    private static void requireBorder(int border, KeptEvidence run) {
        int from = run.assignment().fromBorder();
        if (border <= from || border > run.furthest().border()) {
            throw InvalidValue.reading(
                    "border",
                    Integer.toString(border),
                    "the run answers for %d to %d"
                            .formatted(from + 1, run.furthest().border()));
        }
        if (border == from + 1 && from > 0) {
            throw InvalidValue.reading(
                    "border",
                    Integer.toString(border),
                    "the run went on from another's checkpoint there, which its own root does not hold");
        }
    }

    private static int place(int border, KeptEvidence run) {
        return border - run.assignment().fromBorder() - 1;
    }

    private static Digest leaf(SegmentHashes hashes, KeptEvidence run) {
        return hashes.leaf(run.assignment().orderHash());
    }

    private static MerkleTree tree(List<SegmentHashes> leaves, KeptEvidence run) {
        return MerkleTree.of(leaves.stream().map(hashes -> leaf(hashes, run)).toList());
    }
}
