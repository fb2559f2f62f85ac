package io.perigee.api.provider;

import io.perigee.api.problem.Refused;
import io.perigee.protocol.error.ErrorCode;
import java.util.regex.Pattern;

/**
 * After whom a page of providers begins.
 *
 * @param online whether that one was online; who is not comes last
 * @param provider its id; empty before all
 */
public record ProviderCursor(boolean online, String provider) {
    public static final ProviderCursor START = new ProviderCursor(true, "");

    private static final Pattern FORM = Pattern.compile("(on|off)-(0x[0-9a-f]{64})");

    static ProviderCursor parse(String text) {
        var match = FORM.matcher(text);
        if (!match.matches()) {
            throw new Refused(
                    ErrorCode.MALFORMED,
                    "Expected 'cursor' to be the nextCursor of an earlier page, but it is something else");
        }
        return new ProviderCursor(match.group(1).equals("on"), match.group(2));
    }

    String text() {
        return (online ? "on-" : "off-") + provider;
    }
}
