package io.perigee.eventlog.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Keystore;
import io.perigee.protocol.crypto.Signatures;
import io.perigee.testkit.process.Ports;
import io.perigee.testkit.signer.SignerServer;
import io.perigee.testkit.signer.SignerServer.Manner;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a stand-in that really signs, and misbehaves. */
class RemoteSignerIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final String PASSWORD = "secret";
    private static final byte[] DATA = "what is to be signed".getBytes(StandardCharsets.UTF_8);

    private final KeyPair key = KeyPair.create(new SecureRandom());
    private final KeyPair other = KeyPair.create(new SecureRandom());
    private SignerServer server;

    @BeforeEach
    void start() {
        server = SignerServer.start(PASSWORD, keystore(key), keystore(other));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void shouldSignAsTheKeyItselfWould() {
        try (var signer = RemoteSigner.connect(server.url(), key.address(), TIMEOUT)) {
            // when
            var signature = signer.sign(DATA);

            // then
            assertThat(signature).isEqualTo(new KeySigner(key).sign(DATA));
            assertThat(signer.address()).isEqualTo(key.address());
            assertThat(signer.reachable()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"PARITY", "FRESH"})
    void shouldTakeEveryGoodSignature(Manner manner) {
        // given
        server.manner(manner);
        try (var signer = RemoteSigner.connect(server.url(), key.address(), TIMEOUT)) {
            // when
            var signature = signer.sign(DATA);

            // then
            assertThat(Signatures.recover(Keccak256.hash(DATA), signature)).isEqualTo(key.address());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "FAILING,DOWN",
        "SILENT,DOWN",
        "HANGING,DOWN",
        "FORBIDDING,REFUSED",
        "REDIRECTING,REFUSED",
        "WITHOUT_THE_KEY,UNKNOWN_KEY",
        "WITH_ANOTHER_KEY,WRONG_KEY",
        "NONSENSE,MALFORMED",
        "SHORT,MALFORMED",
        "ENDLESS,MALFORMED"
    })
    void shouldSayWhatIsWrongAndUseNothingOfIt(Manner manner, SignerFault.Kind kind) {
        try (var signer = RemoteSigner.connect(server.url(), key.address(), TIMEOUT)) {
            // given
            server.manner(manner);
            long from = System.nanoTime();

            // when + then
            assertThatExceptionOfType(SignerFault.class)
                    .isThrownBy(() -> signer.sign(DATA))
                    .satisfies(fault -> assertThat(fault.kind()).isEqualTo(kind))
                    .withMessageContaining(server.url().toString());
            assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(TIMEOUT.multipliedBy(8));
        }
    }

    @ParameterizedTest
    @CsvSource({"FAILING", "SILENT", "WITHOUT_THE_KEY"})
    void shouldNotBeReadyWhileItWouldNotSign(Manner manner) {
        try (var signer = RemoteSigner.connect(server.url(), key.address(), TIMEOUT)) {
            // given
            server.manner(manner);
            boolean away = signer.reachable();

            // when
            server.manner(Manner.STEADY);

            // then
            assertThat(away).isFalse();
            assertThat(signer.reachable()).isTrue();
        }
    }

    @Test
    void shouldRefuseToStartWithoutTheKey() {
        var stranger = KeyPair.create(new SecureRandom()).address();
        assertThatExceptionOfType(SignerFault.class)
                .isThrownBy(() -> RemoteSigner.connect(server.url(), stranger, TIMEOUT))
                .satisfies(fault -> assertThat(fault.kind()).isEqualTo(SignerFault.Kind.UNKNOWN_KEY))
                .withMessageContaining(stranger.value());
    }

    @Test
    void shouldSayThatNobodyListens() {
        var url = URI.create("http://localhost:" + Ports.free());
        assertThatExceptionOfType(SignerFault.class)
                .isThrownBy(() -> RemoteSigner.connect(url, key.address(), TIMEOUT))
                .satisfies(fault -> assertThat(fault.kind()).isEqualTo(SignerFault.Kind.DOWN));
    }

    @Test
    void shouldGoOnWithASignerThatWasStartedAgain() {
        try (var signer = RemoteSigner.connect(server.url(), key.address(), TIMEOUT)) {
            // given a connection that is kept and then gone
            var before = signer.sign(DATA);
            int port = server.port();
            server.close();
            boolean away = signer.reachable();
            server = SignerServer.start(port, PASSWORD, keystore(key));

            // when
            var after = signer.sign(DATA);

            // then
            assertThat(away).isFalse();
            assertThat(after).isEqualTo(before);
        }
    }

    @Test
    void shouldSignOverTlsForACertificateThatItTrustsOnly(@TempDir Path home) throws Exception {
        // given
        var store = certificate(home.resolve("signer.p12"));
        var keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, PASSWORD.toCharArray());
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        var serving = SSLContext.getInstance("TLS");
        serving.init(keys.getKeyManagers(), null, null);
        var trusting = SSLContext.getInstance("TLS");
        trusting.init(null, trust.getTrustManagers(), null);
        try (var tls = SignerServer.start(serving, PASSWORD, keystore(key));
                // when
                var signer = RemoteSigner.connect(tls.url(), key.address(), TIMEOUT.multipliedBy(6), trusting)) {
            // then
            assertThat(tls.url()).hasScheme("https");
            assertThat(signer.sign(DATA)).isEqualTo(new KeySigner(key).sign(DATA));
            assertThatThrownBy(() -> RemoteSigner.connect(tls.url(), key.address(), TIMEOUT.multipliedBy(6)))
                    .isInstanceOf(SignerFault.class)
                    .hasMessageContaining("certification path");
        }
    }

    private static byte[] keystore(KeyPair key) {
        return Keystore.write(key, PASSWORD, Keystore.Strength.LIGHT, new SecureRandom());
    }

    /** A certificate for "localhost" that vouches for itself. */
    private static KeyStore certificate(Path file) throws Exception {
        var keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "signer",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost",
                        "-ext",
                        "BC=ca:true",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD)
                .inheritIO()
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        var made = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
            made.load(in, PASSWORD.toCharArray());
        }
        // a trusted entry beside the private one, as the certificate's reader would have it
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setKeyEntry(
                "signer",
                made.getKey("signer", PASSWORD.toCharArray()),
                PASSWORD.toCharArray(),
                made.getCertificateChain("signer"));
        trusted.setCertificateEntry("trusted", made.getCertificate("signer"));
        return trusted;
    }
}
