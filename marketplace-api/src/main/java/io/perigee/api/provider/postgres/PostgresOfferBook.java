package io.perigee.api.provider.postgres;

import io.perigee.api.persistence.postgres.Transactions;
import io.perigee.api.provider.KnownOffers;
import io.perigee.api.provider.OfferBook;
import io.perigee.protocol.rest.ProviderView;
import io.perigee.protocol.spec.JobSpec;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

@Singleton
final class PostgresOfferBook implements OfferBook {
    private static final int MOST = 1_000;

    private final Transactions transactions;
    private final OfferTexts texts = new OfferTexts();

    PostgresOfferBook(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public Uni<KnownOffers> live(Collection<JobSpec> specs, Instant now) {
        return transactions.reading(tx -> LiveOffers.known(tx, LiveOffers.of(tx, texts, now), specs, now));
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
