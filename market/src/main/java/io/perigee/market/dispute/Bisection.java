package io.perigee.market.dispute;

import io.perigee.protocol.id.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The long way, when somebody withholds its leaves: both say their root at the middle border, and the half in which they
 * part is halved again. ⌈log₂ n⌉ rounds lead to one segment; who is silent when a round ends has lost.
 *
 * @param equal the last border at which both are known to be equal
 * @param different the first border at which both are known to differ
 * @param until when this round ends
 * @param one what the first party says about the middle; null until it has spoken
 * @param other what the second party says
 */
public record Bisection(
        int equal,
        int different,
        Instant until,
        @Nullable Digest one,
        @Nullable Digest other) {
    /** How long a round lasts. */
    public static final Duration ROUND = Duration.ofMinutes(10);

    /** Who is in dispute. */
    public enum Party {
        ONE,
        OTHER
    }

    public Bisection {
        if (equal >= different) {
            throw new IllegalArgumentException("Expected to start equal and to end different, but got borders %d and %d"
                    .formatted(equal, different));
        }
    }

    /** Opens the dispute of two runs that start equal and end different. */
    public static Bisection open(int fromBorder, int border, Instant now) {
        return new Bisection(fromBorder, border, now.plus(ROUND), null, null);
    }

    /** The border both are asked about; meaningless once {@link #found}. */
    public int middle() {
        return (equal + different) >>> 1;
    }

    /** The segment in dispute, once the borders are neighbours. */
    public Optional<Integer> found() {
        return different - equal == 1 ? Optional.of(different) : Optional.empty();
    }

    /** A party says its root over the leaves up to the middle. What comes late, twice or after the end changes nothing. */
    public Bisection said(Party party, Digest root, Instant now) {
        if (found().isPresent() || now.isAfter(until)) {
            return this;
        }
        return switch (party) {
            case ONE -> one != null ? this : halved(root, other, now);
            case OTHER -> other != null ? this : halved(one, root, now);
        };
    }

    /** Who has lost by silence: nobody while the round runs, one or both once it is over. */
    public Set<Party> silent(Instant now) {
        var silent = EnumSet.noneOf(Party.class);
        if (found().isEmpty() && now.isAfter(until)) {
            if (one == null) {
                silent.add(Party.ONE);
            }
            if (other == null) {
                silent.add(Party.OTHER);
            }
        }
        return silent;
    }

    private Bisection halved(@Nullable Digest first, @Nullable Digest second, Instant now) {
        if (first == null || second == null) {
            return new Bisection(equal, different, until, first, second);
        }
        return first.equals(second)
                ? new Bisection(middle(), different, now.plus(ROUND), null, null)
                : new Bisection(equal, middle(), now.plus(ROUND), null, null);
    }
}
