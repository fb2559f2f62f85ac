package io.perigee.api.provider.postgres;

import io.perigee.market.kind.PeopledClasses;
import io.perigee.market.matching.OfferView;
import java.util.List;

/**
 * The offers of one moment.
 *
 * @param classes that are open to who names none
 * @param complete false when there are more than are read
 */
record LiveOffers(List<OfferView> views, PeopledClasses classes, boolean complete) {
    LiveOffers {
        views = List.copyOf(views);
    }
}
