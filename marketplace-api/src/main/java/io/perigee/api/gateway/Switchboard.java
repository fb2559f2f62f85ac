package io.perigee.api.gateway;

import io.perigee.api.hub.HubFacts;
import io.perigee.api.persistence.Together;
import io.perigee.api.problem.Refused;
import io.perigee.api.session.Origins;
import io.perigee.api.session.RateLimits;
import io.perigee.api.session.Sessions;
import io.perigee.api.settings.Settings;
import io.perigee.eventlog.TryLater;
import io.perigee.protocol.error.Rejected;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.message.SessionKey;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The conversations of this process, and what all of them need. */
@Singleton
public final class Switchboard {
    /** Two commits before it, its own, and some air. */
    private static final int STEPS = 4;

    /** When notifications come back, every line looks: some more than there are connections, not ten thousand. */
    private static final int LOOKS_AT_ONCE = 32;

    private final AgentBook book;
    private final Pulse pulse;
    private final ProviderRegistry registry;
    private final HubFacts hub;
    private final Origins origins;
    private final Settings.Api settings;
    private final Clock clock;
    private final Pace pace;
    private final Backlogs backlogs;
    private final Together<AgentBook.Report, Optional<Rejected>> reports;
    private final Map<String, Conversation> live = new ConcurrentHashMap<>();
    private final Semaphore looks = new Semaphore(LOOKS_AT_ONCE);

    Switchboard(
            AgentBook book,
            Pulse pulse,
            ProviderRegistry registry,
            HubFacts hub,
            Origins origins,
            Settings settings,
            RateLimits limits,
            Clock clock) {
        this.book = book;
        this.pulse = pulse;
        this.registry = registry;
        this.hub = hub;
        this.origins = origins;
        this.settings = settings.api();
        this.clock = clock;
        this.pace = new Pace(limits, this.settings.limits());
        this.backlogs = new Backlogs(this.settings.limits().unheard().asLongValue());
        this.reports = new Together<>(
                (_, _) -> true,
                _ -> 1,
                this.settings.limits().database().multipliedBy(STEPS),
                some -> book.record(some, now()));
    }

    AgentBook book() {
        return book;
    }

    /** Stores a report; those that come meanwhile share the next commit. */
    Optional<Rejected> record(AgentBook.Report report) {
        try {
            return reports.ask(report);
        } catch (Refused busy) {
            return Optional.of(busy.rejected());
        }
    }

    /** {@link AgentBook#open}, when it is this line's turn. */
    Optional<AgentBook.Open> open(AgentBook.Line line, Told told) {
        boolean mine = false;
        try {
            mine = looks.tryAcquire(settings.limits().database().toMillis(), TimeUnit.MILLISECONDS);
            if (!mine) {
                throw new TryLater("Too many lines look for what is open");
            }
            return book.open(line, told);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TryLater("Interrupted while waiting to look for what is open", e);
        } finally {
            if (mine) {
                looks.release();
            }
        }
    }

    Pace pace() {
        return pace;
    }

    Backlogs backlogs() {
        return backlogs;
    }

    Pulse pulse() {
        return pulse;
    }

    Address hub() {
        return hub.address();
    }

    Origins origins() {
        return origins;
    }

    Domain domain() {
        return hub.domain();
    }

    /** Whether the chain knows this provider, owner and key. */
    Optional<Rejected> registered(SessionKey key) {
        return registry.refusal(key);
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** After this long without a word an agent is gone. */
    public Duration silence() {
        return settings.heartbeat().multipliedBy(settings.deadAfter());
    }

    Duration progressInterval() {
        return settings.events().progressInterval();
    }

    Instant tokenExpiry() {
        return now().plus(settings.sessions().expiry());
    }

    String hash(String token) {
        return Sessions.hash(token);
    }

    HubMessage challenge(String nonce) {
        return new HubMessage.Challenge(nonce, hub.address(), domain().chainId(), domain().escrow(), now());
    }

    HubMessage welcome(ProviderId provider, String token) {
        return new HubMessage.Welcome(
                provider,
                token,
                Math.toIntExact(Math.max(1, settings.heartbeat().toSeconds())),
                Math.toIntExact(Math.max(1, silence().toSeconds())));
    }

    void joined(Conversation conversation, AgentBook.Line line) {
        var before = live.put(line.provider().value(), conversation);
        if (before != null) {
            before.look();
        }
    }

    void ended(Conversation conversation, AgentBook.@Nullable Line line) {
        if (line != null) {
            pulse.forget(line);
            live.remove(line.provider().value(), conversation);
        }
    }

    /** Something was stored for a provider. */
    public void look(String provider) {
        var conversation = live.get(provider);
        if (conversation != null) {
            conversation.look();
        }
    }

    /** Something may have been stored for anybody. */
    public void lookAll() {
        live.values().forEach(Conversation::look);
    }
}
