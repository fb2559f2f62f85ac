package io.perigee.market.matching;

/**
 * The best offers seen so far, each of another owner, in order. Whatever order offers are shown in, what stays is the
 * cheapest of each owner, of the owners whose cheapest is cheapest.
 */
final class Choice {
    private long[] rates = new long[4];
    private long[] turns = new long[4];
    private int[] slots = new int[4];
    private int[] owners = new int[4];
    private int wanted;
    private int size;

    void begin(int count) {
        wanted = count;
        size = 0;
        if (count > rates.length) {
            rates = new long[count];
            turns = new long[count];
            slots = new int[count];
            owners = new int[count];
        }
    }

    boolean isFull() {
        return size == wanted;
    }

    int size() {
        return size;
    }

    int slot(int at) {
        return slots[at];
    }

    int owner(int at) {
        return owners[at];
    }

    /** The sum, cheapest first. */
    double total() {
        double total = 0;
        for (int at = 0; at < size; at++) {
            total += Double.longBitsToDouble(rates[at]);
        }
        return total;
    }

    /** Above this rate nothing is taken any more. */
    long lastRate() {
        return rates[size - 1];
    }

    /**
     * Whether an owner's place is better than all that is left of a group, which goes on above a rate, or after a turn
     * at an earlier rate.
     */
    boolean isServed(int owner, long rate, long walkedRate, long walkedTurn) {
        int at = placeOf(owner);
        return at < size && (rates[at] < rate || !precedes(walkedRate, walkedTurn, at));
    }

    /** @return false when it is no better than what is there, so that nothing after it in its group is either */
    boolean offer(long rate, long turn, int slot, int owner) {
        int before = size;
        while (before > 0 && precedes(rate, turn, before - 1)) {
            before--;
        }
        if (before == wanted) {
            return false;
        }
        int from = placeOf(owner);
        if (from < before) {
            return true;
        }
        if (from >= size) {
            from = isFull() ? size - 1 : size++;
        }
        shift(before, from);
        rates[before] = rate;
        turns[before] = turn;
        slots[before] = slot;
        owners[before] = owner;
        return true;
    }

    private void shift(int at, int to) {
        System.arraycopy(rates, at, rates, at + 1, to - at);
        System.arraycopy(turns, at, turns, at + 1, to - at);
        System.arraycopy(slots, at, slots, at + 1, to - at);
        System.arraycopy(owners, at, owners, at + 1, to - at);
    }

    private boolean precedes(long rate, long turn, int at) {
        return rate < rates[at] || rate == rates[at] && Long.compareUnsigned(turn, turns[at]) < 0;
    }

    private int placeOf(int owner) {
        int at = 0;
        while (at < size && owners[at] != owner) {
            at++;
        }
        return at;
    }
}
