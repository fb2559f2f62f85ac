package io.perigee.cli.settlement;

import io.perigee.cli.ethereum.Directs.Shown;
import io.perigee.protocol.id.Amount;
import java.time.Instant;

/**
 * How one run stands on its way to its money without the hub.
 *
 * @param from when the escrow takes it at the earliest
 * @param until when it takes it no more
 * @param earned what the seal that is shown comes to
 * @param paid what was reserved or paid for the run already
 * @param opened how many runs with its answer stand on chain
 */
record Exit(
        Shown shown, State state, Instant from, Instant until, Amount earned, Amount paid, int opened, String note) {
    /** What may be done with it. */
    enum State {
        /** All that it earns is reserved or paid. */
        PAID,
        /** It may be opened now. */
        READY,
        /** An auditor's: paid together with the run that it signed for. */
        SIGNED,
        /** Opened; it waits for others who agree. */
        OPENED,
        /** Neither receipt nor record, and there is time: its commitment is recorded on chain first. */
        UNRECORDED,
        /** Its time has not come. */
        EARLY,
        /** An epoch may still pay its order, or has. */
        IN_EPOCH,
        /** Neither receipt nor record in time. */
        LOST,
        /** Its time is over. */
        OVER
    }

    Exit noted(String other) {
        return new Exit(shown, state, from, until, earned, paid, opened, other);
    }

    /** What is not reserved or paid of it. */
    Amount due() {
        return earned.minus(paid);
    }

    /** True while something may still come of it by itself or by another try. */
    boolean open() {
        return switch (state) {
            case READY, SIGNED, OPENED, UNRECORDED, EARLY, IN_EPOCH -> true;
            case PAID, LOST, OVER -> false;
        };
    }

    /** An order marked direct with the hub's receipt may be shown with its quorum before the deadline. */
    boolean countsForQuorum() {
        return state == State.READY
                || state == State.SIGNED
                || (state == State.EARLY
                        && shown.run().order().direct()
                        && (shown.seal().receipted() || shown.run().audits()));
    }
}
