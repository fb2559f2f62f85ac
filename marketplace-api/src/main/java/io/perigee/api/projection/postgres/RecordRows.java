package io.perigee.api.projection.postgres;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.fact.OrderOutcomeNoted;
import io.perigee.protocol.fact.OutcomeNoted;
import io.perigee.protocol.fact.PairsCounted;
import io.perigee.protocol.fact.RecordFact;

/** The rows of records: one for each run, order and job that said something, each as it was last told. */
final class RecordRows {
    private RecordRows() {}

    static void noted(Tx tx, RecordFact fact) {
        switch (fact) {
            case OutcomeNoted noted ->
                tx.later(
                        """
              insert into outcome (job, attempt, owner, numeric_class, image_family, kind, at)
              values ($1, $2, $3, $4, $5, $6, $7)
              on conflict (job, attempt) do update set kind = excluded.kind
              """,
                        noted.jobId().value(),
                        noted.attempt(),
                        noted.owner().value(),
                        noted.numericClass().value(),
                        noted.imageFamily(),
                        noted.kind(),
                        noted.at());
            case OrderOutcomeNoted noted ->
                tx.later(
                        "insert into order_outcome (job, builder, kind, at) values ($1, $2, $3, $4) on conflict do nothing",
                        noted.jobId().value(),
                        noted.builder().value(),
                        noted.kind(),
                        noted.at());
            case PairsCounted counted ->
                tx.later(
                        "insert into class_pairs (job, numeric_class, equal, unexplained) values ($1, $2, $3, $4)"
                                + " on conflict do nothing",
                        counted.jobId().value(),
                        counted.numericClass().value(),
                        counted.equal(),
                        counted.unexplained());
        }
    }
}
