package io.perigee.market.matching;

import io.perigee.protocol.fact.NoMatchReason;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import java.util.List;

/** What matching found. */
public sealed interface Match {

    /** One chosen provider. */
    record Pick(OfferView view, Amount price) {}

    /**
     * As many providers as were asked for, of distinct owners, all in one numeric class.
     *
     * @param numericClass zero when the work claims no class
     */
    record Found(Digest numericClass, List<Pick> picks) implements Match {
        public Found {
            picks = List.copyOf(picks);
        }

        public Amount highestPrice() {
            return picks.stream().map(Pick::price).max(Amount::compareTo).orElse(Amount.ZERO);
        }

        public Amount total() {
            return picks.stream().map(Pick::price).reduce(Amount.ZERO, Amount::plus);
        }
    }

    /** Nobody, or too few; every reason says how many offers it lost. */
    record None(List<NoMatchReason> reasons) implements Match {
        public None {
            reasons = List.copyOf(reasons);
        }
    }
}
