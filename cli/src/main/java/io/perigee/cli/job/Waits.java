package io.perigee.cli.job;

import io.perigee.cli.Session;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What a submission waits for of itself, and says so. */
final class Waits {
    /** A second apart. */
    private static final int ALLOTMENT_TRIES = 30;

    private static final Duration SECOND = Duration.ofSeconds(1);

    /** In a row: more than the minutes by which a hub counts. */
    private static final int LIMITED_TRIES = 10;

    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final Session session;

    Waits(Session session) {
        this.session = session;
    }

    /** Until the hub has seen the deposit. */
    <T> T forDeposit(BooleanSupplier covered, Supplier<T> submission) {
        return new DepositWait(ALLOTMENT_TRIES, covered, before -> {
                    if (before == 0) {
                        session.say("  the hub has not seen the deposit yet; waiting");
                    }
                    session.rest(SECOND);
                })
                .until(submission);
    }

    /** While the hub takes no more requests of this wallet. */
    <T> T whileLimited(Supplier<T> request) {
        return new RateWait(LIMITED_TRIES, LONGEST, pause -> {
                    session.say("  the hub takes so many requests a minute; waiting %d s".formatted(pause.toSeconds()));
                    session.rest(pause);
                })
                .until(request);
    }
}
