package io.perigee.market.matching;

import io.perigee.market.matching.Match.Pick;
import io.perigee.market.pricing.Pricing;
import io.perigee.market.pricing.Tariff;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.offer.Offer;
import io.perigee.protocol.spec.JobSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Offers, kept so that the choice of {@link Matcher} is found without looking at all of them.
 *
 * <p>Offers of one {@link Profile} are a group, ordered by {@link ExpectedRate}. A job looks only into the groups that
 * can run it, in each only below nodes whose {@link Levels} can do, and no further than what it has found already
 * beats. Give it every change of an offer; it keeps nothing that could not be built again from the offers.
 *
 * <p>Not for two threads at once.
 */
public final class OfferIndex {
    /** Kinds of asking that are remembered: those of a market are few, and one costs a look at every group. */
    private static final int SHAPES = 1024;

    /** Changes that are applied together: as many as a processor can wait for at once. */
    private static final int TOGETHER = 16;

    private static final int NOT_KNOWN = Numbers.UNKNOWN;

    private final OfferSlots offers = new OfferSlots();
    private final Owners owners = new Owners();
    private final Groups groups = new Groups();
    private final Book byTokens = new Book(new Tariff.Tokens(1), offers, owners);
    /** Jobs that are paid by the second are rare; the order for them is made when the first one comes. */
    private @Nullable Book bySeconds;

    private Search last = byTokens.search();
    private final int[] ahead = new int[TOGETHER];
    /** Of no meaning: what is read ahead is added to it, so that it is read. */
    private long touched;

    private long scans;

