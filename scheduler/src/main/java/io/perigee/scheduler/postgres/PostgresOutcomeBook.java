package io.perigee.scheduler.postgres;

import io.perigee.eventlog.postgres.Row;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.reputation.Field;
import io.perigee.market.reputation.Outcome;
import io.perigee.market.reputation.Reputation;
import io.perigee.protocol.id.JobId;
import io.perigee.scheduler.draw.OutcomeBook;
import java.time.Instant;

/** Reads {@code outcome}, which {@link PostgresJobBook} writes with the facts that end attempts. */
public final class PostgresOutcomeBook implements OutcomeBook {
    /** Older ones weigh next to nothing; a reputation never reads more. */
    private static final int MOST = 10_000;

    @Override
    public Reputation reputation(Tx tx, Field field, Instant now) {
        var outcomes = tx.query(
                        "SELECT job_id, attempt, kind, at FROM outcome"
                                + " WHERE owner = $1 AND numeric_class = $2 AND image_family = $3 ORDER BY at DESC LIMIT $4",
                        field.owner().value(),
                        field.numericClass().value(),
                        field.imageFamily(),
                        MOST)
                .stream()
                .map(PostgresOutcomeBook::outcome)
                .toList();
        return Reputation.of(outcomes, now);
    }

    private static Outcome outcome(Row row) {
        return new Outcome(
                new JobId(row.uuid("job_id")),
                row.integer("attempt"),
                Outcome.Kind.valueOf(row.string("kind")),
                row.instant("at"));
    }
}
