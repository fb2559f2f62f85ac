package io.perigee.protocol.result;

import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Digest;

/**
 * What a seal hides.
 *
 * @param root Merkle root over the leaves after fromBorder up to the border; 0 for a job without segments
 * @param leafCount how many leaves are under the root
 * @param outputDigest digest of the outputs' manifest; 0 for a prefix
 * @param salt keeps equal results from having equal seals
 */
public record Opening(Digest root, int leafCount, Digest outputDigest, Digest salt) {
    public Opening {
        if (leafCount < 0) {
            throw InvalidValue.reading("leafCount", Integer.toString(leafCount), "it is negative");
        }
    }

    /** Whether two openings for the same borders say the same result. */
    public boolean agreesWith(Opening other) {
        return root.equals(other.root) && leafCount == other.leafCount && outputDigest.equals(other.outputDigest);
    }
}
