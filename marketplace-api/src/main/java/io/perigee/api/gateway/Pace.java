package io.perigee.api.gateway;

import io.perigee.api.problem.Refused;
import io.perigee.api.session.RateLimits;
import io.perigee.api.settings.Settings;
import io.perigee.protocol.error.Rejected;
import io.perigee.protocol.id.ProviderId;
import java.time.Instant;
import java.util.Optional;

/**
 * How much of what a provider says in a minute is stored: to register costs little, and what is stored is kept for days. What
 * is long counts as several.
 */
final class Pace {
    private static final int CHARACTERS_OF_A_REPORT = 16 << 10;
    private static final int CHARACTERS_OF_AN_OFFER = 4 << 10;

    private final RateLimits counts;
    private final Settings.Limits most;

    Pace(RateLimits counts, Settings.Limits most) {
        this.counts = counts;
        this.most = most;
    }

    /** Counts a report of so many characters; why it is too much, if so. */
    Optional<Rejected> report(ProviderId provider, int length, Instant now) {
        return count("reports ", provider, length / CHARACTERS_OF_A_REPORT, most.reportsPerMinute(), now);
    }

    /** Counts an offer. */
    Optional<Rejected> offer(ProviderId provider, int length, Instant now) {
        return count("offers ", provider, length / CHARACTERS_OF_AN_OFFER, most.offersPerMinute(), now);
    }

    /** Counts a log-in, which has an offer; only of one that has proven who it is, or anybody could keep it out. */
    Optional<Rejected> logIn(ProviderId provider, int length, Instant now) {
        return count("log-ins ", provider, length / CHARACTERS_OF_AN_OFFER, most.logInsPerMinute(), now);
    }

    private Optional<Rejected> count(String what, ProviderId provider, int more, int limit, Instant now) {
        try {
            counts.count(what + provider.value(), 1 + more, limit, now);
            return Optional.empty();
        } catch (Refused tooMany) {
            return Optional.of(tooMany.rejected());
        }
    }
}
