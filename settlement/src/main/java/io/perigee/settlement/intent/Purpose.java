package io.perigee.settlement.intent;

import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.id.JobId;

/**
 * Why a transaction is sent. A purpose is a key: whatever asks for it, and however often, there is one intent for it.
 *
 * @param key "direct:", "collect:" or "carry:" and the job's id; a part that others went on from adds ":1", the next ":2",
 *     and a second round of collecting ":2", and so on; or
 *     "epoch:", the token, the epoch's number, and what is done with it
 */
public record Purpose(String key) {
    private static final String EPOCH = "epoch:";
    private static final String ANSWER = ":answer:";
    private static final String POST = ":post";
    private static final String COLLECT = "collect:";

    /** What is signed first when not everything can be. The ranks are stored; they never change. */
    public enum Urgency {
        /** A silence costs the settler's bond, and all epochs of its book. */
        ANSWER(0),
        /** An epoch that is late is void for everybody in it. */
        EPOCH(1),
        /** Evidence of one job; the contract takes it for windows. */
        EVIDENCE(2),
        /** The contract keeps what is not collected for as long as it takes. */
        COLLECTION(3);

        private final int rank;

        Urgency(int rank) {
            this.rank = rank;
        }

        /** The smallest goes first. */
        int rank() {
            return rank;
        }
    }

    public static Purpose direct(JobId job) {
        return new Purpose("direct:" + job);
    }

    /** @param part counts the parts before the last from 1 */
    public static Purpose direct(JobId job, int part) {
        return new Purpose("direct:" + job + ":" + part);
    }

    public static Purpose collect(JobId job, int round) {
        return new Purpose(round == 1 ? COLLECT + job : COLLECT + job + ":" + round);
    }

    /** Writes what an epoch paid of the job, or that it paid nothing, into the escrow's records. */
    public static Purpose carry(JobId job) {
        return new Purpose("carry:" + job);
    }

    public static Purpose post(EpochId epoch) {
        return of(epoch, POST.substring(1));
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

    public Urgency urgency() {
        if (key.startsWith(EPOCH)) {
            return key.contains(ANSWER) ? Urgency.ANSWER : Urgency.EPOCH;
        }
        return key.startsWith(COLLECT) ? Urgency.COLLECTION : Urgency.EVIDENCE;
    }

    /**
     * False where to give it up would cost people their money for good: nothing else settles an epoch that is posted, and
     * an answer that does not come costs the settler's bond.
     */
    public boolean mayBeGivenUp() {
        return !key.startsWith(EPOCH) || key.endsWith(POST);
    }

    private static Purpose of(EpochId epoch, String what) {
        return new Purpose((EPOCH + "%s:%d:%s").formatted(epoch.token(), epoch.number(), what));
    }

    @Override
    public String toString() {
        return key;
    }
}
