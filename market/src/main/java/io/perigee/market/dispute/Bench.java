package io.perigee.market.dispute;

import io.perigee.protocol.id.Digest;
import java.util.List;

/**
 * The judges of one court: distinct owners of the class, drawn by stake, who each re-run the one segment and vote by
 * commit and reveal. Whoever holds a share f of the stake reaches the threshold alone with the binomial tail: for f =
 * 20 % that is 0.67 % of first and 0.03 % of second courts, where two of three would be 10 %.
 */
public enum Bench {
    FIRST(5, 4),
    SECOND(9, 7);

    private final int judges;
    private final int needed;

    Bench(int judges, int needed) {
        this.judges = judges;
        this.needed = needed;
    }

    /** What a court came to. */
    public enum Ruling {
        /** The first of the two is right; the second loses its stake. */
        FOR_ONE,
        FOR_OTHER,
        /** A larger court is asked. */
        APPEAL,
        /** Pays up to the last undisputed border, refunds the rest, slashes nobody. */
        NOBODY
    }

    public int judges() {
        return judges;
    }

    /** How many must say the same to take a stake. */
    public int needed() {
        return needed;
    }

    /** Counts the leaves that judges got; a judge that stayed silent is not among them and is replaced. */
    public Ruling ruling(Digest one, Digest other, List<Digest> leaves) {
        if (leaves.stream().filter(one::equals).count() >= needed) {
            return Ruling.FOR_ONE;
        }
        if (leaves.stream().filter(other::equals).count() >= needed) {
            return Ruling.FOR_OTHER;
        }
        return this == FIRST ? Ruling.APPEAL : Ruling.NOBODY;
    }
}
