package io.perigee.cli.court;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How often a judge looks at the chain. */
final class Pace {
    private static final Duration QUICKEST = Duration.ofMillis(500);
    private static final Duration SLOWEST = Duration.ofMinutes(1);
    private static final int LOOKS_A_WINDOW = 64;

    @Option(
            names = "--every",
            paramLabel = "SECONDS",
            description = "look at the chain so often (default W/64, a minute at most)")
    private @Nullable Integer every;

    /** @return false when it was interrupted: then the program is to end */
    boolean rest(Courtroom court) {
        return rest(pause(court));
    }

    /** The same where the chain cannot be asked for its times. */
    boolean rest() {
        return rest(every == null ? SLOWEST : Duration.ofSeconds(Math.max(1, every)));
    }

    private static boolean rest(Duration pause) {
        try {
            Thread.sleep(pause);
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Duration pause(Courtroom court) {
        if (every != null) {
            return Duration.ofSeconds(Math.max(1, every));
        }
        var wanted = court.book().terms().window().dividedBy(LOOKS_A_WINDOW);
        return wanted.compareTo(QUICKEST) < 0 ? QUICKEST : wanted.compareTo(SLOWEST) > 0 ? SLOWEST : wanted;
    }
}
