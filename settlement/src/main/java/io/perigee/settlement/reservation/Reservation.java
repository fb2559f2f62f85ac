package io.perigee.settlement.reservation;

import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.JobOrder;
import java.time.Instant;

/** A promise out of an allotment: the order's maximum until the job is settled, then what the order can still cost. */
public record Reservation(
        JobId job,
        Digest orderHash,
        JobOrder order,
        Signature orderSignature,
        State state,
        Instant waitUntil,
        String trace) {

    /** The names are stored; they never change. */
    public enum State {
        /** The confirmed allotment does not cover it yet; the head of the chain is looked at. */
        WAITING,
        OPEN,
        /** Settled, but the contract still takes releases for its assignments. */
        KEPT,
        REFUSED,
        RELEASED
    }

    public Allotments.Key key() {
        return new Allotments.Key(order.builder(), order.hub(), order.token());
    }

    public Amount maximum() {
        return order.maxPayment();
    }
}
