package io.perigee.market.matching;

import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import java.util.List;

/**
 * Who can be chosen in a numeric class.
 *
 * @param onePerOwner of each owner what comes first, in order
 */
record Members(Digest numericClass, List<OfferView> onePerOwner) {
    Members {
        onePerOwner = List.copyOf(onePerOwner);
    }

    Amount stake() {
        return onePerOwner.stream().map(OfferView::freeStake).reduce(Amount.ZERO, Amount::plus);
    }
}
