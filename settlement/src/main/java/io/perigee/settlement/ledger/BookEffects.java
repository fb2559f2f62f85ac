package io.perigee.settlement.ledger;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.fact.ProviderRegistered;
import io.perigee.protocol.fact.SessionKeyRevoked;
import io.perigee.protocol.fact.StakeChanged;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.settlement.fact.FactLog;
import io.perigee.settlement.reservation.Allotments;
import io.perigee.settlement.watch.ChainEvent;
import io.perigee.settlement.watch.Effects;
import io.perigee.settlement.watch.Seen;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Confirmed events move the books, and the others are told what changed in accounts: once per account and step. */
public final class BookEffects implements Effects {
    private static final String NO_TRACE = "";

    private final Address hub;
    private final FactLog facts;
    private final Books books;

    public BookEffects(Address hub, Address epochs, FactLog facts) {
        this.hub = hub;
        books = new Books(epochs);
        this.facts = facts;
    }

    @Override
    public void apply(Tx tx, List<Seen> events, long block) {
        var allotments = new TreeSet<Allotments.Key>(
                Comparator.comparing(Allotments.Key::builder).thenComparing(Allotments.Key::token));
        Map<Address, Amount> stakes = new TreeMap<>();
        for (var seen : events) {
            books.fold(tx, seen);
            switch (seen.event()) {
                case ChainEvent.Allotted e -> note(allotments, e.builder(), e.hub(), e.token());
                case ChainEvent.Recalled e -> note(allotments, e.builder(), e.hub(), e.token());
                case ChainEvent.Spent e -> note(allotments, e.builder(), e.hub(), e.token());
                case ChainEvent.Charged e -> note(allotments, e.builder(), e.hub(), e.token());
                case ChainEvent.StakeMoved e -> stakes.put(e.owner(), e.stake());
                case ChainEvent.Registered e ->
                    facts.publish(tx, new ProviderRegistered(e.owner(), e.provider(), seen.block()), NO_TRACE);
                case ChainEvent.KeyRevoked e ->
                    facts.publish(
                            tx,
                            new SessionKeyRevoked(e.owner(), e.provider(), e.serial(), e.revokedAt(), seen.block()),
                            NO_TRACE);
                case ChainEvent.Deposited _,
                        ChainEvent.Withdrawn _,
                        ChainEvent.Reclaimed _,
                        ChainEvent.Credited _,
                        ChainEvent.Released _,
                        ChainEvent.Collected _,
                        ChainEvent.Frozen _,
                        ChainEvent.CreditReturned _,
                        ChainEvent.BondBurned _,
                        ChainEvent.PayeeSet _,
                        ChainEvent.BookOpened _,
                        ChainEvent.BookRuined _,
                        ChainEvent.EpochPosted _,
                        ChainEvent.LineDemanded _,
                        ChainEvent.OrderDemanded _,
                        ChainEvent.Answered _,
                        ChainEvent.EpochSettled _,
                        ChainEvent.Carried _,
                        ChainEvent.PaidByEpoch _,
                        ChainEvent.Moved _ -> {}
            }
        }
        allotments.forEach(key -> facts.publish(tx, Allotments.changed(tx, key), NO_TRACE));
        stakes.forEach((owner, stake) -> facts.publish(tx, new StakeChanged(owner, stake, block), NO_TRACE));
    }

    @Override
    public void clear(Tx tx) {
        Books.clear(tx);
    }

    @Override
    public void replay(Tx tx, List<Seen> events) {
        events.forEach(seen -> books.fold(tx, seen));
    }

    private void note(Set<Allotments.Key> allotments, Address builder, Address named, Address token) {
        if (named.equals(hub)) {
            allotments.add(new Allotments.Key(builder, named, token));
        }
    }
}
