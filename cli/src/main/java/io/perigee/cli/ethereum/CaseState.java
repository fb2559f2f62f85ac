package io.perigee.cli.ethereum;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A case as the court's events tell it.
 *
 * @param border where the segment ends; up to 2^32 - 1, whatever a job has that this program reads
 * @param court 1, or 2 after the first came to nothing
 * @param calledAt when that court was called
 * @param again whether a draw of that court found too few
 * @param drawn whether that court is drawn; what follows is of that court
 * @param commitUntil until when its judges commit; of no meaning as long as nobody is drawn
 * @param window W, in which the court's times are counted
 * @param replacements how often silent judges were replaced, twice at most
 * @param verdict empty while the case is open
 */
public record CaseState(
        long id,
        long border,
        Dispute dispute,
        Instant openedAt,
        int court,
        Instant calledAt,
        boolean again,
        boolean drawn,
        Instant commitUntil,
        Duration window,
        int replacements,
        List<Seat> seats,
        Optional<Verdict> verdict) {
    private static final int MOST_REPLACEMENTS = 2;

    public CaseState {
        seats = List.copyOf(seats);
    }

    /** @param vote empty until it is revealed; a hash's first 31 bytes are what counts */
    public record Seat(int number, Address judge, boolean committed, Optional<Digest> vote) {
        Seat taken(Address other) {
            return new Seat(number, other, false, Optional.empty());
        }

        Seat sealed() {
            return new Seat(number, judge, true, vote);
        }

        Seat opened(Digest found) {
            return new Seat(number, judge, true, Optional.of(found));
        }
    }

    /** What a case came to. */
    public record Verdict(Outcome outcome, Amount slashed, Instant at) {}

    public enum Outcome {
        CONDEMNED,
        CLEARED,
        UNDECIDED
    }

    /** What the case waits for. */
    public enum Stage {
        TO_DRAW,
        COMMITTING,
        REPLACING,
        REVEALING,
        TO_CLOSE,
        CLOSED
    }

    public Stage stage(Instant now) {
        if (verdict.isPresent()) {
            return Stage.CLOSED;
        }
        if (!drawn) {
            return now.isBefore(drawnUntil()) ? Stage.TO_DRAW : Stage.TO_CLOSE;
        }
        if (now.isBefore(commitUntil)) {
            return Stage.COMMITTING;
        }
        if (now.isBefore(revealFrom())) {
            return Stage.REPLACING;
        }
        return now.isBefore(revealUntil()) ? Stage.REVEALING : Stage.TO_CLOSE;
    }

    /** When the stage it is in is over; the epoch's end of a closed one's. */
    public Instant until(Instant now) {
        return switch (stage(now)) {
            case TO_DRAW -> drawnUntil();
            case COMMITTING -> commitUntil;
            case REPLACING -> revealFrom();
            case REVEALING -> revealUntil();
            case TO_CLOSE, CLOSED -> now;
        };
    }

    /** From when anybody draws, also without the hub's secret, which counts in a court's first draw alone. */
    public Instant drawnByAnybodyFrom() {
        return again ? calledAt : calledAt.plus(window.dividedBy(8));
    }

    private Instant drawnUntil() {
        return calledAt.plus(window);
    }

    public Instant revealFrom() {
        return commitUntil.plus(window.dividedBy(8));
    }

    public Instant revealUntil() {
        return revealFrom().plus(window.dividedBy(4));
    }

    /** Whether somebody can be replaced now. */
    public boolean replaceable(Instant now) {
        return stage(now) == Stage.REPLACING
                && replacements < MOST_REPLACEMENTS
                && seats.stream().anyMatch(seat -> !seat.committed());
    }

    public Optional<Seat> seatOf(Address judge) {
        return seats.stream().filter(seat -> seat.judge().equals(judge)).findFirst();
    }

    /** How many must come to one leaf. */
    public int needed() {
        return court == 1 ? 4 : 7;
    }

    static List<Seat> bench(List<Address> judges) {
        return IntStream.range(0, judges.size())
                .mapToObj(seat -> new Seat(seat, judges.get(seat), false, Optional.empty()))
                .toList();
    }
}
