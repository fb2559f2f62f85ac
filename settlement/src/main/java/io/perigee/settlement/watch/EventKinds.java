package io.perigee.settlement.watch;

import io.perigee.protocol.codec.Json;
import java.util.Map;
import java.util.stream.Collectors;

/** The names under which events are stored: an explicit list, so that renaming a class changes no stored row. */
final class EventKinds {
    private static final Map<String, Class<? extends ChainEvent>> CLASSES = Map.ofEntries(
            Map.entry("Deposited", ChainEvent.Deposited.class),
            Map.entry("Withdrawn", ChainEvent.Withdrawn.class),
            Map.entry("Allotted", ChainEvent.Allotted.class),
            Map.entry("Recalled", ChainEvent.Recalled.class),
            Map.entry("Reclaimed", ChainEvent.Reclaimed.class),
            Map.entry("Spent", ChainEvent.Spent.class),
            Map.entry("Credited", ChainEvent.Credited.class),
            Map.entry("Released", ChainEvent.Released.class),
            Map.entry("Collected", ChainEvent.Collected.class),
            Map.entry("Frozen", ChainEvent.Frozen.class),
            Map.entry("CreditReturned", ChainEvent.CreditReturned.class),
            Map.entry("BondBurned", ChainEvent.BondBurned.class),
            Map.entry("StakeMoved", ChainEvent.StakeMoved.class),
            Map.entry("PayeeSet", ChainEvent.PayeeSet.class),
            Map.entry("Registered", ChainEvent.Registered.class),
            Map.entry("KeyRevoked", ChainEvent.KeyRevoked.class),
            Map.entry("BookOpened", ChainEvent.BookOpened.class),
            Map.entry("BookRuined", ChainEvent.BookRuined.class),
            Map.entry("EpochPosted", ChainEvent.EpochPosted.class),
            Map.entry("LineDemanded", ChainEvent.LineDemanded.class),
            Map.entry("OrderDemanded", ChainEvent.OrderDemanded.class),
            Map.entry("Answered", ChainEvent.Answered.class),
            Map.entry("EpochSettled", ChainEvent.EpochSettled.class),
            Map.entry("Carried", ChainEvent.Carried.class),
            Map.entry("PaidByEpoch", ChainEvent.PaidByEpoch.class),
            Map.entry("Charged", ChainEvent.Charged.class),
            Map.entry("Moved", ChainEvent.Moved.class));
    private static final Map<Class<? extends ChainEvent>, String> NAMES =
            CLASSES.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

    private EventKinds() {}

    static String nameOf(ChainEvent event) {
        var name = NAMES.get(event.getClass());
        if (name == null) {
            throw new IllegalStateException(
                    "Expected " + event.getClass().getSimpleName() + " to be a registered event");
        }
        return name;
    }

    static ChainEvent read(String kind, String body) {
        var type = CLASSES.get(kind);
        if (type == null) {
            throw new IllegalStateException("Expected a stored event of a known kind, but got '" + kind + "'");
        }
        return Json.read(body, type);
    }
}
