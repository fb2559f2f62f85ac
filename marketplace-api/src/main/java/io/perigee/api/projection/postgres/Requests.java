package io.perigee.api.projection.postgres;

import io.perigee.eventlog.postgres.Row;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.fact.CheckpointRequested;
import io.perigee.protocol.fact.CheckpointServed;
import io.perigee.protocol.fact.RevealRequested;
import io.perigee.protocol.fact.VerdictRequested;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.message.Domain;
import java.time.Instant;
import java.util.function.Function;

/** What the providers of a job are asked for: said at every connection until it is answered or the attempt is over. */
final class Requests {
    private final Tx tx;
    private final JobId job;
    private final Instant at;
    private final Domain domain;

    Requests(Tx tx, JobId job, Instant at, Domain domain) {
        this.tx = tx;
        this.job = job;
        this.at = at;
        this.domain = domain;
    }

    void reveal(RevealRequested fact) {
        Deliveries.reopenReceipt(tx, attempt(fact.attempt()).string("assignment_hash"), fact.border());
        ask(
                fact.attempt(),
                Deliveries.REVEAL_REQUEST,
                fact.border(),
                hash -> new HubMessage.RevealRequest(job, hash, fact.border(), fact.reason()));
    }

    void checkpoint(CheckpointRequested fact) {
        ask(
                fact.attempt(),
                Deliveries.CHECKPOINT_REQUEST,
                fact.border(),
                hash -> new HubMessage.CheckpointRequest(job, hash, fact.border(), fact.by()));
    }

    void checkpointServed(CheckpointServed fact) {
        Deliveries.awaitReceipt(tx, attempt(fact.attempt()).string("assignment_hash"), fact.border());
        answered(fact.attempt(), Deliveries.CHECKPOINT_REQUEST, fact.border());
    }

    void verdict(VerdictRequested fact) {
        var attempt = attempt(fact.attempt());
        var hash = new Digest(attempt.string("assignment_hash"));
        Deliveries.openVerdict(
                tx,
                attempt.string("provider"),
                job,
                hash,
                fact.commitment().digest(domain),
                new HubMessage.VerdictRequest(job, hash, fact.commitment(), fact.opening(), fact.segments()),
                at);
    }

    void verdictGiven(int attempt) {
        Deliveries.closeVerdicts(tx, attempt(attempt).string("assignment_hash"));
    }

    /** The provider gave what it was asked for about a border. */
    void answered(int attempt, String kind, int border) {
        Deliveries.close(tx, attempt(attempt).string("assignment_hash"), kind, border);
    }

    private void ask(int number, String kind, int border, Function<Digest, HubMessage> words) {
        var attempt = attempt(number);
        var hash = new Digest(attempt.string("assignment_hash"));
        Deliveries.open(tx, attempt.string("provider"), job, hash, kind, border, words.apply(hash), at);
    }

    private Row attempt(int number) {
        return tx.queryOne(
                        "select provider, assignment_hash from attempt where job = $1 and number = $2",
                        job.value(),
                        number)
                .orElseThrow(() -> new IllegalStateException("a request to an attempt that is not here"));
    }
}
