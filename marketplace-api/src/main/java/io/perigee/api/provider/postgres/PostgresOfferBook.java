package io.perigee.api.provider.postgres;

import io.perigee.api.persistence.Aside;
import io.perigee.api.persistence.postgres.Transactions;
import io.perigee.api.provider.KnownOffers;
import io.perigee.api.provider.OfferBook;
import io.perigee.eventlog.postgres.Database;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.rest.ProviderView;
import io.perigee.protocol.spec.JobSpec;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

@Singleton
final class PostgresOfferBook implements OfferBook {
    private static final int MOST = 1_000;

    private final Transactions transactions;
    private final Database database;
    private final PresentOffers present;

    PostgresOfferBook(Transactions transactions, Database database, PresentOffers present) {
        this.transactions = transactions;
        this.database = database;
        this.present = present;
    }

    @Override
    public Uni<KnownOffers> live(Collection<JobSpec> specs, Instant now) {
        return Aside.of(() -> {
            // takes a connection of its own, if any: not while another is held
            var live = present.live();
            return database.reading(tx -> present.known(tx, live, specs, now));
        });
    }

    @Override
    public Uni<List<ProviderView>> all() {
        return transactions.run(session -> session.createQuery(
                        "from AgentEntity order by online desc, seenAt desc, provider", AgentEntity.class)
                .setMaxResults(MOST)
                .getResultList()
                .map(found -> found.stream().map(AgentEntity::toView).toList()));
    }

    @Override
    public Uni<Optional<ProviderView>> find(ProviderId provider) {
        return transactions.run(session -> session.find(AgentEntity.class, provider.value())
                .map(found -> Optional.ofNullable(found).map(AgentEntity::toView)));
    }
}
