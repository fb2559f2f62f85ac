package io.perigee.scheduler.app;

import io.perigee.eventlog.key.KeyFile;
import io.perigee.eventlog.key.KeySigner;
import io.perigee.eventlog.key.KeySource;
import io.perigee.eventlog.key.Signer;
import io.perigee.market.lifecycle.HubSecrets;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.message.Signed;
import java.nio.file.Path;
import java.util.Optional;

/** The hub's key, in a file or in a remote signer, and the secrets for its draws. */
record HubKey(Signer signer, HubSecrets secrets) implements AutoCloseable {
    private static final String KEY_FILE = "perigee.scheduler.hub-key-file";
    private static final String DRAW_SECRET_FILE = "perigee.scheduler.draw-secret-file";

    /**
     * Opens it.
     *
     * @throws IllegalArgumentException when the settings are wrong, or the key is not the hub's
     * @throws io.perigee.eventlog.key.SignerFault when the signer is not there, or does not have the key (yet)
     */
    static HubKey open(SchedulerConfig config, Address hub) {
        var file = config.hubKeyFile()
                .map(
                        key -> new KeySource.File(
                                new KeyFile.Setting(KEY_FILE, key),
                                new KeyFile.Setting(
                                        "perigee.scheduler.hub-key-password-file",
                                        config.hubKeyPasswordFile()
                                                .orElseThrow(
                                                        () -> new IllegalArgumentException(
                                                                "Expected perigee.scheduler.hub-key-password-file to be set, but it is not")))));
        var remote = config.signerUrl().map(url -> new KeySource.Remote(url, hub, config.signerTimeout()));
        var drawSecret = config.drawSecretFile();
        if (remote.isPresent() && drawSecret.isEmpty()) {
            throw new IllegalArgumentException(
                    "Expected %s to be set beside a signer, which does not give the hub's key away, but it is not"
                            .formatted(DRAW_SECRET_FILE));
        }
        var signer = KeySource.of("perigee.scheduler", file, remote).open();
        if (!signer.address().equals(hub)) {
            throw new IllegalArgumentException("Expected %s to hold the key of hub '%s', but it is the key of '%s'"
                    .formatted(KEY_FILE, hub, signer.address()));
        }
        try {
            return new HubKey(signer, new DerivedSecrets(seed(signer, drawSecret)));
        } catch (RuntimeException e) {
            signer.close();
            throw e;
        }
    }

    private static byte[] seed(Signer signer, Optional<Path> drawSecret) {
        if (drawSecret.isPresent()) {
            return KeyFile.secret(new KeyFile.Setting(DRAW_SECRET_FILE, drawSecret.get()))
                    .bytes();
        }
        if (signer instanceof KeySigner(var key)) {
            return key.secret();
        }
        throw new IllegalStateException("Expected a signer without a key to come with a draw secret, but it does not");
    }

    Address address() {
        return signer.address();
    }

    Signature sign(Signed message, Domain domain) {
        return signer.sign(domain.typedData(message.structHash()));
    }

    @Override
    public void close() {
        signer.close();
    }
}
