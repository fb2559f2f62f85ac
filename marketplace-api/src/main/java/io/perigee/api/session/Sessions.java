package io.perigee.api.session;

import io.perigee.api.hub.HubFacts;
import io.perigee.api.persistence.Ids;
import io.perigee.api.problem.Refused;
import io.perigee.api.settings.Settings;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.crypto.Signatures;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Origin;
import io.perigee.protocol.rest.Challenge;
import io.perigee.protocol.rest.SessionRequest;
import io.perigee.protocol.rest.SessionView;
import io.perigee.protocol.rest.WalletLogin;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Signing in with a wallet (EIP-191), and the tokens that come of it. */
@Singleton
public final class Sessions {
    private static final Duration LATELY = Duration.ofSeconds(10);
    private static final int MOST = 10_000;

    /** A session as it was read. */
    private record Seen(SessionBook.Open session, Instant at) {
        boolean isGood(Instant now) {
            return session.expiresAt().isAfter(now) && at.plus(LATELY).isAfter(now);
        }
    }

    /** Whoever calls often is not looked up each time. */
    private final Map<String, Seen> lately = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) {
            return size() > MOST;
        }
    });

    private final SessionBook book;
    private final HubFacts hub;
    private final Origins origins;
    private final Settings.Sessions settings;
    private final Ids ids;
    private final Clock clock;

    Sessions(SessionBook book, HubFacts hub, Origins origins, Settings settings, Ids ids, Clock clock) {
        this.book = book;
        this.hub = hub;
        this.origins = origins;
        this.settings = settings.api().sessions();
        this.ids = ids;
        this.clock = clock;
    }

    Uni<Challenge> challenge(Address address, Origin origin) {
        refuse(origin);
        var pending = new SessionBook.Pending(ids.secret(), address, in(settings.challengeExpiry()));
        var message = new String(
                WalletLogin.message(origin, hub.address(), address, pending.nonce()), StandardCharsets.UTF_8);
        return book.remember(pending).replaceWith(new Challenge(pending.nonce(), message, pending.expiresAt()));
    }

    Uni<SessionView> open(SessionRequest request) {
        return book.take(request.nonce()).chain(pending -> {
            refuse(request, pending);
            var token = ids.secret();
            var expiresAt = in(settings.expiry());
            return book.open(hash(token), new Caller.Builder(request.address()), clock.instant(), expiresAt)
                    .replaceWith(new SessionView(token, expiresAt));
        });
    }

    Uni<Optional<Caller>> find(String token) {
        var hash = hash(token);
        var now = clock.instant();
        var seen = lately.get(hash);
        return seen != null && seen.isGood(now)
                ? Uni.createFrom().item(Optional.of(seen.session().caller()))
                : book.find(hash)
                        .map(found -> found.filter(open -> open.expiresAt().isAfter(now)))
                        .invoke(found -> found.ifPresent(open -> lately.put(hash, new Seen(open, now))))
                        .map(found -> found.map(SessionBook.Open::caller));
    }

    /** What is kept of a token. */
    public static String hash(String token) {
        return Sha256.of(token.getBytes(StandardCharsets.UTF_8)).hex();
    }

    private void refuse(SessionRequest request, Optional<SessionBook.Pending> pending) {
        if (pending.isEmpty()
                || !pending.get().address().equals(request.address())
                || !pending.get().expiresAt().isAfter(clock.instant())) {
            throw new Refused(
                    ErrorCode.UNAUTHENTICATED,
                    "Expected to find the challenge that was given to '%s', but it is unknown, used or expired"
                            .formatted(request.address()));
        }
        refuse(request.origin());
        var message = WalletLogin.message(request.origin(), hub.address(), request.address(), request.nonce());
        if (!Signatures.isMessageBy(request.address(), message, request.signature())) {
            throw new Refused(
                    ErrorCode.UNAUTHENTICATED,
                    "Expected the challenge signed by '%s', but the signature is of somebody else"
                            .formatted(request.address()));
        }
    }

    private void refuse(Origin origin) {
        origins.refusal(origin).ifPresent(elsewhere -> {
            throw new Refused(elsewhere.code(), elsewhere.detail());
        });
    }

    /** Whole milliseconds, so that what is answered is what is stored. */
    private Instant in(Duration duration) {
        return clock.instant().plus(duration).truncatedTo(ChronoUnit.MILLIS);
    }
}
