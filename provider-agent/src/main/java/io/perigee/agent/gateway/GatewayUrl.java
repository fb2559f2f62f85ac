package io.perigee.agent.gateway;

import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Origin;
import java.net.URI;
import java.net.URISyntaxException;

/** The addresses under a hub's front door. */
public record GatewayUrl(URI base) {
    public static final String API = "/api/v1";

    public GatewayUrl {
        if (!"http".equals(base.getScheme()) && !"https".equals(base.getScheme()) || base.getHost() == null) {
            throw InvalidValue.reading("a hub's URL", base.toString(), "it is not http(s)://host");
        }
    }

    public static GatewayUrl parse(String text) {
        try {
            return new GatewayUrl(new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text));
        } catch (URISyntaxException e) {
            throw InvalidValue.reading("a hub's URL", text, "it is not a URL");
        }
    }

    /** What a log-in is signed for. */
    public Origin origin() {
        return Origin.of(base.getScheme(), base.getHost(), base.getPort());
    }

    public URI webSocket() {
        return URI.create(base.toString().replaceFirst("^http", "ws") + API + "/agents/gateway");
    }

    public URI api(String path) {
        return URI.create(base + API + path);
    }
}
