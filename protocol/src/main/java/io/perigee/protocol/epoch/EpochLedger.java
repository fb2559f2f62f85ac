package io.perigee.protocol.epoch;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import java.util.List;
import java.util.stream.IntStream;

/** All that a settler knows of an epoch: lines, tree and accounts, and whatever can be shown of them. */
public final class EpochLedger {
    private final EpochId id;
    private final Lines lines;
    private final LineTree tree;
    private final Accounts accounts;

    private EpochLedger(EpochId id, Lines lines, LineTree tree, Accounts accounts) {
        this.id = id;
        this.lines = lines;
        this.tree = tree;
        this.accounts = accounts;
    }

    /** What follows from an epoch's lines. */
    public static EpochLedger of(EpochId id, Lines lines) {
        return new EpochLedger(id, lines, LineTree.of(lines), Accounts.of(lines));
    }

    /** The same lines beside accounts that were posted with them, true or not: so that a false epoch can be accused. */
    public static EpochLedger posted(EpochId id, Lines lines, Accounts accounts) {
        return new EpochLedger(id, lines, LineTree.of(lines), accounts);
    }

    public EpochId id() {
        return id;
    }

    public Lines lines() {
        return lines;
    }

    public Accounts accounts() {
        return accounts;
    }

    public Content content() {
        return new Content(tree.root(), lines.count(), accounts.hash());
    }

    public List<Digest> proof(int index) {
        return tree.proof(index);
    }

    /** Lines {@code from} to before {@code end}. */
    public Stretch stretch(int from, int end) {
        return new Stretch(from, lines.range(from, end), proofs(IntStream.range(from, end)));
    }

    /** All lines of an order and the one on each side of them; where it has none, the two between which they would stand. */
    public Stretch stretchOf(Address builder, Digest orderHash) {
        int first = lines.firstOf(builder, orderHash);
        int end = lines.endOf(first, builder, orderHash);
        return stretch(Math.max(0, first - 1), Math.min(lines.count(), end + 1));
    }

    /** True when a line pays under this order. */
    public boolean pays(Address builder, Digest orderHash) {
        int first = lines.firstOf(builder, orderHash);
        return lines.endOf(first, builder, orderHash) > first;
    }

    /** These lines, which must be in ascending order. */
    public Scattered scattered(List<Integer> indices) {
        return new Scattered(
                indices,
                indices.stream().map(lines::line).toList(),
                proofs(indices.stream().mapToInt(Integer::intValue)));
    }

    private List<Digest> proofs(IntStream indices) {
        return indices.boxed().flatMap(index -> proof(index).stream()).toList();
    }
}
