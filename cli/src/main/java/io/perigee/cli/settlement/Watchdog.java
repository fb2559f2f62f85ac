package io.perigee.cli.settlement;

import io.perigee.cli.Refusal;
import io.perigee.cli.Session;
import io.perigee.cli.ethereum.ChainFault;
import io.perigee.cli.ethereum.EpochBook;
import io.perigee.cli.ethereum.EpochBook.Demand;
import io.perigee.cli.ethereum.EpochBook.Post;
import io.perigee.cli.settlement.Move.Sign;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.epoch.EpochLedger;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Follows a hub's epochs and says what to do about each. All that it knows is on the chain, so that it may be stopped and
 * started anywhere; what it remembers only spares it from reading a file twice.
 */
final class Watchdog {
    private final Session session;
    private final Posts posts;
    private final EpochSource source;
    private final Limits limits;
    private final Address self;
    private final Set<EpochId> verified = new HashSet<>();
    private final Map<Integer, String> told = new TreeMap<>();

    /**
     * What it may spend, and on what.
     *
     * @param maxBond at stake in demands upon epochs that are not decided
     * @param sample how many lines of each true epoch are demanded, drawn by chance
     * @param builders every line that one of these pays is demanded
     */
    record Limits(Amount maxBond, int sample, Set<Address> builders) {
        Limits {
            builders = Set.copyOf(builders);
        }
    }

    Watchdog(Session session, Posts posts, EpochSource source, Limits limits) {
        this.session = session;
        this.posts = posts;
        this.source = source;
        this.limits = limits;
        this.self = session.walletFile().address();
    }

    /** One look at every epoch that may not be decided. */
    List<Move> look(Instant now) {
        var moves = new ArrayList<Move>();
        var budget = new Budget();
        var recent = posts.recent(now);
        var demands = new TreeMap<Integer, List<Demand>>();
        for (var post : recent) {
            try {
                var all = epochs().demands(
                                post.id(), Instant.ofEpochSecond(post.id().postedFrom(posts.window())));
                if (epochs().state(post.id()) == EpochBook.State.PENDING) {
                    budget.spend(all);
                }
                budget.known(post.id(), all.size());
                demands.put(post.id().number(), all);
            } catch (ChainFault e) {
                throw e;
            } catch (RuntimeException e) {
                moves.add(failed(post, e));
            }
        }
        for (var post : recent) {
            var known = demands.get(post.id().number());
            if (known != null) {
                moves.addAll(guarded(post, known, budget, now));
            }
        }
        return moves;
    }

    /** What cannot be read of one epoch is said by its name. */
    private static Move failed(Post post, RuntimeException fault) {
        return new Move.Failed(
                post.id(),
                fault instanceof ChainFault || fault instanceof Refusal
                        ? fault
                        : new IllegalStateException(
                                "Expected to look at epoch %s, but it cannot be read and is left aside: %s"
                                        .formatted(post.id(), fault.getMessage()),
                                fault));
    }

    /** One epoch that cannot be looked at does not keep the others from it. */
    private List<Move> guarded(Post post, List<Demand> demands, Budget budget, Instant now) {
        try {
            return about(post, demands, budget, now);
        } catch (RuntimeException e) {
            again(post.id());
            return List.of(failed(post, e));
        } catch (OutOfMemoryError e) {
            again(post.id());
            return List.of(new Move.Failed(
                    post.id(),
                    new IllegalStateException(
                            "Expected to check the %d lines of epoch %s, but they do not fit this program's memory"
                                    .formatted(post.lines(), post.id()),
                            e)));
        }
    }

    private List<Move> about(Post post, List<Demand> demands, Budget budget, Instant now) {
        return switch (epochs().state(post.id())) {
            case SETTLED -> once(post.id(), Sign.GOOD, "it is settled");
            case FINAL ->
                once(
                        post.id(),
                        Sign.GOOD,
                        "it is final: perigee settlement settle " + post.id().number());
            case NOTHING -> ended(post.id(), open(demands));
            case PENDING -> pending(post, demands, budget, now);
        };
    }

    /** Void, by a proven fault or by silence: bonds come back, and the first to say so ruins the book. */
    private List<Move> ended(EpochId id, List<Demand> open) {
        List<Move> moves = new ArrayList<>(once(id, Sign.BAD, "it is void"));
        open.forEach(demand -> moves.add(new Move.Lapse(
                id, "nobody answered the demand of " + named(demand), epochs().lapse(id, demand.what()))));
        return moves;
    }

    private static List<Demand> open(List<Demand> demands) {
        return demands.stream().filter(demand -> !demand.answered()).toList();
    }

    private List<Move> pending(Post post, List<Demand> demands, Budget budget, Instant now) {
        var id = post.id();
        if (verified.contains(id)) {
            return List.of();
        }
        return switch (source.check(post)) {
            case Checked.True(var ledger) -> {
                verified.add(id);
                List<Move> moves = new ArrayList<>(once(id, Sign.GOOD, "its lines come to what was posted"));
                if (now.isBefore(demandedUntil(id))) {
                    moves.addAll(asked(post, ledger, demands, budget));
                }
                yield moves;
            }
            case Checked.False(var ledger, var findings) ->
                new Proof(epochs(), ledger)
                        .of(findings)
                        .<List<Move>>map(accusation ->
                                List.of(new Move.Accuse(id, accusation.finding().sentence(), accusation.calls())))
                        .orElseGet(() -> once(id, Sign.BAD, findings.getFirst().sentence()));
            case Checked.Withheld withheld -> withheld(post, withheld, demands, budget, now);
        };
    }

