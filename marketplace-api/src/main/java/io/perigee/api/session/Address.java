package io.perigee.api.session;

import io.vertx.core.http.HttpServerRequest;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Where a request comes from, as far as limits care: of IPv6 the first 64 bits, since whoever has one address there has
 * all the rest. Behind a reverse proxy this is the proxy unless {@code quarkus.http.proxy} says whom to trust.
 */
public final class Address {
    private static final int NETWORK_BYTES = 8;
    /** What one customer of a provider is given at most, as a rule: 65,536 of the above. */
    private static final int SITE_DIGITS = 12;

    private static final String NETWORK = "/64";
    private static final String UNKNOWN = "?";

    private Address() {}

    public static String of(HttpServerRequest request) {
        var remote = request.remoteAddress();
        // a test's or a proxy's Unix socket has none
        return remote == null || remote.hostAddress() == null ? UNKNOWN : of(remote.hostAddress());
    }

    /** Of IPv6 the first 48 bits; who has many addresses mostly has them there. */
    public static String site(String address) {
        return address.endsWith(NETWORK) ? address.substring(0, SITE_DIGITS) + "/48" : address;
    }

    static String of(String literal) {
        try {
            // a literal: nothing is looked up
            return InetAddress.ofLiteral(literal) instanceof Inet6Address six
                    ? HexFormat.of().formatHex(Arrays.copyOf(six.getAddress(), NETWORK_BYTES)) + NETWORK
                    : literal;
        } catch (IllegalArgumentException e) {
            return UNKNOWN;
        }
    }
}
