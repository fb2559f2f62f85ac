package io.perigee.scenarios.simulation;

import io.perigee.market.matching.OfferView;
import io.perigee.market.matching.Standing;
import io.perigee.market.reputation.Outcome;
import io.perigee.market.reputation.Reputation;
import io.perigee.protocol.fact.OutcomeKind;
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
import org.jspecify.annotations.Nullable;

/** One owner with one provider: what it has at stake, what it has shown, and how it lives and plays. */
final class Owner {
    static final Signature UNCHECKED = Signature.of(new byte[Signature.BYTES]);

    final int index;
    final SessionKey key;
    final Offer offer;
    final Strategy strategy;
    final Life life;
    final double pace;
    private final Sanctions sanctions;
    private final List<Outcome> outcomes = new ArrayList<>();
    private Amount stake;
    private Amount bonded = Amount.ZERO;
    private long downUntil;
    private int running;
    private int verified;
    private Decimal score;
    private int reliability;
    private boolean convicted;
    private int doubts;
    /** Made again when anything in it has changed. */
    private @Nullable OfferView view;

    Owner(
            int index,
            SessionKey key,
            Offer offer,
            Strategy strategy,
            Life life,
            double pace,
            Amount stake,
            Sanctions sanctions) {
        this.index = index;
        this.key = key;
        this.offer = offer;
        this.strategy = strategy;
        this.life = life;
        this.pace = pace;
        this.stake = stake;
        this.sanctions = sanctions;
        this.score = Decimal.ZERO;
        this.reliability = OfferView.RELIABLE;
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

    boolean isOnline(long now) {
        return now >= downUntil && life.isAwake(now);
    }

    void crashes(long until) {
        downUntil = Math.max(downUntil, until);
    }

    /** Whether a hub that takes no stake places nothing with it. */
    boolean isBarred() {
        return convicted && sanctions == Sanctions.HUB;
    }

    /** How many of its jobs were verified since it last cheated. */
    int verified() {
        return verified;
    }

    /** Of a run that is known already the last one stands. */
    void learned(Outcome outcome, Instant now) {
        outcomes.removeIf(each -> each.job().equals(outcome.job()) && each.attempt() == outcome.attempt());
        learned(List.of(outcome), now);
    }

    void learned(List<Outcome> more, Instant now) {
        outcomes.addAll(more);
        var reputation = Reputation.of(outcomes, now);
        verified = reputation.verified();
        score = reputation.score();
        reliability = reputation.endingOfMillion();
        convicted = reputation.convicted();
        doubts = (int) outcomes.stream()
                .filter(each -> each.kind() == OutcomeKind.DOUBTED)
                .count();
        view = null;
    }

    void take(Amount bond) {
        running++;
        bonded = bonded.plus(bond);
        view = null;
    }

    void free(Amount bond) {
        bonded = bonded.minus(bond);
        view = null;
    }

    void vacate() {
        running--;
        view = null;
    }

    /** Takes at most so much of the stake. */
    Amount slash(Amount most) {
        var taken = stake.covers(most) ? most : stake;
        stake = stake.minus(taken);
        view = null;
        return taken;
    }

    Amount stake() {
        return stake;
    }

    Amount bonded() {
        return bonded;
    }

    boolean isIdle() {
        return running == 0;
    }

    Amount freeStake() {
        return stake.covers(bonded) ? stake.minus(bonded) : Amount.ZERO;
    }

    /** All that is decided by, for the hash of a world. */
    String state() {
        return "%s %s %d %s %d %d".formatted(stake, bonded, verified, convicted, doubts, reliability);
    }

    OfferView view() {
        if (view == null) {
            view = view(freeStake(), running);
        }
        return view;
    }

    /** As a judge: its ticket in court is apart from the bonds of its runs, and it takes its time. */
    OfferView judge() {
        return view(stake, 0);
    }

    private OfferView view(Amount free, int used) {
        var standing = isBarred() ? Standing.CONVICTED : Standing.GOOD;
        return new OfferView(
                key.provider(), address(), key, UNCHECKED, offer, free, used, 0, score, standing, reliability);
    }
}
