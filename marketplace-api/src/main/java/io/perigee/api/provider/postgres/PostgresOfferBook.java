package io.perigee.api.provider.postgres;

import io.perigee.api.persistence.postgres.Transactions;
import io.perigee.api.provider.OfferBook;
import io.perigee.market.matching.OfferView;
import io.perigee.protocol.rest.ProviderView;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;

@Singleton
final class PostgresOfferBook implements OfferBook {
    private static final int MOST = 1_000;

    private final Transactions transactions;

    PostgresOfferBook(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public Uni<List<OfferView>> live() {
        return transactions.run(LiveOffers::of);
    }

    @Override
    public Uni<List<ProviderView>> all() {
        return transactions.run(session -> session.createQuery(
                        "from AgentEntity order by online desc, seenAt desc, provider", AgentEntity.class)
                .setMaxResults(MOST)
                .getResultList()
                .map(found -> found.stream().map(AgentEntity::toView).toList()));
    }
}
