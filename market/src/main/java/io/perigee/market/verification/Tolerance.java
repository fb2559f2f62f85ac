package io.perigee.market.verification;

import java.util.Comparator;
import java.util.List;

/**
 * Comparison across two numeric classes, of the update of one segment re-run from the committed checkpoint; whole runs
 * diverge and plain L2 is ruled by single elements of the first steps. Calibrated for one (model, pair of classes,
 * segment index) and for nothing else.
 *
 * @param sketch largest median of bucket differences, over the update's root mean square, in parts per billion
 * @param element largest difference of one element, in parts per billion
 * @param blindTo substitutes that it cannot tell from an honest run
 */
public record Tolerance(long sketch, long element, List<Substitute> blindTo) {
    /** Honest pairs below which nothing is calibrated. */
    public static final int LEAST_PAIRS = 50;

    /** The limit is so many times the widest honest pair. */
    public static final int MARGIN = 4;

    public Tolerance {
        blindTo = List.copyOf(blindTo);
    }

    /** How far two runs of one segment are apart, both in parts per billion. */
    public record Distance(long sketch, long element) {}

    /**
     * A known cheat, and how close to an honest run it was ever measured.
     *
     * @param savesWork whether anybody gains by it
     */
    public record Substitute(String words, Distance least, boolean savesWork) {}

    /** A verdict that does not say more than it knows. */
    public record Likeness(boolean alike, List<Substitute> couldNotHaveSeen) {}

    /**
     * Calibrates from honest pairs and measured substitutes.
     *
     * @param stepBound the largest step of one element that the learning rate allows
     */
    public static Tolerance calibrated(List<Distance> honest, List<Substitute> substitutes, long stepBound) {
        if (honest.size() < LEAST_PAIRS) {
            throw new IllegalArgumentException(
                    "Expected to calibrate from %d honest pairs, but got %d".formatted(LEAST_PAIRS, honest.size()));
        }
        long sketch = MARGIN
                * widest(honest, Comparator.comparingLong(Distance::sketch)).sketch();
        long element = Math.min(
                stepBound,
                MARGIN
                        * widest(honest, Comparator.comparingLong(Distance::element))
                                .element());
        var blind = substitutes.stream()
                .filter(each -> each.least().sketch() <= sketch && each.least().element() <= element)
                .toList();
        return new Tolerance(sketch, element, blind);
    }

    /** Whether the pair of classes may be used at all: what it cannot see must save nobody work. */
    public boolean usable() {
        return blindTo.stream().noneMatch(Substitute::savesWork);
    }

    public Likeness compare(Distance distance) {
        boolean alike = distance.sketch() <= sketch && distance.element() <= element;
        return new Likeness(alike, alike ? blindTo : List.of());
    }

    private static Distance widest(List<Distance> honest, Comparator<Distance> by) {
        return honest.stream().max(by).orElseThrow();
    }
}
