package io.perigee.scheduler.placing;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.matching.Match;
import io.perigee.market.matching.OfferChange;
import io.perigee.market.matching.OfferIndex;
import io.perigee.market.matching.OfferView;
import io.perigee.market.matching.PlacementRequest;
import io.perigee.market.matching.WaitingRoom;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.spec.JobSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The index of offers in memory, at the number of the log that a transaction holds the lock of. It knows nothing that the
 * log does not: after a transaction that did not commit it is read again from the log.
 *
 * <p>Used by one thread.
 */
public final class LiveIndex {
    private final OfferLog log;
    private OfferIndex index = new OfferIndex();
    private final Map<Address, Set<ProviderId>> byOwner = new HashMap<>();
    private long version;
    /** Whether what is in memory may be more than what was committed. */
    private boolean unsure;
    /** What is known here and not in the log yet. */
    private final List<OfferChange> unsaid = new ArrayList<>();

    /** Whether an offer went, or became another, since somebody asked. */
    private boolean fewer;

    /** Offers that could do more in transactions that did not commit: nobody has been told. */
    private final Set<ProviderId> untold = new HashSet<>();

    private String seen = "";

    public LiveIndex(OfferLog log) {
        this.log = log;
    }

    /**
     * Takes the lock of matching and brings the index up to date. {@link #store} must follow before the commit, and
     * {@link #committed} after it.
     *
     * @return offers that can do more than before
     */
    public List<OfferView> catchUp(Tx tx, Instant now) {
        var before = index;
        boolean anew = unsure || version == 0;
        if (anew) {
            index = new OfferIndex();
            byOwner.clear();
            version = 0;
        }
        unsure = true;
        unsaid.clear();
        var better = new LinkedHashMap<ProviderId, OfferView>();
        try {
            catchUp(tx, now, before, anew, better);
        } finally {
            untold.addAll(better.keySet());
        }
        return List.copyOf(better.values());
    }

    /** @param before what was known, which may be more than what was committed */
    private void catchUp(Tx tx, Instant now, OfferIndex before, boolean anew, Map<ProviderId, OfferView> better) {
        long last = log.lock(tx);
        if (anew) {
            begin(log.after(tx, version));
            index.views().stream()
                    .filter(view -> untold.contains(view.provider()) || isBetter(view, before.offer(view.provider())))
                    .forEach(view -> better.put(view.provider(), view));
        } else if (last > version) {
            take(log.after(tx, version), better);
        }
        var fresh = log.fresh(tx, now);
        var changes = changes(fresh);
        take(changes, better);
        unsaid.addAll(changes);
        version = last + changes.size();
        seen = fresh.seen();
    }

    private static boolean isBetter(OfferView view, Optional<OfferView> before) {
        return before.filter(had -> had.using(view.usedSlots(), view.usedGpus())
                        .staked(view.freeStake())
                        .equals(view))
                .map(had -> view.usedSlots() < had.usedSlots()
                        || view.usedGpus() < had.usedGpus()
                        || view.freeStake().compareTo(had.freeStake()) > 0)
                .orElse(true);
    }

    /** A provider got an attempt, in the transaction that caught up. Whoever makes one says it here: nobody reads it anew. */
    public void placed(ProviderId provider, Address owner, int gpus, Amount bond) {
        var had = index.offer(provider)
                .orElseThrow(() -> new IllegalStateException(
                        "Expected provider '%s' to be in the book it was chosen from".formatted(provider)));
        say(new OfferChange.Used(provider, had.usedSlots() + 1, had.usedGpus() + gpus));
        var free = index.freeStake(owner).orElse(Amount.ZERO);
        say(new OfferChange.Staked(owner, free.covers(bond) ? free.minus(bond) : Amount.ZERO));
    }

    private void say(OfferChange change) {
        index.apply(change);
        unsaid.add(change);
        version++;
    }

    /** Appends to the log what is not in it yet. */
    public void store(Tx tx) {
        long number = log.append(tx, unsaid, seen);
        if (number != version) {
            throw new IllegalStateException(
                    "Expected the log of offers to be at %d, but it is at %d".formatted(version, number));
        }
        unsaid.clear();
    }

