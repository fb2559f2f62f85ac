package io.perigee.agent.gateway;

import io.perigee.agent.identity.Enrolment;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.gateway.AgentLogin;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.id.Digest;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one conversation with the hub alive: challenge, hello, welcome; heartbeats; reconnection; and everything in
 * the outbox sent again after each welcome. One virtual thread runs it until {@link #close}.
 */
public final class Gateway implements HubLink, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    /** Messages on their way without an ack; a hub may cut off an agent that talks faster than it is heard. */
    private static final int MOST_UNANSWERED = 64;

    private static final long MOST_BYTES_UNANSWERED = 16L << 20;
    private static final int LONGEST_DETAIL = 500;

    /**
     * Waits and bounds.
     *
     * @param handshake longest wait for each step of the login
     * @param firstRetry first wait after a lost connection
     * @param longestRetry ceiling of the growing wait
     * @param answer how long a message may stay without ack before it is sent again
     * @param refusedRetry how long to wait before repeating what the hub could not take just now
     */
    public record Timing(
            Duration handshake, Duration firstRetry, Duration longestRetry, Duration answer, Duration refusedRetry) {
        public static final Timing USUAL = new Timing(
                Duration.ofSeconds(10),
                Duration.ofMillis(250),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(2));
    }

    private final HttpClient http;
    private final GatewayUrl url;
    private final Enrolment enrolment;
    private final KeyPair key;
    private final String agentVersion;
    private final Outbox outbox;
    private final Timing timing;
    private final ReentrantLock flushing = new ReentrantLock();
    /** Under the lock. */
    private final Turns turns;

    private volatile @Nullable Conversation conversation;
    private volatile @Nullable String artifactToken;
    private volatile boolean closed;
    private volatile @Nullable HubEvents events;
    private @Nullable Thread thread;

    public Gateway(
            HttpClient http,
            GatewayUrl url,
            Enrolment enrolment,
            KeyPair key,
            String agentVersion,
            Outbox outbox,
            Timing timing) {
        this.http = http;
        this.url = url;
        this.enrolment = enrolment;
        this.key = key;
        this.agentVersion = agentVersion;
        this.outbox = outbox;
        this.timing = timing;
        this.turns = new Turns(timing.answer());
    }

    /** Connects, and stays connected until {@link #close}. */
    public void start(HubEvents listener) {
        events = listener;
        thread = Thread.ofVirtual().name("gateway").start(this::run);
    }

    private HubEvents events() {
        return Objects.requireNonNull(events, "Expected the gateway to be started before it is used");
    }

    /** The token of the present login; empty while there is none. */
    public Optional<String> artifactToken() {
        return Optional.ofNullable(artifactToken);
    }

    /** For a new token, too. Does nothing where nobody is logged in. */
    @Override
    public void renewLogin(String why) {
        var current = conversation;
        if (current != null) {
            current.close(why);
        }
    }

    @Override
    public void send(AgentMessage message) {
        outbox.put(message);
        flush();
    }

    @Override
    public void drop(Digest assignmentHash) {
        outbox.drop(assignmentHash);
        flush();
    }

    @Override
    public void tell(AgentMessage message) {
        var current = conversation;
        if (current == null || artifactToken == null) {
            return;
        }
        try {
            current.send(message);
        } catch (IOException e) {
            current.close(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        var backoff = new Backoff(timing.firstRetry(), timing.longestRetry(), ThreadLocalRandom.current());
        while (!closed) {
            String reason;
            try {
                reason = converse(backoff);
            } catch (IOException e) {
                reason = String.valueOf(e.getMessage());
            } catch (InterruptedException e) {
                return;
            }
            artifactToken = null;
            conversation = null;
            if (closed) {
                return;
            }
            var wait = backoff.next();
            LOG.info("Not connected hub={} reason={} retryMillis={}", url.base(), reason, wait.toMillis());
            events().connection(false, reason);
            try {
                Thread.sleep(wait);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private String converse(Backoff backoff) throws IOException, InterruptedException {
        var challenge = new CompletableFuture<HubMessage.Challenge>();
        var welcome = new CompletableFuture<HubMessage.Welcome>();
        var current = Conversation.open(http, url.webSocket(), timing.handshake(), message -> {
            switch (message) {
                case HubMessage.Challenge m -> challenge.complete(m);
                case HubMessage.Welcome m -> welcome.complete(m);
                case HubMessage.Refusal m
                when !welcome.isDone() ->
                    welcome.completeExceptionally(new IOException(
                            "the hub refused the login: %s, %s; %s".formatted(m.code(), m.detail(), m.hint())));
                case HubMessage m -> dispatch(m);
            }
        });
        conversation = current;
        var _ = current.ended().thenAccept(reason -> {
            challenge.completeExceptionally(new IOException(reason));
            welcome.completeExceptionally(new IOException(reason));
        });
        try {
            current.send(hello(await(challenge, "a challenge")));
            var login = await(welcome, "a welcome");
            if (!login.provider().equals(enrolment.sessionKey().provider())) {
                throw new IOException("Expected the hub to welcome provider '%s', but it named '%s'"
                        .formatted(enrolment.sessionKey().provider(), login.provider()));
            }
            backoff.reset();
            artifactToken = login.artifactToken();
            LOG.info("Connected hub={} provider={}", url.base(), login.provider());
            events().connection(true, "");
            turns(Turns::begin);
            flush();
            return keepAlive(current, login);
        } finally {
            current.close("done");
        }
    }

    private AgentMessage.Hello hello(HubMessage.Challenge challenge) throws IOException {
        if (!challenge.hub().equals(enrolment.sessionKey().hub())
                || challenge.chainId() != enrolment.chainId()
                || !challenge.escrow().equals(enrolment.escrow())) {
            throw new IOException(
                    "Expected hub %s with escrow %s on chain %d, as the owner named them, but '%s' is hub %s with escrow %s on chain %d"
                            .formatted(
                                    enrolment.sessionKey().hub(),
                                    enrolment.escrow(),
                                    enrolment.chainId(),
                                    url.base(),
                                    challenge.hub(),
                                    challenge.escrow(),
                                    challenge.chainId()));
        }
        return new AgentMessage.Hello(
                agentVersion,
                url.origin(),
                enrolment.sessionKey(),
                enrolment.ownerSignature(),
                key.signMessage(AgentLogin.message(url.origin(), challenge.hub(), challenge.nonce())),
                events().offer());
    }

    private String keepAlive(Conversation current, HubMessage.Welcome login) throws IOException, InterruptedException {
        var every = Duration.ofSeconds(Math.max(1, login.heartbeatSeconds()));
        var patience = Duration.ofSeconds(Math.max(3L * every.toSeconds(), login.deadAfterSeconds()));
        while (true) {
            try {
                return current.ended().get(every.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException _) {
                if (current.silence().compareTo(patience) > 0) {
                    return "the hub was silent for " + current.silence().toSeconds() + " s";
                }
                current.send(new AgentMessage.Heartbeat(events().running()));
                current.ping();
                flush();
            } catch (ExecutionException e) {
                return String.valueOf(e.getCause());
            }
        }
    }

    private void dispatch(HubMessage message) {
        switch (message) {
            case HubMessage.AssignmentOffer m -> events().assigned(m);
            case HubMessage.ReceiptGiven m -> events().receipt(m);
            case HubMessage.RevealRequest m -> events().revealRequested(m);
            case HubMessage.CheckpointRequest m -> events().checkpointRequested(m);
            case HubMessage.VerdictRequest m -> events().verdictRequested(m);
            case HubMessage.Stop m -> events().stopped(m);
            case HubMessage.VerdictGiven m -> events().verdict(m);
            case HubMessage.Ack m -> {
                outbox.remove(m.ref());
                flush();
            }
            case HubMessage.Refusal m -> refused(m);
            case HubMessage.Challenge _, HubMessage.Welcome _ -> {
                // Handled by the login; a repetition says nothing new.
            }
        }
    }

    private void refused(HubMessage.Refusal refusal) {
        var detail = refusal.detail();
        LOG.warn(
                "Refused ref={} code={} detail={}",
                refusal.ref(),
                refusal.code(),
                detail.substring(0, Math.min(detail.length(), LONGEST_DETAIL)));
        var ref = refusal.ref();
        if (ref == null) {
            return;
        }
        if (refusal.retryable()) {
            turns(each -> each.refused(ref, System.nanoTime()));
            Thread.ofVirtual().name("retry").start(() -> retryLater(ref));
            return;
        }
        var message =
                outbox.waiting().stream().filter(m -> Outbox.ref(m).equals(ref)).findFirst();
        outbox.remove(ref);
        message.ifPresent(m -> events().refused(m, refusal));
    }

    private void retryLater(UUID ref) {
        try {
            Thread.sleep(timing.refusedRetry());
        } catch (InterruptedException e) {
            return;
        }
        turns(each -> each.again(ref));
        flush();
    }

    private void turns(Consumer<Turns> change) {
        flushing.lock();
        try {
            change.accept(turns);
        } finally {
            flushing.unlock();
        }
    }

    /** Sends what is to be sent now. */
    private void flush() {
        flushing.lock();
        try {
            var current = conversation;
            if (current == null || artifactToken == null) {
                return;
            }
            var oldest = outbox.oldest(MOST_UNANSWERED, MOST_BYTES_UNANSWERED);
            for (var message : turns.next(outbox.waiting(), oldest, System.nanoTime())) {
                current.send(message);
            }
        } catch (IOException e) {
            var current = conversation;
            if (current != null) {
                current.close(String.valueOf(e.getMessage()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            flushing.unlock();
        }
    }

    private <T> T await(CompletableFuture<T> future, String what) throws IOException, InterruptedException {
        try {
            return future.get(timing.handshake().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            var cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new IOException(String.valueOf(cause.getMessage()), cause);
        } catch (TimeoutException e) {
            throw new IOException(
                    "Expected %s from the hub within %s, but none came".formatted(what, timing.handshake()), e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        var current = conversation;
        if (current != null) {
            current.sayGoodbye();
        }
        if (thread != null) {
            thread.interrupt();
            thread.join(Duration.ofSeconds(5));
        }
    }
}
