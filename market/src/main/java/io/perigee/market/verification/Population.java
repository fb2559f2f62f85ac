package io.perigee.market.verification;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.NumericClass;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Who stands behind a numeric class. Below the floor a difference of bits can cost the pay and bring one more replica,
 * never the stake: otherwise a private class, whose members alone know how to get its bits, would burn strangers.
 *
 * @param stakes of the owners that offer the class
 * @param equalPairs segments that two owners of the class ran to equal leaves
 * @param unexplained segments on which two owners differed and no verdict named the one who was wrong
 */
public record Population(Digest numericClass, Map<Address, Amount> stakes, int equalPairs, int unexplained) {
    public static final int OWNERS = 20;
    public static final int LARGEST_SHARE = 10;
    public static final int EQUAL_PAIRS = 200;

    public Population {
        stakes = Map.copyOf(stakes);
    }

    /** Whether a difference of bits may cost a stake: in the strict class always, elsewhere above the floor, and never where no class is claimed. */
    public boolean bindsStake() {
        return numericClass.equals(NumericClass.STRICT) || (!numericClass.isZero() && certified() && populated());
    }

    /**
     * Whether bits are compared at all: 200 pairs were equal, and 200 more for each that differed without a reason. So a
     * class recovers by work that agrees, and one split court, which a few friends among many judges can bring about,
     * shields nobody in a class that has proven itself for long.
     */
    public boolean certified() {
        return equalPairs / EQUAL_PAIRS > unexplained;
    }

    /**
     * Whether a job that names no class is placed in such a class and in no smaller one of its image. Above the floor it
     * is, and whoever wants the choice open cannot bring that about: owners with more than a tenth are left out and not
     * held against the others, and so is what differed.
     */
    public boolean isPeopled() {
        return equalPairs >= EQUAL_PAIRS && ownersBesideTheLarge() >= OWNERS;
    }

    private int ownersBesideTheLarge() {
        var total = total();
        var left = owners();
        for (var stake : staked().sorted(Comparator.reverseOrder()).toList()) {
            if (total.covers(stake.times(LARGEST_SHARE))) {
                return left;
            }
            total = total.minus(stake);
            left--;
        }
        return left;
    }

    private boolean populated() {
        var total = total();
        return owners() >= OWNERS && staked().allMatch(stake -> total.covers(stake.times(LARGEST_SHARE)));
    }

    /** Owners that have anything to lose. */
    public int owners() {
        return (int) staked().count();
    }

    /** What the largest of them has of all they have, in percent, rounded up. */
    public int largestShare() {
        var total = total();
        return total.isZero()
                ? 0
                : staked().max(Amount::compareTo)
                        .map(largest ->
                                largest.times(100).value().add(total.value()).subtract(BigInteger.ONE))
                        .map(scaled -> scaled.divide(total.value()).intValueExact())
                        .orElse(0);
    }

    private Amount total() {
        return staked().reduce(Amount.ZERO, Amount::plus);
    }

    private Stream<Amount> staked() {
        return stakes.values().stream().filter(stake -> !stake.isZero());
    }
}
