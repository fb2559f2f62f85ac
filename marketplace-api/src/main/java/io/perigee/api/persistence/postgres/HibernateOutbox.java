package io.perigee.api.persistence.postgres;

import io.perigee.eventlog.Topics;
import io.perigee.eventlog.postgres.Outbox;
import io.perigee.protocol.fact.Envelope;
import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

/** Appends to the outbox in a Hibernate Reactive transaction. */
public final class HibernateOutbox {
    private static final String INSERT = Outbox.INSERT.replace('$', '?') + " on conflict (envelope_id) do nothing";

    private HibernateOutbox() {}

    /** Appends a record that may be there already; it is said once. */
    public static Uni<Void> appendOnce(Mutiny.Session session, Envelope envelope) {
        return session.createNativeQuery(INSERT)
                .setParameter(1, envelope.id())
                .setParameter(2, Topics.of(envelope))
                .setParameter(3, envelope.key())
                .setParameter(4, envelope.toJson())
                .executeUpdate()
                .replaceWithVoid();
    }
}
