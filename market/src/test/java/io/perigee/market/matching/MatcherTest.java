package io.perigee.market.matching;

import io.perigee.protocol.spec.JobSpec;
import java.util.List;

class MatcherTest extends MatchingContract {
    @Override
    Match match(PlacementRequest request, JobSpec spec, List<OfferView> offers) {
        return Matcher.match(request, spec, offers);
    }
}