    private final Map<Shape.Key, Shape> shapes = new LinkedHashMap<>(SHAPES, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Shape.Key, Shape> eldest) {
            return size() > SHAPES;
        }
    };

    /** Takes changes of the book, in order. */
    public void apply(List<OfferChange> changes) {
        for (int from = 0; from < changes.size(); from += TOGETHER) {
            int to = Math.min(from + TOGETHER, changes.size());
            lookAhead(changes, from, to);
            for (int at = from; at < to; at++) {
                apply(changes.get(at), ahead[at - from]);
            }
        }
    }

    /** Takes one change of the book. */
    public void apply(OfferChange change) {
        apply(change, NOT_KNOWN);
    }

    /**
     * Finds the slots of some changes and reads what applying them will want. A change mostly waits for memory, one place of
     * which says where the next is; here those of one wait while those of the others do.
     */
    private void lookAhead(List<OfferChange> changes, int from, int to) {
        for (int at = from; at < to; at++) {
            ahead[at - from] = switch (changes.get(at)) {
                case OfferChange.Put(var view) -> offers.slotOf(view.provider());
                case OfferChange.Used(var provider, int _, int _) -> offers.slotOf(provider);
                case OfferChange.Gone(var provider) -> offers.slotOf(provider);
                case OfferChange.Staked _ -> NOT_KNOWN;
            };
        }
        for (int at = 0; at < to - from; at++) {
            if (ahead[at] != NOT_KNOWN) {
                touched += byTokens.touch(ahead[at]);
            }
        }
    }

    /** @param slot where its provider's offer was, when that is known */
    private void apply(OfferChange change, int slot) {
        switch (change) {
            case OfferChange.Put(var view) -> put(view, slot(slot, view.provider()));
            case OfferChange.Used(var provider, int slots, int gpus) -> use(slot(slot, provider), slots, gpus);
            case OfferChange.Staked(var owner, var free) -> stake(owner, free);
            case OfferChange.Gone(var provider) -> remove(provider, slot(slot, provider));
        }
    }

    /** Where it is now: the changes before may have given the slot to another one. */
    private int slot(int known, ProviderId provider) {
        return known != NOT_KNOWN && offers.isAt(known, provider) ? known : offers.slotOf(provider);
    }

    /** Adds an offer, or replaces the one its provider had. Its free stake holds for all offers of its owner. */
    public void put(OfferView view) {
        put(view, offers.slotOf(view.provider()));
    }

    private void put(OfferView view, int slot) {
        if (slot < 0) {
            insert(view, Turn.lot(view.provider().bytes()));
            return;
        }
        var before = offers.view(slot);
        if (before.owner().equals(view.owner()) && isOfSameKind(before.offer(), view.offer())) {
            offers.set(slot, view);
            owners.stake(byTokens.replace(slot, before, view), view.freeStake());
            if (bySeconds != null) {
                bySeconds.replace(slot, before, view);
            }
        } else {
            remove(view.provider(), slot);
            insert(view, Turn.lot(view.provider().bytes()));
        }
    }

    /** Says how much of an offer is in use now; false when there is none of this provider. */
    public boolean use(ProviderId provider, int usedSlots, int usedGpus) {
        return use(offers.slotOf(provider), usedSlots, usedGpus);
    }

    private boolean use(int slot, int usedSlots, int usedGpus) {
        if (slot < 0) {
            return false;
        }
        var view = offers.view(slot).using(usedSlots, usedGpus);
        offers.set(slot, view);
        byTokens.use(slot, view);
        if (bySeconds != null) {
            bySeconds.use(slot, view);
        }
        return true;
    }

    /** Takes away the offer of a provider; false when there is none. */
    public boolean remove(ProviderId provider) {
        return remove(provider, offers.slotOf(provider));
    }

    private boolean remove(ProviderId provider, int slot) {
        if (slot < 0) {
            return false;
        }
        int group = byTokens.group(slot);
        byTokens.remove(slot);
        if (bySeconds != null) {
            bySeconds.remove(slot);
        }
        offers.remove(provider, slot);
        if (byTokens.isEmpty(group)) {
            groups.remove(group);
            shapes.clear();
        }
        return true;
    }

    /** Says what an owner has free of its stake now. */
    public void stake(Address owner, Amount free) {
        int number = owners.numberOf(owner);
        if (number != Owners.UNKNOWN) {
            owners.stake(number, free);
        }
    }

    /** What an owner of offers has free of its stake, as it was last said; empty when it never had one. */
    public Optional<Amount> freeStake(Address owner) {
        int number = owners.numberOf(owner);
        return number == Owners.UNKNOWN ? Optional.empty() : Optional.of(owners.amount(number));
    }

    /** The offer of a provider as it was last said, with what its owner has free now. */
    public Optional<OfferView> offer(ProviderId provider) {
        int slot = offers.slotOf(provider);
        return slot < 0 ? Optional.empty() : Optional.of(withStake(offers.view(slot)));
    }

    public int size() {
        return offers.size();
    }

    /** The choice, with the reasons when there is none; only these look at every offer. */
    public Match match(PlacementRequest request, JobSpec spec) {
        return find(request, spec).<Match>map(found -> found).orElseGet(() -> explained(request, spec));
    }

    /** The choice; empty when there is none, whatever the reasons. */
    public Optional<Match.Found> find(PlacementRequest request, JobSpec spec) {
        return switch (request.selection()) {
            case CHEAPEST -> cheapest(request, spec);
            case BY_STAKE, BY_STAKE_IN_CHEAPEST_CLASS -> drawn(request, spec);
        };
    }

    /** Whether there is a choice, however it is chosen: who is cheapest says that too, in less time than a draw. */
    public boolean canPlace(PlacementRequest request, JobSpec spec) {
        return decide(prepare(request, spec))
                && (request.standby() == null || find(request, spec).isPresent());
    }

    private Optional<Match.Found> cheapest(PlacementRequest request, JobSpec spec) {
        var need = prepare(request, spec);
        int chosen = classFor(need);
        if (chosen == Search.NOWHERE) {
            return Optional.empty();
        }
        var its = need.shape().classes().get(chosen);
        var found = found(need, its.numericClass());
        if (StandingBy.enough(request, spec, found, views(byTokens.offers(its.groups())), null)) {
            return Optional.of(found);
        }
        // beside who is dearer, in another class, there may be enough
        return need.shape().classes().size() == 1 ? Optional.empty() : scanned(need);
    }

    private Optional<Match.Found> drawn(PlacementRequest request, JobSpec spec) {
        var need = prepare(request, spec);
        return request.standby() == null
                ? scanned(need, its -> bookFor(need.tariff()).able(need, its))
                : scanned(need);
    }

    /** By the scan, of all whose kind would do. */
    private Optional<Match.Found> scanned(Need need) {
        return scanned(need, its -> byTokens.offers(its.groups()));
    }

    private Optional<Match.Found> scanned(Need need, Function<Shape.InClass, IntStream> candidates) {
        var slots = need.shape().classes().stream()
                .flatMapToInt(its -> candidates.apply(its))
                .distinct();
        return switch (Matcher.match(need.request(), need.spec(), views(slots).toList())) {
            case Match.Found found -> Optional.of(found);
            case Match.None _ -> Optional.empty();
        };
    }

    private Match explained(PlacementRequest request, JobSpec spec) {
        scans++;
        return Matcher.match(request, spec, views());
    }

    /** How often every offer was looked at, since the beginning. */
    public long scans() {
        return scans;
    }

    /** What a job needs, for {@link #decide}. */
    public Need prepare(PlacementRequest request, JobSpec spec) {
        var shape = shapes.computeIfAbsent(Shape.Key.of(request, spec), key -> Shape.of(key, groups));
        var excluded = request.excludedOwners().stream()
                .mapToInt(owners::numberOf)
                .filter(owner -> owner != Owners.UNKNOWN)
                .toArray();
        return Need.of(request, spec, shape, excluded, owners.size());
    }

    /** Whether there is a choice; {@link #picked} says which. Makes no objects. */
    public boolean decide(Need need) {
        return classFor(need) != Search.NOWHERE;
    }

    /** One of those that {@link #decide} chose last, cheapest first. */
    public OfferView picked(int at) {
        var choice = last.best();
        return offers.view(choice.slot(at)).staked(owners.amount(choice.owner(at)));
    }

    /** Entries and groups that decisions have looked at: a measure that no machine or load changes. */
    public long steps() {
        return byTokens.steps() + (bySeconds == null ? 0 : bySeconds.steps());
    }

    /** What the index takes with everything but the offers themselves. */
    public long bytes() {
        return offers.bytes() + owners.bytes() + byTokens.bytes() + (bySeconds == null ? 0 : bySeconds.bytes());
    }

    private int classFor(Need need) {
        var current = need.holds(groups.generation(), owners.size()) ? need : prepare(need.request(), need.spec());
        last = bookFor(current.tariff()).search();
        return last.decide(current);
    }

    private Match.Found found(Need need, Digest numericClass) {
        return new Match.Found(
                numericClass,
                IntStream.range(0, need.request().count())
                        .mapToObj(this::picked)
                        .map(view -> new Pick(view, Pricing.attempt(need.spec(), view.offer())))
                        .toList());
    }

    private void insert(OfferView view, long lot) {
        int owner = owners.add(view.owner());
        int group = group(view.offer());
        int slot = offers.add(view);
        owners.stake(owner, view.freeStake());
        byTokens.insert(group, slot, view, lot, owner);
        if (bySeconds != null) {
            bySeconds.insert(group, slot, view, lot, owner);
        }
    }

    private int group(Offer offer) {
        return groups.of(offer).orElseGet(() -> addGroup(offer)).number();
    }

    private Groups.Group addGroup(Offer sample) {
        int before = groups.numbers();
        var group = groups.add(sample);
        shapes.clear();
        if (groups.numbers() > before) {
            byTokens.addGroup();
            if (bySeconds != null) {
                bySeconds.addGroup();
            }
        }
        return group;
    }

    private Book bookFor(Tariff tariff) {
        return switch (tariff) {
            case Tariff.Tokens _ -> byTokens;
            case Tariff.Seconds _ -> {
                if (bySeconds == null) {
                    bySeconds = openBySeconds();
                }
                yield bySeconds;
            }
        };
    }

    private Book openBySeconds() {
        var book = new Book(new Tariff.Seconds(1), offers, owners);
        for (int group = 0; group < groups.numbers(); group++) {
            book.addGroup();
        }
        offers.occupied().forEach(slot -> {
            var view = offers.view(slot);
            book.insert(
                    byTokens.group(slot), slot, view, Turn.lot(view.provider().bytes()), byTokens.owner(slot));
        });
        return book;
    }

    /** All offers, with what their owners have free now. */
    public List<OfferView> views() {
        return views(offers.occupied()).toList();
    }

    private Stream<OfferView> views(IntStream slots) {
        return slots.mapToObj(offers::view).map(this::withStake);
    }

    private OfferView withStake(OfferView view) {
        return view.staked(owners.amount(owners.numberOf(view.owner())));
    }

    /** Whether two offers have the same profile, without making it: an agent's lists rarely change. */
    private static boolean isOfSameKind(Offer a, Offer b) {
        return a.region().equals(b.region())
                && a.numericClasses().equals(b.numericClasses())
                && a.images().equals(b.images())
                && a.gpus().equals(b.gpus());
    }
}
