package io.perigee.scheduler.record;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.kind.ClassDemand;
import io.perigee.market.reputation.Field;
import io.perigee.market.reputation.Reputation;
import io.perigee.market.reputation.RequesterReputation;
import io.perigee.market.verification.Population;
import io.perigee.protocol.fact.RecordFact;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Records, from verified outcomes alone. Nothing in them is ever taken back. */
public interface RecordBook {
    /** An owner's record in a numeric class with a family of images; a newcomer's when there is none. */
    Reputation reputation(Tx tx, Field field, Instant now);

    /** The records of several with one statement. */
    Map<Field, Reputation> reputations(Tx tx, Set<Field> fields, Instant now);

    /**
     * Records of which something was noted.
     *
     * @param seen from where on to ask the next time
     */
    record Noted(Set<Field> fields, String seen) {}

    /**
     * Those of which something was noted in transactions that were not over at an earlier call; some may be as they were.
     *
     * @param seen of that call; empty for none, and then no field is named
     */
    Noted notedSince(Tx tx, String seen);

    /** A builder's record; a newcomer's when there is none. */
    RequesterReputation requester(Tx tx, Address builder, Instant now);

    /** Who offers a numeric class now, and what its bits have shown. */
    Population population(Tx tx, Digest numericClass);

    /** Whether one of some owners was in a difference that its numeric class answers for. */
    boolean hasDiffered(Tx tx, Digest numericClass, List<Address> owners);

    /** Of an image the classes that enough owners who offer them for it stand behind ({@link Population#isPeopled}). */
    Set<Digest> peopled(Tx tx, ClassDemand.OfImage open);

    /** Writes down what a decision said. The same again changes nothing. */
    void note(Tx tx, List<RecordFact> facts);
}
