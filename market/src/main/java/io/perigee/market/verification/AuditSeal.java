package io.perigee.market.verification;

import io.perigee.protocol.id.Digest;
import io.perigee.protocol.result.MerkleTree;
import io.perigee.protocol.result.Opening;
import io.perigee.protocol.result.Seal;
import java.util.List;
import java.util.Map;

/**
 * An auditor binds itself to its own answer first and only then is the provider's opened, so that there is nothing to
 * copy and nothing to nod at. It is an ordinary seal: a run of one segment has one leaf, which is its own root.
 */
public final class AuditSeal {
    private AuditSeal() {}

    /** What an auditor's seal over a segment hides. */
    public static Opening opening(Digest leaf, Digest salt) {
        return new Opening(MerkleTree.of(List.of(leaf)).root(), 1, Digest.ZERO, salt);
    }

    /** What an auditor's seal over the outputs hides. */
    public static Opening output(Digest outputDigest, Digest salt) {
        return new Opening(Digest.ZERO, 0, outputDigest, salt);
    }

    /** Whether an opening is the one that was sealed. */
    public static boolean holds(Digest seal, Digest assignmentHash, int border, Opening opening) {
        return Seal.of(assignmentHash, border, opening).equals(seal);
    }

    /** Openings are exchanged only once every subject of every auditor is sealed. */
    public static boolean mayOpen(List<AuditTask> tasks, Map<Integer, ? extends Map<Subject, Digest>> seals) {
        return tasks.stream()
                .allMatch(task -> seals.containsKey(task.auditor())
                        && seals.get(task.auditor()).keySet().containsAll(task.subjects()));
    }
}
