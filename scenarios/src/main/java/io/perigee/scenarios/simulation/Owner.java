package io.perigee.scenarios.simulation;

import io.perigee.market.matching.OfferView;
import io.perigee.market.matching.Standing;
import io.perigee.market.reputation.Outcome;
import io.perigee.market.reputation.Reputation;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.offer.Offer;
import io.perigee.scenarios.simulation.adversary.Strategies;
import io.perigee.scenarios.simulation.adversary.Strategy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** One owner with one provider: what it has at stake, what it has shown, and how it plays. */
final class Owner {
    static final Signature UNCHECKED = Signature.of(new byte[Signature.BYTES]);

    final int index;
    final SessionKey key;
    final Offer offer;
    final Strategy strategy;
    final double pace;
    final List<Outcome> outcomes = new ArrayList<>();
    Amount stake;
    Amount bonded = Amount.ZERO;
    boolean awake = true;
    int running;
    Reputation reputation;
    private Decimal score;

    Owner(int index, SessionKey key, Offer offer, Strategy strategy, double pace, Amount stake) {
        this.index = index;
        this.key = key;
        this.offer = offer;
        this.strategy = strategy;
        this.pace = pace;
        this.stake = stake;
        this.reputation = Reputation.of(outcomes, Instant.EPOCH);
        this.score = reputation.score();
    }

    Address address() {
        return key.owner();
    }

    String identity() {
        return "owner " + index;
    }

    boolean honest() {
        return strategy == Strategies.HONEST;
    }

    boolean isFriendOf(Owner other) {
        return this == other || (strategy.colludes() && strategy == other.strategy);
    }

    void learned(Outcome outcome) {
        outcomes.add(outcome);
        reputation = Reputation.of(outcomes, outcome.at());
        score = reputation.score();
    }

    void take(Amount bond) {
        running++;
        bonded = bonded.plus(bond);
    }

    void free(Amount bond) {
        bonded = bonded.minus(bond);
    }

    /** Takes at most so much of the stake. */
    Amount slash(Amount most) {
        var taken = stake.covers(most) ? most : stake;
        stake = stake.minus(taken);
        return taken;
    }

    OfferView view() {
        var free = stake.covers(bonded) ? stake.minus(bonded) : Amount.ZERO;
        return new OfferView(key.provider(), address(), key, UNCHECKED, offer, free, running, 0, score, Standing.GOOD);
    }
}