    /** The transaction that caught up has committed. */
    public void committed() {
        unsure = false;
        untold.clear();
        log.committed();
    }

    public Match match(PlacementRequest request, JobSpec spec) {
        return index.match(request, spec);
    }

    /** The choice; empty when there is none, without the reasons, which take a look at every offer. */
    public Optional<Match.Found> find(PlacementRequest request, JobSpec spec) {
        return index.find(request, spec);
    }

    /** Whether a job that waits can be placed by what is known now. */
    boolean canBePlaced(JobId job, WaitingRoom room, Instant now) {
        return room.canBePlaced(job, index, now);
    }

    /** Every offer there is. */
    public List<OfferView> views() {
        return index.views();
    }

    /** Those of some owners. */
    public List<OfferView> views(Set<Address> owners) {
        return owners.stream()
                .flatMap(owner -> byOwner.getOrDefault(owner, Set.of()).stream())
                .flatMap(provider -> index.offer(provider).stream())
                .toList();
    }

    /** Whether an offer went, or became another, since this was asked last. */
    boolean fewer() {
        boolean were = fewer;
        fewer = false;
        return were;
    }

    /** The number of the last change that is known. */
    public long version() {
        return version;
    }

    public int size() {
        return index.size();
    }

    /** Every change from the first. */
    private void begin(List<OfferChange> changes) {
        index.apply(changes);
        index.views().forEach(view -> byOwner.computeIfAbsent(view.owner(), owner -> new HashSet<>())
                .add(view.provider()));
    }

    private void take(List<OfferChange> changes, Map<ProviderId, OfferView> better) {
        for (var change : changes) {
            switch (change) {
                case OfferChange.Put(var view) -> {
                    fewer |= index.offer(view.provider()).isPresent();
                    forget(view.provider());
                    byOwner.computeIfAbsent(view.owner(), owner -> new HashSet<>())
                            .add(view.provider());
                    better.put(view.provider(), view);
                }
                case OfferChange.Gone(var provider) -> {
                    fewer = true;
                    forget(provider);
                    better.remove(provider);
                }
                case OfferChange.Used(var provider, int slots, int gpus) ->
                    index.offer(provider)
                            .filter(had -> had.usedSlots() > slots || had.usedGpus() > gpus)
                            .ifPresent(had -> better.put(provider, had.using(slots, gpus)));
                case OfferChange.Staked(var owner, var free) -> {
                    if (index.freeStake(owner)
                            .filter(had -> had.compareTo(free) < 0)
                            .isPresent()) {
                        byOwner.getOrDefault(owner, Set.of()).stream()
                                .flatMap(provider -> index.offer(provider).stream())
                                .forEach(had -> better.put(had.provider(), had.staked(free)));
                    }
                }
            }
            index.apply(change);
        }
    }

    private void forget(ProviderId provider) {
        index.offer(provider)
                .ifPresent(had -> byOwner.computeIfPresent(had.owner(), (owner, providers) -> {
                    providers.remove(provider);
                    return providers.isEmpty() ? null : providers;
                }));
    }

    /** What of that is news. */
    private List<OfferChange> changes(OfferLog.Fresh fresh) {
        var changes = new ArrayList<OfferChange>();
        fresh.offers().forEach((provider, now) -> {
            var known = index.offer(provider);
            if (now.isEmpty()) {
                known.ifPresent(_ -> changes.add(new OfferChange.Gone(provider)));
            } else if (known.isEmpty()) {
                changes.add(new OfferChange.Put(now.get()));
            } else {
                var view = now.get();
                var same = known.get().staked(view.freeStake());
                if (!same.using(view.usedSlots(), view.usedGpus()).equals(view)) {
                    changes.add(new OfferChange.Put(view));
                } else if (!same.equals(view)) {
                    changes.add(new OfferChange.Used(provider, view.usedSlots(), view.usedGpus()));
                }
            }
        });
        fresh.stakes().forEach((owner, free) -> {
            if (index.freeStake(owner).filter(had -> !had.equals(free)).isPresent()) {
                changes.add(new OfferChange.Staked(owner, free));
            }
        });
        return changes;
    }
}
