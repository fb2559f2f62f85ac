package io.perigee.scenarios.simulation;

import io.perigee.market.reputation.OrderOutcome;
import io.perigee.market.reputation.RequesterReputation;
import io.perigee.protocol.fact.OrderOutcomeKind;
import io.perigee.protocol.id.Address;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Who orders; all honest, or with the strategy of builders that the world is about. */
final class Builder {
    final Address address;
    final boolean plays;
    private final List<OrderOutcome> outcomes = new ArrayList<>();

    Builder(int index, boolean plays) {
        this.address = Market.address("builder " + index);
        this.plays = plays;
    }

    void learned(Job job, OrderOutcomeKind kind, long now) {
        outcomes.add(new OrderOutcome(job.id, kind, Instant.ofEpochSecond(now)));
    }

    RequesterReputation reputation(long now) {
        return RequesterReputation.of(outcomes, Instant.ofEpochSecond(now));
    }
}
