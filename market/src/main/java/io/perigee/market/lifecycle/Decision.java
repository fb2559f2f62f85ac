package io.perigee.market.lifecycle;

import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.JobFact;
import java.util.List;

/** What a stage makes of an input. */
public sealed interface Decision {

    /**
     * These facts, in this order; none when there is nothing to do. A fact of another stage that was observed stands
     * first and is to be stored but not published again: {@link Stage#of} says whose a fact is.
     */
    record Accepted(List<JobFact> facts) implements Decision {
        public Accepted {
            facts = List.copyOf(facts);
        }
    }

    /** Nothing changes. */
    record Rejected(ErrorCode code, String detail) implements Decision {}
}
