package io.perigee.eventlog.key;

import io.perigee.protocol.id.Address;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Where a service's key is: in a key file, or in a remote signer. */
public sealed interface KeySource {
    /**
     * Opens it: reads the file, or asks the signer whether it has the key.
     *
     * @throws IllegalArgumentException when the settings are wrong
     * @throws SignerFault when the signer is not there, or has no such key (yet)
     */
    Signer open();

    /** A keystore file (Web3 Secret Storage) and the file of its password. */
    record File(KeyFile.Setting key, KeyFile.Setting password) implements KeySource {
        @Override
        public KeySigner open() {
            return new KeySigner(KeyFile.read(key, password));
        }
    }

    /** A remote signer, and the account that is to sign. */
    record Remote(URI url, Address account, Duration timeout) implements KeySource {
        @Override
        public Signer open() {
            return RemoteSigner.connect(url, account, timeout);
        }
    }

    /**
     * One of both.
     *
     * @param settings the name of what the settings stand under, for people: "perigee.settlement"
     * @throws IllegalArgumentException when there is neither, or both
     */
    static KeySource of(String settings, Optional<File> file, Optional<Remote> remote) {
        if (file.isPresent() == remote.isPresent()) {
            throw new IllegalArgumentException(
                    "Expected %s to name either a key file or a signer's URL, but it names %s"
                            .formatted(settings, file.isPresent() ? "both" : "neither"));
        }
        return file.isPresent() ? file.get() : remote.orElseThrow();
    }
}
