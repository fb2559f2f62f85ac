package io.perigee.cli.court;

import io.perigee.cli.Refusal;
import io.perigee.cli.view.Words;
import io.perigee.protocol.error.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How far back events are read: a court keeps hashes, and its events say what they are of. */
final class Lookback {
    /** Longer than two courts take, each drawn and closed at the last moment. */
    private static final int WINDOWS = 8;

    private static final Pattern SPAN = Pattern.compile("(\\d{1,5})([dhm])");

    @Option(
            names = "--since",
            paramLabel = "SPAN",
            description = "look so far back, such as 30d or 12h (default 8 W, in which a case is decided)")
    private @Nullable String since;

    Instant from(Courtroom court) {
        return court.now().minus(span(court));
    }

    String words(Courtroom court) {
        return Words.span(span(court));
    }

    private Duration span(Courtroom court) {
        var given = since;
        return given == null ? court.book().terms().window().multipliedBy(WINDOWS) : parse(given);
    }

    static Duration parse(String given) {
        var read = SPAN.matcher(given);
        if (!read.matches()) {
            throw new Refusal(
                    ErrorCode.MALFORMED,
                    "Expected a span such as 30d, 12h or 90m, but got '%s'".formatted(given),
                    "--since 30d");
        }
        long count = Long.parseLong(read.group(1));
        return switch (read.group(2)) {
            case "d" -> Duration.ofDays(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofMinutes(count);
        };
    }
}
