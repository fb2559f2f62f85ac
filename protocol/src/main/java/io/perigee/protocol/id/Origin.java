package io.perigee.protocol.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.perigee.protocol.error.InvalidValue;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a hub is reached, as RFC 6454 writes it: scheme, host and port of its URL. Who logs in signs the one that it
 * connects to, so that what it signs is good nowhere else.
 *
 * @param value "http://" or "https://", the host in lower case, and the port unless it is the scheme's own
 */
public record Origin(@JsonValue String value) {
    private static final int LONGEST = 300;
    private static final int MOST_PORT = 65_535;
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private static final Pattern FORM = Pattern.compile(
            "(?<scheme>https?)://(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\\[[0-9a-f:.]+])(?::(?<port>[1-9][0-9]{0,4}))?");

    public Origin {
        if (value.length() > LONGEST) {
            throw refusal(value, "it has more than %d characters".formatted(LONGEST));
        }
        var match = FORM.matcher(value);
        if (!match.matches()) {
            throw refusal(value, "it is not http(s)://host or http(s)://host:port in lower case, without a path");
        }
        var port = match.group("port");
        if (port != null
                && (Integer.parseInt(port) > MOST_PORT || Integer.parseInt(port) == own(match.group("scheme")))) {
            throw refusal(value, "a port is below 65536 and left out where it is the scheme's own");
        }
    }

    /** Reads the one spelling. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Origin parse(String text) {
        return new Origin(text);
    }

    /**
     * Of the parts of a URL, however they are spelled.
     *
     * @param port below 0 where the URL names none
     */
    public static Origin of(@Nullable String scheme, @Nullable String host, int port) {
        if (scheme == null || host == null) {
            throw refusal("%s://%s".formatted(scheme, host), "it is no URL with a host");
        }
        var known = scheme.toLowerCase(Locale.ROOT);
        var name = host.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
        return new Origin(known + "://" + name + (port < 0 || port == own(known) ? "" : ":" + port));
    }

    private static int own(String scheme) {
        return scheme.equals("https") ? HTTPS : HTTP;
    }

    private static InvalidValue refusal(String text, String fact) {
        return InvalidValue.reading("a hub's origin", text, fact);
    }

    @Override
    public String toString() {
        return value;
    }
}
