package io.perigee.api.provider.postgres;

import io.perigee.api.persistence.Aside;
import io.perigee.api.persistence.postgres.Transactions;
import io.perigee.api.provider.KnownOffers;
import io.perigee.api.provider.OfferBook;
import io.perigee.api.provider.ProviderCursor;
import io.perigee.market.matching.OfferView;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.rest.ProviderView;
import io.perigee.protocol.spec.JobSpec;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.hibernate.reactive.mutiny.Mutiny;

@Singleton
final class PostgresOfferBook implements OfferBook {
    private static final String AFTER = "from AgentEntity where online = ?1 and provider > ?2 order by provider";

    private final Transactions transactions;
    private final PresentOffers present;

    PostgresOfferBook(Transactions transactions, PresentOffers present) {
        this.transactions = transactions;
        this.present = present;
    }

    @Override
    public Uni<KnownOffers> live(Collection<JobSpec> specs) {
        return Aside.of(() -> present.known(specs));
    }

    @Override
    public Uni<Optional<OfferView>> live(ProviderId provider) {
        return Aside.of(() -> present.live(provider));
    }

    @Override
    public Uni<List<ProviderView>> page(ProviderCursor after, int most) {
        return transactions.run(session -> after.online()
                ? after(session, after, most)
                        .chain(online -> online.size() == most
                                ? Uni.createFrom().item(online)
                                : after(session, new ProviderCursor(false, ""), most - online.size())
                                        .map(gone -> Stream.concat(online.stream(), gone.stream())
                                                .toList()))
                : after(session, after, most));
    }

    private static Uni<List<ProviderView>> after(Mutiny.Session session, ProviderCursor cursor, int most) {
        return session.createQuery(AFTER, AgentEntity.class)
                .setParameter(1, cursor.online())
                .setParameter(2, cursor.provider())
                .setMaxResults(most)
                .getResultList()
                .map(found -> found.stream().map(AgentEntity::toView).toList());
    }

    @Override
    public Uni<Optional<ProviderView>> find(ProviderId provider) {
        return transactions.run(session -> session.find(AgentEntity.class, provider.value())
                .map(found -> Optional.ofNullable(found).map(AgentEntity::toView)));
    }
}
