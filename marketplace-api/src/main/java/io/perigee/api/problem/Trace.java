package io.perigee.api.problem;

import io.vertx.ext.web.RoutingContext;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** The W3C trace id of a request: the caller's, or a new one. It goes with every fact the request causes. */
public final class Trace {
    private static final String KEY = "perigee.trace";
    private static final Pattern TRACEPARENT = Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}.*");

    private Trace() {}

    public static String of(RoutingContext request) {
        String known = request.get(KEY);
        if (known != null) {
            return known;
        }
        var header = request.request().getHeader("traceparent");
        var given = header == null || header.length() > 200 ? null : TRACEPARENT.matcher(header);
        var trace =
                given != null && given.matches() && !given.group(1).equals("0".repeat(32)) ? given.group(1) : fresh();
        request.put(KEY, trace);
        return trace;
    }

    /** A new trace id, for what no request causes. */
    public static String fresh() {
        var bytes = new byte[16];
        ThreadLocalRandom.current().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
