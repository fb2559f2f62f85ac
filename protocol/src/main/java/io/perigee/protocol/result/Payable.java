package io.perigee.protocol.result;

import io.perigee.protocol.error.InvalidValue;
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
 * @param parts what earlier runs of the job did and is owed besides, each beginning where the one before it ends; this
 *     one begins where the last of them does. Null where one run did it all
 */
public record Payable(
        int toBorder,
        List<RunEvidence> winners,
        List<RunEvidence> contradictors,
        @Nullable List<AuditEvidence> audits,
        @Nullable DrawEvidence draw,
        @Nullable List<Payable> parts) {
    private static final Payable NOTHING = new Payable(0, List.of(), List.of());

    public Payable {
        winners = List.copyOf(winners);
        contradictors = List.copyOf(contradictors);
        audits = audits == null || audits.isEmpty() ? null : List.copyOf(audits);
        parts = parts == null || parts.isEmpty() ? null : List.copyOf(parts);
        if (parts != null && parts.stream().anyMatch(part -> part.parts() != null)) {
            throw new InvalidValue("Expected parts of a job to have no parts themselves, but one has");
        }
    }

    /** All of it by one run. */
    public Payable(
            int toBorder,
            List<RunEvidence> winners,
            List<RunEvidence> contradictors,
            @Nullable List<AuditEvidence> audits,
            @Nullable DrawEvidence draw) {
        this(toBorder, winners, contradictors, audits, draw, null);
    }

    /** Replicas that agree. */
    public Payable(int toBorder, List<RunEvidence> winners, List<RunEvidence> contradictors) {
        this(toBorder, winners, contradictors, null, null);
    }

    /** The same, with the runs that it proves wrong. */
    public Payable against(List<RunEvidence> others) {
        return new Payable(toBorder, winners, others, audits, draw, parts);
    }

    /** The same, done by these alone. */
    public Payable by(List<RunEvidence> others) {
        return new Payable(toBorder, others, contradictors, audits, draw, parts);
    }

    /** The same with these verdicts upon its run. */
    public Payable auditedBy(List<AuditEvidence> others) {
        return new Payable(toBorder, winners, contradictors, others, draw, parts);
    }

    /** The same with the parts before it; the last of them where nothing came after it. */
    public Payable after(List<Payable> earlier) {
        if (earlier.isEmpty()) {
            return this;
        }
        int last = earlier.size() - 1;
        return owesNothing()
                ? earlier.get(last).after(earlier.subList(0, last))
                : new Payable(toBorder, winners, contradictors, audits, draw, earlier);
    }

    /** Each part and then the last, in the order of their borders; the contract is shown one at a time. */
    public List<Payable> links() {
        if (parts == null) {
            return List.of(this);
        }
        return Stream.concat(parts.stream(), Stream.of(new Payable(toBorder, winners, contradictors, audits, draw)))
                .toList();
    }

    /** Nobody is owed anything: the whole reservation goes back. */
    public static Payable nothing() {
        return NOTHING;
    }

    public boolean owesNothing() {
        return winners.isEmpty() && contradictors.isEmpty();
    }

    /** Of everybody whose evidence is shown, earlier parts first. */
    public List<Assignment> assignments() {
        return links().stream()
                .flatMap(link -> Stream.of(
                        link.winners,
                        link.contradictors,
                        link.verdicts().stream().map(AuditEvidence::run).toList()))
                .flatMap(List::stream)
                .map(RunEvidence::assignment)
                .toList();
    }

    /** What the contract counts against the order's quorum: the runs, or the verdicts upon the first where those are more. */
    public int voices() {
        return Math.max(winners.size(), verdicts().size());
    }

    /** The auditors' verdicts; none where nothing was audited. */
    public List<AuditEvidence> verdicts() {
        return audits == null ? List.of() : audits;
    }
}
