package io.perigee.market.matching;

import io.perigee.market.reputation.Field;
import io.perigee.market.reputation.Reputation;
import java.util.Map;

/**
 * What an owner's records say of an offer, whatever job asks for it. An offer has one reliability, since one order of offers
 * serves every job: the worst its owner has shown in any field that the offer serves. Whoever is good at one class and bad at
 * another may offer them apart.
 */
public final class Conduct {
    /** Coarser than records are, which fade from day to day: else the book would change with each of them. */
    private static final int HUNDREDTH = OfferView.RELIABLE / 100;

    private Conduct() {}

    /** @param records of its owner; fields without one are a newcomer's, who counts as reliable */
    public static OfferView of(OfferView view, Map<Field, Reputation> records) {
        int ending = OfferView.RELIABLE;
        boolean convicted = false;
        for (var entry : records.entrySet()) {
            if (isServed(entry.getKey(), view)) {
                ending = Math.min(ending, inHundredths(entry.getValue().endingOfMillion()));
                convicted |= entry.getValue().convicted();
            }
        }
        return view.recorded(ending, convicted);
    }

    private static boolean isServed(Field field, OfferView view) {
        return field.owner().equals(view.owner())
                && (field.numericClass().isZero()
                        || view.offer().numericClasses().contains(field.numericClass()));
    }

    private static int inHundredths(int ofMillion) {
        return Math.max(HUNDREDTH, ofMillion / HUNDREDTH * HUNDREDTH);
    }
}
