package io.perigee.settlement.intent;

import io.perigee.protocol.id.JobId;

/**
 * Why a transaction is sent. A purpose is a key: whatever asks for it, and however often, there is one intent for it.
 *
 * @param key "direct:" or "collect:" and the job's id; a second round of collecting adds ":2", and so on
 */
public record Purpose(String key) {
    public static Purpose direct(JobId job) {
        return new Purpose("direct:" + job);
    }

    public static Purpose collect(JobId job, int round) {
        return new Purpose(round == 1 ? "collect:" + job : "collect:" + job + ":" + round);
    }

    @Override
    public String toString() {
        return key;
    }
}
