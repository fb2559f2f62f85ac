package io.perigee.protocol.result;

import io.perigee.protocol.message.Assignment;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a decided job owes.
 *
 * @param toBorder the border up to which the winners are paid
 * @param winners runs of distinct owners that agree at that border; one where auditors stand behind it
 * @param contradictors runs whose openings at that border differ from the winners', and which lose a bond for it
 * @param audits verdicts of distinct other owners upon the one winner, each paid its assignment's price; null where
 *     nothing was audited
 * @param draw what was to be audited; null where nothing was drawn
 */
public record Payable(
        int toBorder,
        List<RunEvidence> winners,
        List<RunEvidence> contradictors,
        @Nullable List<AuditEvidence> audits,
        @Nullable DrawEvidence draw) {
    private static final Payable NOTHING = new Payable(0, List.of(), List.of());

    public Payable {
        winners = List.copyOf(winners);
        contradictors = List.copyOf(contradictors);
        audits = audits == null || audits.isEmpty() ? null : List.copyOf(audits);
    }

    /** Replicas that agree. */
    public Payable(int toBorder, List<RunEvidence> winners, List<RunEvidence> contradictors) {
        this(toBorder, winners, contradictors, null, null);
    }

    /** The same, with the runs that it proves wrong. */
    public Payable against(List<RunEvidence> others) {
        return new Payable(toBorder, winners, others, audits, draw);
    }

    /** Nobody is owed anything: the whole reservation goes back. */
    public static Payable nothing() {
        return NOTHING;
    }

    public boolean owesNothing() {
        return winners.isEmpty() && contradictors.isEmpty();
    }

    /** Of everybody whose evidence is shown. */
    public List<Assignment> assignments() {
        return Stream.of(
                        winners,
                        contradictors,
                        verdicts().stream().map(AuditEvidence::run).toList())
                .flatMap(List::stream)
                .map(RunEvidence::assignment)
                .toList();
    }

    /** The auditors' verdicts; none where nothing was audited. */
    public List<AuditEvidence> verdicts() {
        return audits == null ? List.of() : audits;
    }
}
