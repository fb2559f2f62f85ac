package io.perigee.market.matching;

import io.perigee.market.reputation.Field;
import io.perigee.market.reputation.Reputation;
import java.util.Collection;
import java.util.Map;

/**
 * What an owner's record in one field says of its offers, whatever job asks for them. An offer has one reliability, since one
 * order of offers serves every job: the worst its owner has shown in any field that the offer serves. Whoever is good at one
 * class and bad at another may offer them apart.
 */
public record Conduct(Field field, int ending, boolean convicted) {
    /** Coarser than records are, which fade from day to day: else the book would change with each of them. */
    private static final int HUNDREDTH = OfferView.RELIABLE / 100;

    public static Conduct of(Field field, Reputation record) {
        return new Conduct(field, inHundredths(record.endingOfMillion()), record.convicted());
    }

    /** @param records of its owner; fields without one are a newcomer's, who counts as reliable */
    public static OfferView of(OfferView view, Map<Field, Reputation> records) {
        return of(
                view,
                records.entrySet().stream()
                        .map(entry -> of(entry.getKey(), entry.getValue()))
                        .toList());
    }

    /** @param shown by its owner; what is missing is a newcomer's, who counts as reliable */
    public static OfferView of(OfferView view, Collection<Conduct> shown) {
        int ending = OfferView.RELIABLE;
        boolean convicted = false;
        for (var conduct : shown) {
            if (isServed(conduct.field, view)) {
                ending = Math.min(ending, conduct.ending);
                convicted |= conduct.convicted;
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
