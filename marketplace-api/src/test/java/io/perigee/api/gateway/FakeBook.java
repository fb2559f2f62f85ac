package io.perigee.api.gateway;

import io.perigee.eventlog.TryLater;
import io.perigee.protocol.error.Rejected;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.offer.Offer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A book of one provider that is away, or has a fault, as often as it is told. */
public final class FakeBook implements AgentBook {
    private static final int PAGE = 1_000;

    public final AtomicInteger away = new AtomicInteger();
    final List<Delivery> open = new CopyOnWriteArrayList<>();
    final List<Offer> offers = new CopyOnWriteArrayList<>();

    final AtomicInteger faults = new AtomicInteger();
    final List<Beat> heard = new CopyOnWriteArrayList<>();

    /** What {@link #now} says, and how often it was asked who is silent. */
    public final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);

    public final AtomicInteger drops = new AtomicInteger();

    private void mayBeAway() {
        if (away.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new TryLater("away");
        }
    }

    @Override
    public Optional<Rejected> logIn(
            Line line, AgentMessage.Hello hello, String tokenHash, Instant tokenExpiresAt, Instant now, String trace) {
        return Optional.empty();
    }

    @Override
    public boolean offer(Line line, Offer offer, Instant now, String trace) {
        mayBeAway();
        offers.add(offer);
        return true;
    }

    @Override
    public List<Beat> heard(List<Beat> beats, Instant now) {
        if (faults.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new IllegalStateException("a fault of ours");
        }
        heard.addAll(beats);
        return List.of();
    }

    @Override
    public Optional<Open> open(Line line, Told told) {
        mayBeAway();
        var page = new ArrayList<Delivery>();
        for (var each : List.copyOf(open)) {
            boolean said = each.work()
                    ? told.work().contains(each.id())
                    : each.id() <= told.endsUpTo() || told.ends().contains(each.id());
            if (!said && page.size() < PAGE) {
                page.add(each);
            }
        }
        return Optional.of(new Open(page, page.size() == PAGE));
    }

    @Override
    public Set<Long> stillOpen(Set<Long> deliveries) {
        return new TreeSet<>(deliveries);
    }

    @Override
    public List<Optional<Rejected>> record(List<Report> reports, Instant now) {
        return reports.stream().map(_ -> Optional.<Rejected>empty()).toList();
    }

    @Override
    public void progress(ProviderId provider, AgentMessage.Progress progress, Instant now) {}

    @Override
    public void left(Line line, Instant now, String trace) {}

    @Override
    public List<ProviderId> dropSilent(Duration silence, Instant now, String trace) {
        drops.incrementAndGet();
        return List.of();
    }

    @Override
    public Instant now() {
        mayBeAway();
        return now.get();
    }
}
