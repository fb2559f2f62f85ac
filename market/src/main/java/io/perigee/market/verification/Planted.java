package io.perigee.market.verification;

import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.result.Draw;

/**
 * A check whose answer the hub knows: a segment of a past job, verified by q owners and never published, given to an
 * auditor as any other. It is a real segment, so nothing tells it apart.
 *
 * @param published whether its leaf was ever opened to others; such a segment is worthless as a check
 */
public record Planted(Subject.Segment segment, Digest leaf, boolean published) {
    /** One audit in so many is planted: q = 5 %. */
    public static final int ONE_IN = 20;

    public Planted {
        if (published) {
            throw new IllegalArgumentException(
                    "Expected to plant a segment never published, but got border " + segment.border());
        }
    }

    /** Whether this audit brings a planted check with it; anybody can derive it once the secret is open. */
    public static boolean due(Digest seed) {
        return Draw.number(seed, -1, ONE_IN) == 0;
    }

    /** Whether an auditor has passed. */
    public boolean passedBy(Digest answer) {
        return answer.equals(leaf);
    }

    /** What an auditor must have at stake so that honest work is worth more than a guess: S ≥ c / q. */
    public static Amount auditorStake(Amount costOfOneSegment) {
        return costOfOneSegment.times(ONE_IN);
    }
}
