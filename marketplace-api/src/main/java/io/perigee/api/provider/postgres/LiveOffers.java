package io.perigee.api.provider.postgres;

import io.perigee.market.matching.OfferView;
import io.perigee.market.matching.Standing;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.offer.Offer;
import io.smallrye.mutiny.Uni;
import java.math.BigDecimal;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;

/** The offers of this moment, for whoever has a session open already. */
public final class LiveOffers {
    private static final int MOST = 5_000;

    /** Sums what is held once for all, and not once for each offer, whatever the planner believes about the tables. */
    private static final String SQL = """
      with risked as materialized (
        select t.owner, sum(t.bond) as bonds from attempt t
        where t.state in ('ASSIGNED', 'RUNNING', 'COMMITTED', 'REVEALED') group by t.owner),
      used as materialized (
        select t.provider, count(*) as slots, sum(t.gpus) as gpus from attempt t
        where t.state in ('ASSIGNED', 'RUNNING') group by t.provider)
      select a.provider, a.owner, a.session_key, a.session_key_signature, a.offer,
             coalesce(s.amount, 0) - coalesce(risked.bonds, 0) as free_stake,
             coalesce(used.slots, 0) as used_slots, coalesce(used.gpus, 0) as used_gpus
      from agent a
      left join stake s on s.owner = a.owner
      left join risked on risked.owner = a.owner
      left join used on used.provider = a.provider
      where a.online order by a.provider
      """;

    private static final Decimal NO_REPUTATION = new Decimal("0");

    private LiveOffers() {}

    public static Uni<List<OfferView>> of(Mutiny.Session session) {
        return session.createNativeQuery(SQL, Object[].class)
                .setMaxResults(MOST)
                .getResultList()
                .map(rows -> rows.stream().map(LiveOffers::view).toList());
    }

    private static OfferView view(Object[] row) {
        return new OfferView(
                new ProviderId((String) row[0]),
                new Address((String) row[1]),
                Json.read((String) row[2], SessionKey.class),
                Signature.parse((String) row[3]),
                Json.read((String) row[4], Offer.class),
                new Amount(((BigDecimal) row[5]).max(BigDecimal.ZERO).toBigIntegerExact()),
                ((Number) row[6]).intValue(),
                ((Number) row[7]).intValue(),
                NO_REPUTATION,
                // the gateway asked the chain when the agent logged in; matching asks the confirmed block
                Standing.GOOD);
    }
}
