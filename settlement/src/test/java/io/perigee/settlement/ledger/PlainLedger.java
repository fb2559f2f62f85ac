package io.perigee.settlement.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where everybody's money is, worked out by rules as short as they can be said: an order's pay comes out of what its builder
 * set aside for the hub, is cumulative for each run, at most a price a run and a maximum an order, and a reserved credit
 * ripens. Every move says whether it is allowed, and changes nothing when it is not.
 */
final class PlainLedger {
    private final long window;
    private final long recallTime;
    private final Map<String, Builder> builders = new HashMap<>();
    private final Map<String, Order> orders = new HashMap<>();
    private final Map<String, Credit> credits = new HashMap<>();
    private final Map<String, Long> paidOut = new HashMap<>();
    private long deposited;
    private long now;

    /** @param window W, in seconds @param recallTime seconds until what is asked back may leave */
    PlainLedger(long window, long recallTime) {
        this.window = window;
        this.recallTime = recallTime;
    }

    static final class Builder {
        long free;
        long active;
        long pending;
        long availableAt;
    }

    static final class Order {
        final String builder;
        final long maximum;
        final long price;
        final int borders;
        final int quorum;
        final long deadline;
        final Map<Integer, Long> paid = new HashMap<>();
        final Map<Integer, Boolean> agreed = new HashMap<>();
        long spent;

        Order(String builder, long maximum, long price, int borders, int quorum, long deadline) {
            this.builder = builder;
            this.maximum = maximum;
            this.price = price;
            this.borders = borders;
            this.quorum = quorum;
            this.deadline = deadline;
        }
    }

    static final class Credit {
        final String owner;
        long matured;
        long maturing;
        long maturesAt;

        Credit(String owner) {
            this.owner = owner;
        }

        long all() {
            return matured + maturing;
        }
    }

    /** One run that is shown: whose, and under which name its credit stands. */
    record Shown(int run, String credit, String owner) {}

    void time(long seconds) {
        now = seconds;
    }

    void order(String id, Order order) {
        orders.put(id, order);
    }

    /** A builder, or an owner that builders released to. */
    Builder of(String builder) {
        return builders.computeIfAbsent(builder, _ -> new Builder());
    }

    Order orderOf(String id) {
        return orders.get(id);
    }

    Map<String, Credit> credits() {
        return credits;
    }

    long paidOut(String whom) {
        return paidOut.getOrDefault(whom, 0L);
    }

    /** All that came in, and has to be somewhere. */
    long deposited() {
        return deposited;
    }

    long held() {
        long builders = this.builders.values().stream()
                .mapToLong(builder -> builder.free + builder.active + builder.pending)
                .sum();
        return builders + credits.values().stream().mapToLong(Credit::all).sum();
    }

    long allPaidOut() {
        return paidOut.values().stream().mapToLong(Long::longValue).sum();
    }

    boolean deposit(String who, long amount) {
        of(who).free += amount;
        deposited += amount;
        return true;
    }

    boolean withdraw(String who, long amount) {
        if (amount == 0 || amount > of(who).free) {
            return false;
        }
        of(who).free -= amount;
        pay(who, amount);
        return true;
    }

    boolean allot(String who, long amount) {
        var mine = of(who);
        if (amount == 0 || amount > mine.free) {
            return false;
        }
        mine.free -= amount;
        mine.active += amount;
        return true;
    }

    boolean recall(String who, long amount) {
        var mine = of(who);
        if (amount == 0 || amount > mine.active) {
            return false;
        }
        mine.active -= amount;
        mine.pending += amount;
        mine.availableAt = now + recallTime;
        return true;
    }

    boolean reclaim(String who) {
        var mine = of(who);
        if (mine.pending == 0 || now < mine.availableAt) {
            return false;
        }
        mine.free += mine.pending;
        mine.pending = 0;
        return true;
    }

    /** The builder pays a run of its own will: {@code total} is all that the run shall have got. */
    boolean release(String id, int run, String owner, long total) {
        var order = orders.get(id);
        long due = total - order.paid.getOrDefault(run, 0L);
        if (over(order)
                || total > order.price
                || due <= 0
                || due > order.maximum - order.spent
                || due > drawable(order)) {
            return false;
        }
        spend(order, due);
        order.paid.put(run, total);
        of(owner).free += due;
        return true;
    }

    /** Runs that agree at a border are shown. */
    boolean direct(String id, int border, List<Shown> runs) {
        var order = orders.get(id);
        boolean known = order.agreed.containsKey(border);
        if (over(order) || (!known && runs.size() < order.quorum)) {
            return false;
        }
        long earned = Math.min(order.price * border / order.borders, order.maximum);
        var dues = new ArrayList<Long>();
        for (var shown : runs) {
            dues.add(Math.max(0, earned - order.paid.getOrDefault(shown.run(), 0L)));
        }
        long wanted = dues.stream().mapToLong(Long::longValue).sum();
        long possible = Math.min(order.maximum - order.spent, drawable(order));
        if (wanted > 0 && possible == 0) {
            return false;
        }
        long total = 0;
        for (int i = 0; i < dues.size(); i++) {
            if (possible < wanted) {
                dues.set(i, dues.get(i) * possible / wanted);
            }
            total += dues.get(i);
        }
        if (known && total == 0) {
            return false;
        }
        order.agreed.put(border, true);
        if (total > 0) {
            spend(order, total);
        }
        for (int i = 0; i < runs.size(); i++) {
            if (dues.get(i) > 0) {
                reserve(order, runs.get(i), dues.get(i));
            }
        }
        return true;
    }

    /** All of these or none. */
    boolean collect(List<String> names) {
        for (var name : names) {
            var credit = credits.get(name);
            if (credit != null && credit.maturing > 0 && credit.matured == 0 && now < credit.maturesAt) {
                return false;
            }
        }
        for (var name : names) {
            var credit = credits.get(name);
            if (credit == null) {
                continue;
            }
            long amount = credit.matured;
            credit.matured = 0;
            if (now >= credit.maturesAt) {
                amount += credit.maturing;
                credit.maturing = 0;
            }
            pay(credit.owner, amount);
        }
        return true;
    }

    private void reserve(Order order, Shown shown, long amount) {
        order.paid.merge(shown.run(), amount, Long::sum);
        var credit = credits.computeIfAbsent(shown.credit(), _ -> new Credit(shown.owner()));
        if (now >= credit.maturesAt) {
            credit.matured += credit.maturing;
            credit.maturing = 0;
        }
        credit.maturing += amount;
        credit.maturesAt = Math.max(credit.maturesAt, now + window);
    }

    private long drawable(Order order) {
        var builder = of(order.builder);
        return builder.active + builder.pending;
    }

    private void spend(Order order, long amount) {
        var builder = of(order.builder);
        long first = Math.min(amount, builder.pending);
        builder.pending -= first;
        builder.active -= amount - first;
        order.spent += amount;
    }

    private boolean over(Order order) {
        return now > order.deadline + 6 * window;
    }

    private void pay(String whom, long amount) {
        paidOut.merge(whom, amount, Long::sum);
    }
}
