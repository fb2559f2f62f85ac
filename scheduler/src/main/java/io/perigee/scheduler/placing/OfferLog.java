package io.perigee.scheduler.placing;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.matching.OfferChange;
import io.perigee.market.matching.OfferView;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ProviderId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The book of offers as a numbered series of changes. One writer at a time: whoever holds the lock of matching. */
public interface OfferLog {
    /**
     * What changed in the tables since the log was last brought up to date, as it is now.
     *
     * @param offers empty for a provider that is not online
     * @param stakes what owners have free now
     * @param seen to be noted when it is in the log
     */
    record Fresh(Map<ProviderId, Optional<OfferView>> offers, Map<Address, Amount> stakes, String seen) {}

    /** Takes the lock of matching until the transaction ends, and reads the number of the last change. */
    long lock(Tx tx);

    /** All changes after a number, in order. From 0 only the last about each offer, use and stake, which give the same book. */
    List<OfferChange> after(Tx tx, long version);

    /** The book as it stood at a number. */
    List<OfferChange> upTo(Tx tx, long version);

    /** The first number up to here whose digest does not follow from what it says and from all before it. */
    Optional<Long> firstBroken(Tx tx, long version);

    /**
     * Rows that may have changed since the log was last brought up to date; some may be as they were. Records fade: now and
     * then those of whom something bad was noted are told again.
     */
    Fresh fresh(Tx tx, Instant now);

    /** The transaction that asked what changed has committed. */
    void committed();

    /**
     * Appends changes after the last number, and notes what has been seen.
     *
     * @return the new last number
     */
    long append(Tx tx, List<OfferChange> changes, String seen);
}
