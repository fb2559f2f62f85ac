package io.perigee.agent.app;

import io.perigee.protocol.error.InvalidValue;
import java.time.Duration;
import java.util.regex.Pattern;

/** A duration as people write it: "500ms", "10s", "5m", "2h". */
public record ShortDuration(Duration duration) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

    /** Read by the configuration library under this name. */
    public static ShortDuration of(String text) {
        var match = FORM.matcher(text.strip());
        if (!match.matches()) {
            throw InvalidValue.reading("a duration", text, "it is not digits with ms, s, m or h");
        }
        long number = Long.parseLong(match.group(1));
        return new ShortDuration(
                switch (match.group(2)) {
                    case "ms" -> Duration.ofMillis(number);
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    default -> Duration.ofHours(number);
                });
    }
}
