package io.perigee.api.session.postgres;

import io.perigee.api.persistence.postgres.Transactions;
import io.perigee.api.session.Caller;
import io.perigee.api.session.SessionBook;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.ProviderId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.Optional;

@Singleton
final class PostgresSessionBook implements SessionBook {
    private static final String BUILDER = "builder";
    private static final String PROVIDER = "provider";

    private final Transactions transactions;

    PostgresSessionBook(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public Uni<Void> remember(Pending challenge) {
        var entity = new ChallengeEntity();
        entity.nonce = challenge.nonce();
        entity.address = challenge.address().value();
        entity.expiresAt = challenge.expiresAt();
        return transactions.run(session -> session.persist(entity));
    }

    @Override
    public Uni<Optional<Pending>> take(String nonce) {
        return transactions.run(session -> session.find(ChallengeEntity.class, nonce, LockModeType.PESSIMISTIC_WRITE)
                .chain(found -> found == null
                        ? Uni.createFrom().item(Optional.empty())
                        : session.remove(found)
                                .replaceWith(Optional.of(
                                        new Pending(found.nonce, new Address(found.address), found.expiresAt)))));
    }

    @Override
    public Uni<Void> open(String tokenHash, Caller caller, Instant now, Instant expiresAt) {
        var entity = new SessionEntity();
        entity.tokenHash = tokenHash;
        entity.kind = switch (caller) {
            case Caller.Builder _ -> BUILDER;
            case Caller.Agent _ -> PROVIDER;
        };
        entity.subject = caller.subject();
        entity.createdAt = now;
        entity.expiresAt = expiresAt;
        return transactions.run(session -> session.persist(entity));
    }

    @Override
    public Uni<Optional<Open>> find(String tokenHash) {
        return transactions.run(session -> session.find(SessionEntity.class, tokenHash)
                .map(found ->
                        found == null ? Optional.empty() : Optional.of(new Open(caller(found), found.expiresAt))));
    }

    private static Caller caller(SessionEntity entity) {
        return entity.kind.equals(BUILDER)
                ? new Caller.Builder(new Address(entity.subject))
                : new Caller.Agent(new ProviderId(entity.subject));
    }
}
