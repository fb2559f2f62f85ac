package io.perigee.eventlog.key;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.crypto.Signatures;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Signature;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/**
 * A signer that speaks the REST interface of Web3Signer: {@code GET /api/v1/eth1/publicKeys} and
 * {@code POST /api/v1/eth1/sign/{public key}}, which signs keccak256 of the data it is given.
 *
 * <p>Nothing it says is believed: each signature is recovered to the account before it is used. A request takes as long as
 * the timeout at most, its answer's body included. One that broke off before an answer is sent once more, which is safe
 * because signing leaves nothing behind; whatever else goes wrong is the caller's to try again.
 */
public final class RemoteSigner implements Signer {
    /** Twice this stays well below the minute after which the database ends a transaction that waits for a signature. */
    public static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(20);

    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(2);
    private static final int LONGEST_SIGNATURE = 1_024;
    private static final int LONGEST_LIST = 1 << 20;
    private static final Pattern PUBLIC_KEY = Pattern.compile("(0x)?(04)?([0-9a-f]{128})");
    private static final HexFormat HEX = HexFormat.of();

    private final HttpClient http;
    private final URI url;
    private final Duration timeout;
    private final Address account;
    private final String key;

    private RemoteSigner(HttpClient http, URI url, Duration timeout, Address account, String key) {
        this.http = http;
        this.url = url;
        this.timeout = timeout;
        this.account = account;
        this.key = key;
    }

    /**
     * Asks the signer for its keys.
     *
     * @throws IllegalArgumentException when the URL is none of http or https with a host alone, or the timeout out of range
     * @throws SignerFault when it does not answer, or has no key of this account
     */
    public static RemoteSigner connect(URI url, Address account, Duration timeout) {
        try {
            // what the JVM trusts and shows of itself: javax.net.ssl.trustStore, javax.net.ssl.keyStore
            return connect(url, account, timeout, SSLContext.getDefault());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Expected the JDK to have TLS, but it does not", e);
        }
    }

    static RemoteSigner connect(URI url, Address account, Duration timeout, SSLContext tls) {
        requireUsable(url, timeout);
        var http = HttpClient.newBuilder()
                .sslContext(tls)
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .build();
        try {
            var unnamed = new RemoteSigner(http, url, timeout, account, "");
            var key = unnamed.keyOfTheAccount(timeout)
                    .orElseThrow(() -> new SignerFault(
                            SignerFault.Kind.UNKNOWN_KEY,
                            "Expected signer '%s' to have the key of account '%s', but it does not list it"
                                    .formatted(url, account)));
            return new RemoteSigner(http, url, timeout, account, key);
        } catch (RuntimeException e) {
            http.shutdownNow();
            throw e;
        }
    }

