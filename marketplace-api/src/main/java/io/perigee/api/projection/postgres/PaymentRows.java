package io.perigee.api.projection.postgres;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.fact.Burn;
import io.perigee.protocol.fact.CreditsReserved;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.Payout;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.rest.JobState;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** What one job's rows say of its payment, while one fact is applied. */
final class PaymentRows {
    private final Tx tx;
    private final JobId job;
    private final Instant at;

    PaymentRows(Tx tx, JobId job, Instant at) {
        this.tx = tx;
        this.job = job;
        this.at = at;
    }

    void epoch(int number, @Nullable String transaction, Instant finalAt) {
        tx.later(
                "update job set epoch = $2, epoch_transaction = $3, epoch_final_at = $4, updated_at = $5 where id = $1",
                job.value(),
                number,
                transaction,
                finalAt,
                at);
    }

    void noEpoch() {
        tx.later(
                "update job set epoch = null, epoch_transaction = null, epoch_final_at = null, updated_at = $2 where id = $1",
                job.value(),
                at);
    }

    void transaction(String hash) {
        var known = tx.query("select transactions from job where id = $1", job.value())
                .getFirst()
                .string("transactions");
        var hashes = new ArrayList<String>();
        Json.parse(known.getBytes(StandardCharsets.UTF_8)).forEach(each -> hashes.add(each.asText()));
        if (!hashes.contains(hash)) {
            hashes.add(hash);
            tx.later(
                    "update job set transactions = $2, updated_at = $3 where id = $1",
                    job.value(),
                    Json.text(hashes),
                    at);
        }
    }

    void creditsReserved(CreditsReserved fact) {
        transaction(fact.txHash());
        tx.later("update job set state_until = $2, updated_at = $3 where id = $1", job.value(), fact.maturesAt(), at);
    }

    void settled(JobSettled fact) {
        fact.txHashes().forEach(this::transaction);
        var paid = fact.payouts().stream().map(Payout::amount).reduce(Amount.ZERO, Amount::plus);
        tx.later(
                "update job set state = $2, paid = $3, refunded = $4, state_until = null, updated_at = $5 where id = $1",
                job.value(),
                JobState.SETTLED.name(),
                paid.value(),
                fact.refunded().value(),
                at);
        for (var payout : fact.payouts()) {
            tx.later(
                    "update attempt set paid = $3, updated_at = $4 where job = $1 and number = $2",
                    job.value(),
                    payout.attempt(),
                    payout.amount().value(),
                    at);
        }
        for (Burn burn : fact.burns()) {
            tx.later(
                    "update attempt set detail = coalesce(detail || '; ', '') || $3::text, updated_at = $4 where job = $1 and number = $2",
                    job.value(),
                    burn.attempt(),
                    "bond of %s burned".formatted(burn.amount()),
                    at);
        }
    }
}
