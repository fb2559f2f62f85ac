package io.perigee.api.projection.postgres;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.fact.EpochChanged;

/** The rows of epochs: each as its last fact says. */
final class EpochRows {
    private EpochRows() {}

    static void changed(Tx tx, EpochChanged fact) {
        tx.execute(
                """
        insert into epoch (hub, token, number, root, count, debits, credits, state, transaction, file)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (hub, token, number) do update
        set root = excluded.root, count = excluded.count, debits = excluded.debits, credits = excluded.credits,
            state = excluded.state, transaction = excluded.transaction, file = excluded.file
        """,
                fact.hub().value(),
                fact.token().value(),
                fact.number(),
                fact.root().value(),
                fact.count(),
                fact.debits().value(),
                fact.credits().value(),
                fact.state().name(),
                fact.transaction(),
                fact.file().value());
    }
}
