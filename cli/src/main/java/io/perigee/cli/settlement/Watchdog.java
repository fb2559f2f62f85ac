package io.perigee.cli.settlement;

import io.perigee.cli.Session;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

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
        var budget = new Budget(posts.standing().demandBond());
        var recent = posts.recent(now);
        var demands = new TreeMap<Integer, List<Demand>>();
        for (var post : recent) {
            var all =
                    epochs().demands(post.id(), Instant.ofEpochSecond(post.id().postedFrom(posts.window())));
            demands.put(post.id().number(), all);
            if (epochs().state(post.id()) == EpochBook.State.PENDING) {
                budget.spend(
                        all.stream().filter(demand -> demand.by().equals(self)).count());
            }
        }
        for (var post : recent) {
            moves.addAll(about(post, demands.getOrDefault(post.id().number(), List.of()), budget, now));
        }
        return moves;
    }

    private List<Move> about(Post post, List<Demand> demands, Budget budget, Instant now) {
        var open = demands.stream().filter(demand -> !demand.answered()).toList();
        return switch (epochs().state(post.id())) {
            case SETTLED -> once(post.id(), Sign.GOOD, "it is settled");
            case FINAL ->
                once(
                        post.id(),
                        Sign.GOOD,
                        "it is final: perigee settlement settle " + post.id().number());
            case NOTHING -> ended(post.id(), open);
            case PENDING -> pending(post, open, budget, now);
        };
    }

    /** Void, by a proven fault or by silence: bonds come back, and the first to say so ruins the book. */
    private List<Move> ended(EpochId id, List<Demand> open) {
        List<Move> moves = new ArrayList<>(once(id, Sign.BAD, "it is void"));
        open.forEach(demand -> moves.add(new Move.Lapse(
                id, "nobody answered the demand of " + named(demand), epochs().lapse(id, demand.what()))));
        return moves;
    }

    private List<Move> pending(Post post, List<Demand> open, Budget budget, Instant now) {
        var id = post.id();
        if (verified.contains(id)) {
            return List.of();
        }
        return switch (source.check(post)) {
            case Checked.True(var ledger) -> {
                verified.add(id);
                List<Move> moves = new ArrayList<>(once(id, Sign.GOOD, "its lines come to what was posted"));
                if (now.isBefore(demandedUntil(id))) {
                    moves.addAll(asked(post, ledger, open, budget));
                }
                yield moves;
            }
            case Checked.False(var ledger, var findings) ->
                new Proof(epochs(), ledger)
                        .of(findings)
                        .<List<Move>>map(accusation ->
                                List.of(new Move.Accuse(id, accusation.finding().sentence(), accusation.calls())))
                        .orElseGet(() -> once(id, Sign.BAD, findings.getFirst().sentence()));
            case Checked.Withheld(var why) -> withheld(post, why, open, budget, now);
        };
    }

    /** The hub has until half a window before the last moment to publish; then a line is demanded, which one alone cannot guess. */
    private List<Move> withheld(Post post, String why, List<Demand> open, Budget budget, Instant now) {
        var id = post.id();
        if (!open.isEmpty()) {
            return once(id, Sign.WAITING, "the demand of %s waits for its answer".formatted(named(open.getFirst())));
        }
        var patience = demandedUntil(id).minus(posts.window().dividedBy(2));
        if (now.isBefore(patience) || !now.isBefore(demandedUntil(id))) {
            return once(id, Sign.WAITING, why);
        }
        long index = session.random().nextLong(post.lines());
        return budget.allows(id, 1)
                ? List.of(new Move.Demand(id, "line %d: %s".formatted(index, why), epochs().demandLine(post, index)))
                : once(id, Sign.BAD, budget.refusal());
    }

    private List<Move> asked(Post post, EpochLedger ledger, List<Demand> open, Budget budget) {
        var id = post.id();
        var wanted = new TreeMap<Integer, String>();
        for (int i = 0; i < ledger.lines().count() && !limits.builders().isEmpty(); i++) {
            if (limits.builders().contains(ledger.lines().builder(i))) {
                wanted.put(i, "it debits a builder of yours");
            }
        }
        int count = ledger.lines().count();
        var drawn = new TreeSet<Integer>();
        while (drawn.size() < Math.min(limits.sample(), count)) {
            drawn.add(session.random().nextInt(count));
        }
        drawn.forEach(index -> wanted.putIfAbsent(index, "drawn by chance"));
        open.forEach(demand -> wanted.remove((int) demand.index()));
        var moves = new ArrayList<Move>();
        for (var entry : wanted.entrySet()) {
            if (!budget.allows(id, 1)) {
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
        private final Amount each;
        private Amount spent = Amount.ZERO;
        private Amount free = session.chain().funds().free(self);

        Budget(Amount each) {
            this.each = each;
        }

        void spend(long demands) {
            spent = spent.plus(each.times(demands));
        }

        boolean allows(EpochId id, int demands) {
            var more = each.times(demands);
            if (!limits.maxBond().covers(spent.plus(more)) || !free.covers(more)) {
                return false;
            }
            spent = spent.plus(more);
            free = free.minus(more);
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
