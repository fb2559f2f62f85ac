package io.perigee.settlement.epoch;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.message.JobOrder;
import io.perigee.settlement.testing.Market;
import java.time.Instant;

/** Rows as the service's other parts would have written them. */
final class Rows {
    private Rows() {}

    static void reserved(Tx tx, JobId job, JobOrder order, Digest orderHash) {
        tx.execute(
                """
        INSERT INTO reservation (job_id, order_hash, builder, hub, token, maximum, deadline, order_json, order_signature,
          state, wait_until, trace)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'OPEN', $7, '')""",
                job.value(),
                orderHash.value(),
                order.builder().value(),
                order.hub().value(),
                order.token().value(),
                order.maxPayment().value(),
                Instant.ofEpochSecond(order.deadline()),
                Json.text(order),
                Market.key("builder").sign(orderHash).value());
    }

    static void owed(Tx tx, JobId job, Digest orderHash, Address token, int epoch, String state, Instant directAt) {
        tx.execute("""
        INSERT INTO payout (job_id, order_hash, state, token, epoch, direct_at, trace, updated_at, looked_at)
        VALUES ($1, $2, $3, $4, $5, $6, '', $6, $6)""", job.value(), orderHash.value(), state, token.value(), epoch, directAt);
    }

    static void line(Tx tx, JobId job, Digest assignmentHash, long amount) {
        tx.execute(
                "INSERT INTO payout_line (job_id, assignment_hash, owner, amount) VALUES ($1, $2, $3, $4::bigint)",
                job.value(),
                assignmentHash.value(),
                Market.key("owner").address().value(),
                amount);
    }

    static void block(Tx tx, long number, Instant time) {
        tx.execute(
                "INSERT INTO chain_block (number, hash, parent, time) VALUES ($1, $2, $3, $4)",
                number,
                Market.word("block " + number).value(),
                Market.word("block " + (number - 1)).value(),
                time);
    }

    static String stateOf(Tx tx, JobId job) {
        return tx.queryOne("SELECT state FROM payout WHERE job_id = $1", job.value())
                .orElseThrow()
                .string("state");
    }
}
