package io.perigee.protocol.result;

import java.util.List;

/**
 * What a decided job owes.
 *
 * @param toBorder the border up to which the winners are paid
 * @param winners runs of distinct owners that agree at that border
 * @param contradictors runs whose openings at that border differ from the winners'
 */
public record Payable(int toBorder, List<RunEvidence> winners, List<RunEvidence> contradictors) {
    private static final Payable NOTHING = new Payable(0, List.of(), List.of());

    public Payable {
        winners = List.copyOf(winners);
        contradictors = List.copyOf(contradictors);
    }

    /** Nobody is owed anything: the whole reservation goes back. */
    public static Payable nothing() {
        return NOTHING;
    }

    public boolean owesNothing() {
        return winners.isEmpty() && contradictors.isEmpty();
    }
}
