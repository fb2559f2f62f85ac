package io.perigee.market.matching;

import io.perigee.protocol.id.ProviderId;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Offers by slot: small numbers that are given again. */
final class OfferSlots {
    private final Numbers<ProviderId> slots = new Numbers<>(slot -> view(slot).provider());
    private @Nullable OfferView[] views = new OfferView[16];
    private int[] free = new int[16];
    private int freed;
    private int used;
    private int leastReliability = OfferView.RELIABLE;
    private long latestStart = Long.MIN_VALUE;

    /** Or -1. */
    int slotOf(ProviderId provider) {
        return slots.of(provider);
    }

    OfferView view(int slot) {
        return Objects.requireNonNull(views[slot]);
    }

    /** Whether a slot that was a provider's still is. */
    boolean isAt(int slot, ProviderId provider) {
        var view = views[slot];
        return view != null && view.provider().equals(provider);
    }

    int size() {
        return slots.size();
    }

    /** The least that any offer ever had here: it bounds how far a price may be below a rate. */
    int leastReliability() {
        return leastReliability;
    }

    /** The second at which all that were ever here have begun, and none is aside: later, nobody has to look. */
    long latestStart() {
        return latestStart;
    }

    int add(OfferView view) {
        int slot = freed > 0 ? free[--freed] : used++;
        if (slot >= views.length) {
            views = Arrays.copyOf(views, slot + slot / 8 + 16);
        }
        set(slot, view);
        slots.put(view.provider(), slot);
        return slot;
    }

    void set(int slot, OfferView view) {
        views[slot] = view;
        leastReliability = Math.min(leastReliability, view.reliability());
        latestStart = Math.max(latestStart, Math.ceilDiv(view.from().toEpochMilli(), 1_000L));
    }

    void remove(ProviderId provider, int slot) {
        slots.remove(provider);
        views[slot] = null;
        if (freed == free.length) {
            free = Arrays.copyOf(free, freed + freed / 8 + 16);
        }
        free[freed++] = slot;
    }

    IntStream occupied() {
        return IntStream.range(0, used).filter(slot -> views[slot] != null);
    }

    /** A reference counts as 4 bytes, as it does in heaps below 32 GB. */
    long bytes() {
        return slots.bytes() + 4L * (views.length + free.length);
    }
}
