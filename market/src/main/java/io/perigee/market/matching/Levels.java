package io.perigee.market.matching;

import io.perigee.market.pricing.Tariff;
import io.perigee.protocol.id.Decimal;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * All that an offer has, in one word: eight fields of levels, each below a guard bit. One subtraction tells whether an
 * offer has at least what a job needs in every field, and the field-wise maximum of many offers tells whether one of
 * them may.
 *
 * <p>A level is a value rounded down. An offer can have what is needed only when its level is at least that of the need,
 * and surely has it when its level is at least that of the need rounded up; between the two the values decide.
 */
final class Levels {
    private static final long LOWS = all(Field::low);
    private static final long GUARDS = all(Field::guard);

    /** Fields of the word, from its lowest bits up; they fill it. */
    enum Field {
        FREE(0, 1),
        REPUTATION(2, 10),
        CPU(13, 7),
        MEMORY(21, 7),
        DISK(29, 7),
        GPUS(37, 5),
        CHEAPNESS(43, 8),
        KEY_LIFE(52, 11);

        private final int shift;
        private final int bits;

        Field(int shift, int bits) {
            this.shift = shift;
            this.bits = bits;
        }

        /** The highest level; every value from its edge up has it. */
        int top() {
            return (1 << bits) - 1;
        }

        /** A level in its place. */
        long at(long level) {
            return Math.clamp(level, 0L, (long) top()) << shift;
        }

        /** Its level in a word. */
        int in(long levels) {
            return (int) (levels >>> shift) & top();
        }

        private long mask() {
            return guard() - low();
        }

        private long low() {
            return 1L << shift;
        }

        private long guard() {
            return 1L << (shift + bits);
        }
    }

    private Levels() {}

    /** What an offer has, with its price in a tariff; whether it is free is a level of its own. */
    static long of(OfferView view, Tariff tariff) {
        return of(view, tariff, Field.REPUTATION.at(reputation(view.reputation(), false)));
    }

    /** The levels of an offer when only what is in use has changed: reading decimals takes longer than all the rest. */
    static long using(long levels, OfferView view) {
        return levels & ~(Field.FREE.mask() | Field.GPUS.mask()) | use(view);
    }

    /** The levels of an offer that took the place of another one of its provider. */
    static long again(long levels, OfferView before, OfferView view, Tariff tariff) {
        return before.reputation().equals(view.reputation())
                ? of(view, tariff, levels & Field.REPUTATION.mask())
                : of(view, tariff);
    }

    private static long of(OfferView view, Tariff tariff, long reputation) {
        var offer = view.offer();
        return reputation
                | use(view)
                | Field.CPU.at(count(offer.cpus(), false))
                | Field.MEMORY.at(size(offer.memory(), false))
                | Field.DISK.at(size(offer.disk(), false))
                | Field.CHEAPNESS.at(cheapness(tariff.price(offer).value()))
                | Field.KEY_LIFE.at(keyLife(view.sessionKey().expiresAt(), false));
    }

    private static long use(OfferView view) {
        boolean free = view.offer().slots() > view.usedSlots() && view.standing() == Standing.GOOD;
        return Field.FREE.at(free ? 1 : 0)
                | Field.GPUS.at(count(view.offer().gpus().size() - view.usedGpus(), false));
    }

    /** While an offer takes nothing, nothing that it has can be had. */
    static boolean isFree(long levels) {
        return (levels & Field.FREE.mask()) != 0;
    }

    /** Whether every field of the first is at least that of the second. */
    static boolean cover(long levels, long needed) {
        return (((levels | GUARDS) - needed) & GUARDS) == GUARDS;
    }

    /** The larger of each field. */
    static long max(long a, long b) {
        long notBelow = ((a | GUARDS) - b) & GUARDS;
        long fields = notBelow - Long.expand(Long.compress(notBelow, GUARDS), LOWS);
        return (a & fields) | (b & ~fields);
    }

    /** Of thousandths from 0 up; level 0 is below zero. */
    static int reputation(Decimal reputation, boolean up) {
        if (reputation.equals(Decimal.ZERO)) {
            return 1;
        }
        var thousandths = reputation.number().movePointRight(3);
        if (thousandths.signum() < 0) {
            return up ? 1 : 0;
        }
        int level = 1 + whole(thousandths);
        return up && thousandths.compareTo(new BigDecimal(level - 1)) > 0 ? level + 1 : level;
    }

    private static int whole(BigDecimal number) {
        return number.compareTo(BigDecimal.valueOf(Short.MAX_VALUE)) > 0 ? Short.MAX_VALUE : number.intValue();
    }

    /** Of a number of things; level 0 is below zero. */
    static long count(int number, boolean up) {
        return number < 0 && !up ? 0 : Math.max(0L, number) + 1;
    }

    /** Of bytes: four levels to a doubling, from 1 MiB up; level 1 is less, level 0 below zero. */
    static long size(long bytes, boolean up) {
        if (bytes <= 0) {
            return bytes < 0 && !up ? 0 : 1;
        }
        int doubling = 63 - Long.numberOfLeadingZeros(bytes);
        if (doubling < 20) {
            return up ? 2 : 1;
        }
        long quarter = bytes >>> (doubling - 2);
        long level = 2 + 4L * (doubling - 20) + (quarter & 3);
        return up && quarter << (doubling - 2) < bytes ? level + 1 : level;
    }

    /** Of a price: four levels to a doubling, the cheapest highest; level 0 is whatever is dearer than 2^65. */
    static int cheapness(BigInteger price) {
        int doubling = price.bitLength() - 1;
        if (doubling < 2) {
            return Field.CHEAPNESS.top();
        }
        int quarter = price.bitLength() < Long.SIZE
                ? (int) (price.longValue() >>> (doubling - 2)) & 3
                : price.shiftRight(doubling - 2).intValue() & 3;
        return Math.max(0, Field.CHEAPNESS.top() - 4 * (doubling - 1) - quarter);
    }

    /** Of the second in which a session key ends: weeks from 2025 up; level 0 is before. */
    static long keyLife(long second, boolean up) {
        long start = 1_735_689_600;
        long week = 604_800;
        return up ? Math.max(1, Math.ceilDiv(second - start, week)) : Math.floorDiv(second - start, week);
    }

    private static long all(ToLongFunction<Field> bit) {
        return Stream.of(Field.values()).mapToLong(bit).sum();
    }
}
