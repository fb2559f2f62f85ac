package io.perigee.api.session;

import io.perigee.protocol.id.Address;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Optional;

/** Remembers challenges until they are answered, and sessions until they expire. Tokens are kept as hashes. */
public interface SessionBook {
    /** A nonce that was handed out. */
    record Pending(String nonce, Address address, Instant expiresAt) {}

    Uni<Void> remember(Pending challenge);

    /** Takes a challenge out: it is good once, whatever becomes of it. */
    Uni<Optional<Pending>> take(String nonce);

    Uni<Void> open(String tokenHash, Caller caller, Instant now, Instant expiresAt);

    /** A session, which may have expired. It never ends before the time that is said here. */
    record Open(Caller caller, Instant expiresAt) {}

    Uni<Optional<Open>> find(String tokenHash);
}