    private static void requireUsable(URI url, Duration timeout) {
        var scheme = Optional.ofNullable(url.getScheme()).orElse("").toLowerCase(Locale.ROOT);
        // a password in a URL would be in the environment, and in logs
        if (!scheme.equals("http") && !scheme.equals("https")
                || url.getHost() == null
                || url.getRawUserInfo() != null
                || url.getRawQuery() != null
                || url.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "Expected the signer's URL to be http(s)://host:port/path, without a user, but it is not");
        }
        if (timeout.compareTo(Duration.ofMillis(50)) < 0 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException("Expected the signer's timeout to be from 50 ms to %d s, but it is %d ms"
                    .formatted(LONGEST_TIMEOUT.toSeconds(), timeout.toMillis()));
        }
    }

    @Override
    public Address address() {
        return account;
    }

    @Override
    public Signature sign(byte[] data) {
        var body = Json.text(Map.of("data", "0x" + HEX.formatHex(data)));
        var request = request("/api/v1/eth1/sign/" + key)
                .header("Content-Type", "application/json")
                .header("Accept", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        var answer = ask(request, LONGEST_SIGNATURE, timeout);
        var signature = signature(new String(answer, StandardCharsets.UTF_8).trim());
        Address signer;
        try {
            signer = Signatures.recover(Keccak256.hash(data), signature);
        } catch (InvalidValue e) {
            throw new SignerFault(
                    SignerFault.Kind.MALFORMED,
                    "Expected signer '%s' to sign, but what it answered is no signature of anybody: %s"
                            .formatted(url, e.getMessage()),
                    e);
        }
        if (!signer.equals(account)) {
            throw new SignerFault(
                    SignerFault.Kind.WRONG_KEY,
                    "Expected signer '%s' to sign with the key of '%s', but it signed with that of '%s'"
                            .formatted(url, account, signer));
        }
        return signature;
    }

    /** The recovery byte may be 27 or 28, or 0 or 1 as in typed transactions. */
    private Signature signature(String text) {
        try {
            var bytes = HEX.parseHex(text.startsWith("0x") ? text.substring(2) : text);
            if (bytes.length == Signature.BYTES) {
                int last = bytes.length - 1;
                if (bytes[last] == 0 || bytes[last] == 1) {
                    bytes[last] += 27;
                }
                return Signature.of(bytes);
            }
        } catch (IllegalArgumentException _) {
            // said below
        }
        throw new SignerFault(
                SignerFault.Kind.MALFORMED,
                "Expected signer '%s' to answer with %d bytes in hexadecimal, but it did not"
                        .formatted(url, Signature.BYTES));
    }

    /** Asks for the list of its keys, so that a key that was taken out is noticed too. */
    @Override
    public boolean reachable() {
        try {
            return keyOfTheAccount(timeout.compareTo(CHECK_TIMEOUT) < 0 ? timeout : CHECK_TIMEOUT)
                    .isPresent();
        } catch (SignerFault _) {
            return false;
        }
    }

    private Optional<String> keyOfTheAccount(Duration within) {
        var request = request("/api/v1/eth1/publicKeys")
                .header("Accept", "application/json")
                .GET()
                .build();
        for (var each : list(ask(request, LONGEST_LIST, within))) {
            var match = PUBLIC_KEY.matcher(String.valueOf(each).toLowerCase(Locale.ROOT));
            if (match.matches() && addressOf(match.group(3)).equals(account)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    private List<String> list(byte[] answer) {
        try {
            return Arrays.asList(Json.read(answer, String[].class));
        } catch (InvalidValue _) {
            throw new SignerFault(
                    SignerFault.Kind.MALFORMED,
                    "Expected signer '%s' to list its public keys, but it answered something else".formatted(url));
        }
    }

    private static Address addressOf(String publicKey) {
        var hash = Keccak256.hash(HEX.parseHex(publicKey)).bytes();
        return Address.of(Arrays.copyOfRange(hash, hash.length - Address.BYTES, hash.length));
    }

    private HttpRequest.Builder request(String path) {
        var base = url.toString();
        return HttpRequest.newBuilder(
                URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path));
    }

    private byte[] ask(HttpRequest request, int longest, Duration within) {
        var response = sendOnceMore(request, longest, within);
        int status = response.statusCode();
        if (status == 200) {
            return response.body()
                    .orElseThrow(() -> new SignerFault(
                            SignerFault.Kind.MALFORMED,
                            "Expected signer '%s' to answer with %d bytes at most, but there are more"
                                    .formatted(url, longest)));
        }
        if (status >= 500) {
            throw new SignerFault(
                    SignerFault.Kind.DOWN,
                    "Expected signer '%s' to answer, but it failed with %d".formatted(url, status));
        }
        throw new SignerFault(
                status == 404 ? SignerFault.Kind.UNKNOWN_KEY : SignerFault.Kind.REFUSED,
                "Expected signer '%s' to answer for account '%s', but it refused with %d"
                        .formatted(url, account, status));
    }

    /** A kept connection that the other side closed meanwhile breaks off at the first request. */
    private HttpResponse<Optional<byte[]>> sendOnceMore(HttpRequest request, int longest, Duration within) {
        try {
            return send(request, longest, within);
        } catch (IOException _) {
            try {
                return send(request, longest, within);
            } catch (IOException e) {
                throw down(Optional.ofNullable(e.getMessage()).orElse("it is not reached"), e);
            }
        }
    }

    /** The whole of it within the time, where the client's own timeout would end with the headers. */
    private HttpResponse<Optional<byte[]>> send(HttpRequest request, int longest, Duration within) throws IOException {
        var sent = http.sendAsync(request, BoundedBody.of(longest));
        try {
            return sent.get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            sent.cancel(true);
            throw down("it took longer than %d ms".formatted(within.toMillis()), e);
        } catch (InterruptedException e) {
            sent.cancel(true);
            Thread.currentThread().interrupt();
            throw down("the wait was interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException broken) {
                throw broken;
            }
            throw new IllegalStateException("Expected to ask the signer, but the HTTP client failed", e.getCause());
        }
    }

    private SignerFault down(String fact, Throwable cause) {
        return new SignerFault(
                SignerFault.Kind.DOWN, "Expected signer '%s' to answer, but %s".formatted(url, fact), cause);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    @Override
    public String toString() {
        return "RemoteSigner[" + url + ", " + account + "]";
    }
}