    /**
     * The hub has until half a window before the last moment to publish. Then lines are demanded, at each look another: the one
     * that another file points at, or one drawn by chance, which nobody can guess. Nothing is waited for, neither the answer
     * to one's own demand nor to anybody else's: an answer may be held back until nobody can demand any more, and an order
     * that a friend of the settler made up is answered for nothing. Only what is demanded already is not demanded again.
     */
    private List<Move> withheld(
            Post post, Checked.Withheld withheld, List<Demand> demands, Budget budget, Instant now) {
        var id = post.id();
        var open = open(demands);
        var patience = demandedUntil(id).minus(posts.window().dividedBy(2));
        if (!now.isBefore(patience) && now.isBefore(demandedUntil(id))) {
            var index = another(post, withheld.suspect(), demands);
            if (index.isPresent()) {
                long line = index.getAsLong();
                return budget.allows(id)
                        ? List.of(new Move.Demand(
                                id, "line %d: %s".formatted(line, withheld.why()), epochs().demandLine(post, line)))
                        : once(id, Sign.BAD, budget.refusal());
            }
        }
        return once(
                id,
                Sign.WAITING,
                open.isEmpty()
                        ? withheld.why()
                        : "the demand of %s waits for its answer".formatted(named(open.getFirst())));
    }

    /** A line that nobody demanded yet; empty when all were. */
    private OptionalLong another(Post post, OptionalLong suspect, List<Demand> demands) {
        var known = demands.stream()
                .map(Demand::index)
                .filter(index -> index >= 0)
                .collect(Collectors.toCollection(TreeSet::new));
        if (suspect.isPresent() && !known.contains(suspect.getAsLong())) {
            return suspect;
        }
        long left = post.lines() - known.size();
        if (left <= 0) {
            return OptionalLong.empty();
        }
        // the place among those left, so that one draw is enough however many are known
        long index = session.random().nextLong(left);
        for (long taken : known) {
            if (taken <= index) {
                index++;
            }
        }
        return OptionalLong.of(index);
    }

    /** Lines of one's own builders, and as many drawn as were not demanded already: a watchdog that starts again asks no more. */
    private List<Move> asked(Post post, EpochLedger ledger, List<Demand> demands, Budget budget) {
        var id = post.id();
        int count = ledger.lines().count();
        var wanted = new TreeMap<Long, String>();
        for (int i = 0; i < count && !limits.builders().isEmpty(); i++) {
            if (limits.builders().contains(ledger.lines().builder(i))) {
                wanted.put((long) i, "it debits a builder of yours");
            }
        }
        long drawn = demands.stream()
                .filter(demand -> demand.by().equals(self) && !wanted.containsKey(demand.index()))
                .count();
        demands.forEach(demand -> wanted.remove(demand.index()));
        var known = demands.stream().map(Demand::index).collect(Collectors.toSet());
        while (drawn < limits.sample() && wanted.size() + known.size() < count) {
            long index = session.random().nextInt(count);
            if (!known.contains(index) && wanted.putIfAbsent(index, "drawn by chance") == null) {
                drawn++;
            }
        }
        var moves = new ArrayList<Move>();
        for (var entry : wanted.entrySet()) {
            if (!budget.allows(id)) {
                moves.addAll(once(id, Sign.BAD, budget.refusal()));
                break;
            }
            moves.add(new Move.Demand(
                    id,
                    "line %d: %s".formatted(entry.getKey(), entry.getValue()),
                    epochs().demandLine(post, entry.getKey())));
        }
        return moves;
    }

    /** Looks at an epoch again, since what was to be done about it was not. */
    void again(EpochId id) {
        verified.remove(id);
        told.remove(id.number());
    }

    /** What is told of an epoch is told when it changes. */
    private List<Move> once(EpochId id, Sign sign, String why) {
        return why.equals(told.put(id.number(), why)) ? List.of() : List.of(new Move.Tell(id, sign, why));
    }

    private Instant demandedUntil(EpochId id) {
        return Instant.ofEpochSecond(id.demandedUntil(posts.window()));
    }

    private static String named(Demand demand) {
        return demand.index() < 0 ? "an order" : "line " + demand.index();
    }

    private EpochBook epochs() {
        return session.chain().epochs();
    }

    /** What demands may still put at stake. */
    private final class Budget {
        private final EpochBook.Standing standing = posts.standing();
        private final Map<EpochId, Long> demanded = new HashMap<>();
        private Amount spent = Amount.ZERO;
        private Amount free = session.chain().funds().free(self);
        private Amount each = standing.demandBond(0);

        /** One's own of all demands of an epoch, each at the price of its place. */
        void spend(List<Demand> all) {
            for (int before = 0; before < all.size(); before++) {
                if (all.get(before).by().equals(self)) {
                    spent = spent.plus(standing.demandBond(before));
                }
            }
        }

        void known(EpochId id, long demands) {
            demanded.put(id, demands);
        }

        boolean allows(EpochId id) {
            long before = demanded.getOrDefault(id, 0L);
            each = standing.demandBond(before);
            if (!limits.maxBond().covers(spent.plus(each)) || !free.covers(each)) {
                return false;
            }
            spent = spent.plus(each);
            free = free.minus(each);
            demanded.put(id, before + 1);
            told.remove(id.number());
            return true;
        }

        String refusal() {
            var money = session.money();
            return free.covers(each)
                    ? "a demand costs a bond of %s, and %s of at most %s are at stake; raise --max-bond"
                            .formatted(money.of(each), money.of(spent), money.of(limits.maxBond()))
                    : "a demand costs a bond of %s, and %s are free; perigee deposit --no-allot"
                            .formatted(money.of(each), money.of(free));
        }
    }
}
