package io.perigee.eventlog;

import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads "500ms", "30s", "5m", "24h", "2d", ISO-8601's "PT30S", or a bare number of seconds. */
public final class Durations {
    private static final Pattern SHORT = Pattern.compile("([0-9]{1,12})(ms|s|m|h|d)?");

    private Durations() {}

    /** For the configuration library, which shows nothing as an empty text. */
    public static @Nullable Duration parseOrNull(String text) {
        return text.isBlank() ? null : parse(text);
    }

    /**
     * Reads one.
     *
     * @throws java.time.format.DateTimeParseException when it is none
     */
    public static Duration parse(String text) {
        var match = SHORT.matcher(text.trim());
        if (!match.matches()) {
            return Duration.parse(text.trim());
        }
        long count = Long.parseLong(match.group(1));
        return switch (match.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            case "d" -> Duration.ofDays(count);
            case null, default -> Duration.ofSeconds(count);
        };
    }
}
