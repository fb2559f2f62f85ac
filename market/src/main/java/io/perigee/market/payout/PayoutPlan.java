package io.perigee.market.payout;

import io.perigee.protocol.fact.Burn;
import io.perigee.protocol.fact.Payout;
import io.perigee.protocol.id.Amount;
import java.util.List;

/**
 * Who gets what.
 *
 * @param payouts to the owners; the chain may name another payee
 * @param burns bonds of those who contradicted, at most: the contract takes no more than is staked
 * @param refunded what of the reservation the builder keeps
 */
public record PayoutPlan(List<Payout> payouts, List<Burn> burns, Amount paid, Amount refunded) {
    public PayoutPlan {
        payouts = List.copyOf(payouts);
        burns = List.copyOf(burns);
    }
}
