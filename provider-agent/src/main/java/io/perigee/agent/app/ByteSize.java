package io.perigee.agent.app;

import io.perigee.protocol.error.InvalidValue;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** A number of bytes as people write it: "512MB", "20GB" (powers of ten), or plain digits. */
public record ByteSize(long bytes) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,18})(B|kB|MB|GB|TB)?");
    private static final Map<String, Long> UNITS =
            Map.of("B", 1L, "kB", 1_000L, "MB", 1_000_000L, "GB", 1_000_000_000L, "TB", 1_000_000_000_000L);

    /** Read by the configuration library under this name. */
    public static ByteSize of(String text) {
        var match = FORM.matcher(text.strip());
        if (!match.matches()) {
            throw InvalidValue.reading("a number of bytes", text, "it is not digits with B, kB, MB, GB or TB");
        }
        long unit = Objects.requireNonNull(UNITS.get(Objects.requireNonNullElse(match.group(2), "B")));
        return new ByteSize(Math.multiplyExact(Long.parseLong(match.group(1)), unit));
    }
}
