package io.perigee.settlement.intent;

import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.id.JobId;

/**
 * Why a transaction is sent. A purpose is a key: whatever asks for it, and however often, there is one intent for it.
 *
 * @param key "direct:", "collect:" or "carry:" and the job's id; a second round of collecting adds ":2", and so on; or
 *     "epoch:", the token, the epoch's number, and what is done with it
 */
public record Purpose(String key) {
    public static Purpose direct(JobId job) {
        return new Purpose("direct:" + job);
    }

    public static Purpose collect(JobId job, int round) {
        return new Purpose(round == 1 ? "collect:" + job : "collect:" + job + ":" + round);
    }

    /** Writes what an epoch paid of the job, or that it paid nothing, into the escrow's records. */
    public static Purpose carry(JobId job) {
        return new Purpose("carry:" + job);
    }

    public static Purpose post(EpochId epoch) {
        return of(epoch, "post");
    }

    public static Purpose settle(EpochId epoch) {
        return of(epoch, "settle");
    }

    /** @param place where the demand's event stands: the same thing may be demanded again once it was answered */
    public static Purpose answer(EpochId epoch, String place) {
        return of(epoch, "answer:" + place);
    }

    /** With what the purposes of all answers for an epoch begin. */
    public static String answers(EpochId epoch) {
        return answer(epoch, "").key();
    }

    /** Where the demand stands that this answers. */
    public String answered() {
        return key.substring(key.lastIndexOf(':') + 1);
    }

    private static Purpose of(EpochId epoch, String what) {
        return new Purpose("epoch:%s:%d:%s".formatted(epoch.token(), epoch.number(), what));
    }

    @Override
    public String toString() {
        return key;
    }
}
