package io.perigee.market.lifecycle;

import io.perigee.market.reputation.Field;
import io.perigee.market.reputation.Reputation;
import io.perigee.market.verification.AuditDepth;
import io.perigee.protocol.id.Address;
import java.util.List;

/** Two owners that got other bits of the same work, and nobody said which of them is wrong. */
public record Difference(Field one, Field other) {

    public List<Address> owners() {
        return List.of(one.owner(), other.owner());
    }

    /**
     * Whether its class answers for it. Two friends can differ as often as they like, and one of them from everybody whom a
     * spec lets in: so only who has shown something counts, and an owner once.
     *
     * @param isNew whether neither has been in one that counted
     */
    public static boolean counts(Reputation one, Reputation other, boolean isNew) {
        return isNew
                && one.verified() >= AuditDepth.JOBS_TO_BE_KNOWN
                && other.verified() >= AuditDepth.JOBS_TO_BE_KNOWN;
    }
}
