package io.perigee.api.gateway;

import io.perigee.eventlog.TryLater;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.error.Rejected;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.offer.Offer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One connection of an agent, from the challenge to its end, on a thread of its own: what it says is worked on in order,
 * and everything to it is sent from here.
 */
final class Conversation implements Runnable {
    private static final Logger LOG = Logger.getLogger(Conversation.class);
    private static final int QUEUE = 256;
    private static final int PATIENCE = 10;
    private static final long LOGIN_SECONDS = 10;

    /** After this, and as much again at random, one looks again that found no database: they must not come all at once. */
    private static final int LOOK_AGAIN_MILLIS = 1_000;

    static final int CLOSE_OVERFLOW = 4008;
    static final int CLOSE_REFUSED = 4003;
    static final int CLOSE_REPLACED = 4009;
    static final int CLOSE_SILENT = 4000;

    /** What the other side hears. Calls may block, and fail when the line is broken. */
    interface Wire {
        /** It has said who it is, and whether that is so is being looked up. */
        void greeted();

        /** The other side has said who it is: from here on it may send what an agent may. */
        void known();

        void send(String text);

        void close(int code, String reason);
    }

    private sealed interface Event {
        record Said(String text) implements Event {}

        record Look() implements Event {}

        record Gone(boolean goodbye) implements Event {}

        record TooMuch() implements Event {}
    }

    private final Wire wire;
    private final Switchboard board;
    private final UUID connection;
    private final String trace;
    private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicBoolean looking = new AtomicBoolean();
    private final AtomicBoolean lookingLater = new AtomicBoolean();
    private final Backlog backlog;
    private final Told told = new Told();
    private Instant delivered = Instant.EPOCH;
    private final ProgressThrottle throttle;
    private final String nonce;
    private final String token;
    private AgentBook.@Nullable Line line;
    /** What is not stored yet; the agent says it once. */
    private @Nullable Offer unstored;

    private int mistakes;
    private volatile boolean over;

    Conversation(Wire wire, Switchboard board, UUID connection, String nonce, String token, String trace) {
        this.wire = wire;
        this.board = board;
        this.connection = connection;
        this.nonce = nonce;
        this.token = token;
        this.trace = trace;
        this.throttle = new ProgressThrottle(board.progressInterval());
        this.backlog = new Backlog(board.backlogs(), () -> end(new Event.TooMuch()));
    }

    /** Called on an event loop; an agent that talks faster than it is heard is cut off. */
    boolean said(String text) {
        return over || (backlog.takes(text) && events.offer(new Event.Said(text)));
    }

    /** Something may be there to be told. */
    void look() {
        if (!over && looking.compareAndSet(false, true) && !events.offer(new Event.Look())) {
            looking.set(false);
        }
    }

    /** The line is closed; {@code goodbye} when the agent meant it. */
    void gone(boolean goodbye) {
        over = true;
        if (!events.offer(new Event.Gone(goodbye))) {
            end(new Event.Gone(goodbye));
        }
    }

    /** Nothing that was said is heard any more. */
    private void end(Event how) {
        over = true;
        events.clear();
        events.offer(how);
    }

    @Override
    public void run() {
        try {
            wire.send(Json.text(board.challenge(nonce)));
            talk();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (BrokenLine broken) {
            LOG.debugf("agent line broken: %s", broken.getMessage());
        } catch (RuntimeException failure) {
            LOG.errorf(failure, "agent conversation failed traceId=%s", trace);
            quietly(() -> wire.close(1011, "internal error"));
        } finally {
            over = true;
            backlog.close();
            board.ended(this, line);
        }
    }

    private void talk() throws InterruptedException {
        while (true) {
            var patience = line == null ? LOGIN_SECONDS : board.silence().toSeconds();
            var event = events.poll(patience, TimeUnit.SECONDS);
            switch (event) {
                case null -> {
                    wire.close(CLOSE_SILENT, line == null ? "no hello in time" : "nothing heard in time");
                    return;
                }
                case Event.Gone(var goodbye) -> {
                    if (goodbye && line != null) {
                        board.pulse().forget(line);
                        board.book().left(line, board.now(), trace);
                    }
                    return;
                }
                case Event.Look _ -> {
                    looking.set(false);
                    if (line != null && !(storeOffer(line) && deliver(line))) {
                        return;
                    }
                }
                case Event.TooMuch _ -> {
                    wire.close(CLOSE_OVERFLOW, "more waits to be heard than there is room for");
                    return;
                }
                case Event.Said(var text) -> {
                    boolean goesOn = hear(text);
                    backlog.heard(text);
                    if (!goesOn) {
                        return;
                    }
                }
            }
        }
    }

    /** False when the conversation is over. */
    private boolean hear(String text) {
        AgentMessage message;
        try {
            message = Json.read(text, AgentMessage.class);
        } catch (InvalidValue invalid) {
            refuse(null, new Rejected(ErrorCode.MALFORMED, String.valueOf(invalid.getMessage())));
            return patient();
        }
        var speaking = line;
        if (speaking == null) {
            return message instanceof AgentMessage.Hello hello
                    ? logIn(hello, text.length())
                    : end(new Rejected(ErrorCode.UNAUTHENTICATED, "Expected a hello first, but got something else"));
        }
        try {
            return heard(speaking, message, text.length());
        } catch (TryLater away) {
            refuse(
                    ref(message),
                    new Rejected(
                            ErrorCode.UNAVAILABLE, "Expected to store the message, but the database is not there"));
            return true;
        }
    }

    private boolean heard(AgentBook.Line speaking, AgentMessage message, int length) {
        return switch (message) {
            case AgentMessage.Hello _ -> {
                refuse(null, new Rejected(ErrorCode.CONFLICT, "Expected one hello, but this line said it before"));
                yield patient();
            }
            case AgentMessage.OfferChanged(var offer) -> {
                var refusal = AgentRules.offer(offer);
                if (refusal.isPresent()) {
                    refuse(null, refusal.get());
                    yield patient();
                }
                unstored = offer;
                yield storeOffer(speaking);
            }
            case AgentMessage.Heartbeat _ -> {
                board.pulse().beats(this, new AgentBook.Beat(speaking, board.hash(token), board.tokenExpiry()));
                yield Duration.between(delivered, board.now()).compareTo(board.silence()) < 0 || deliver(speaking);
            }
            case AgentMessage.Progress progress -> {
                var now = board.now();
                if (throttle.admits(progress, now)) {
                    board.book().progress(speaking.provider(), progress, now);
                }
                yield true;
            }
            case AgentMessage.Accept m -> record(speaking.provider(), m.ref(), m, length);
            case AgentMessage.Decline m -> record(speaking.provider(), m.ref(), m, length);
            case AgentMessage.Commit m -> record(speaking.provider(), m.ref(), m, length);
            case AgentMessage.Reveal m -> record(speaking.provider(), m.ref(), m, length);
            case AgentMessage.Checkpoint m -> record(speaking.provider(), m.ref(), m, length);
            case AgentMessage.VerdictSigned m -> record(speaking.provider(), m.ref(), m, length);
            case AgentMessage.VerdictRefused m -> record(speaking.provider(), m.ref(), m, length);
            case AgentMessage.Failed m -> record(speaking.provider(), m.ref(), m, length);
        };
    }

    private boolean logIn(AgentMessage.Hello hello, int length) {
        Instant now = board.now();
        var mine = new AgentBook.Line(hello.sessionKey().provider(), connection);
        Optional<Rejected> refusal;
        try {
            refusal = AgentRules.logIn(hello, board.hub(), board.origins(), board.domain(), nonce, now)
                    .or(this::greeted)
                    .or(() -> board.pace().logIn(mine.provider(), length, now))
                    .or(() -> board.registered(hello.sessionKey()))
                    .or(() -> board.book().logIn(mine, hello, board.hash(token), board.tokenExpiry(), now, trace));
        } catch (TryLater away) {
            refusal = Optional.of(
                    new Rejected(ErrorCode.UNAVAILABLE, "Expected to log in, but the database is not there"));
        }
        if (refusal.isPresent()) {
            return end(refusal.get());
        }
        line = mine;
        backlog.known();
        wire.known();
        board.joined(this, mine);
        say(board.welcome(mine.provider(), token));
        LOG.infof("agent online providerId=%s version=%s", mine.provider(), hello.agentVersion());
        return deliver(mine);
    }

    /** Nobody has to go for another while it is the hub that is waited for. */
    private Optional<Rejected> greeted() {
        wire.greeted();
        return Optional.empty();
    }

    private boolean record(ProviderId provider, UUID ref, AgentMessage message, int length) {
        var refusal = board.pace()
                .report(provider, length, board.now())
                .or(() -> board.record(new AgentBook.Report(provider, message, trace)));
        if (refusal.isPresent()) {
            refuse(ref, refusal.get());
            return true;
        }
        say(new HubMessage.Ack(ref));
        return true;
    }

    /** What is stored for the provider is announced; besides, it is looked for from time to time. */
    private boolean deliver(AgentBook.Line speaking) {
        delivered = board.now();
        try {
            told.forgetWhatIsOver(board.book()::stillOpen);
            boolean more = true;
            while (more) {
                var open = board.open(speaking, told);
                if (open.isEmpty()) {
                    return stillOurs(false);
                }
                for (var delivery : open.get().deliveries()) {
                    wire.send(delivery.text());
                    told.add(delivery);
                }
                more = open.get().more();
            }
        } catch (TryLater away) {
            delivered = Instant.EPOCH;
            lookLater(away.getMessage());
        }
        return true;
    }

    /** Of what changes too often the last is stored, later. */
    private boolean storeOffer(AgentBook.Line speaking) {
        var offer = unstored;
        if (offer == null) {
            return true;
        }
        var tooOften = board.pace().offer(speaking.provider(), Json.text(offer).length(), board.now());
        if (tooOften.isPresent()) {
            lookLater(tooOften.get().detail());
            return true;
        }
        try {
            boolean ours = stillOurs(board.book().offer(speaking, offer, board.now(), trace));
            unstored = null;
            return ours;
        } catch (TryLater away) {
            lookLater(away.getMessage());
            return true;
        }
    }

    private void lookLater(@Nullable String why) {
        LOG.debugf("agent line looks again: %s", why);
        var pause = LOOK_AGAIN_MILLIS + ThreadLocalRandom.current().nextInt(LOOK_AGAIN_MILLIS);
        if (lookingLater.compareAndSet(false, true)) {
            CompletableFuture.delayedExecutor(pause, TimeUnit.MILLISECONDS).execute(() -> {
                lookingLater.set(false);
                look();
            });
        }
    }

    private boolean stillOurs(boolean ours) {
        if (!ours) {
            wire.close(CLOSE_REPLACED, "a newer connection of this provider took over");
        }
        return ours;
    }

    private boolean end(Rejected rejected) {
        refuse(null, rejected);
        wire.close(CLOSE_REFUSED, rejected.code().name());
        return false;
    }

    private boolean patient() {
        if (++mistakes < PATIENCE) {
            return true;
        }
        wire.close(CLOSE_REFUSED, "too many mistakes");
        return false;
    }

    private void refuse(@Nullable UUID ref, Rejected rejected) {
        var code = rejected.code();
        say(new HubMessage.Refusal(ref, code, rejected.detail(), code.hint(), code.retryable()));
    }

    private void say(HubMessage message) {
        wire.send(Json.text(message));
    }

    private static @Nullable UUID ref(AgentMessage message) {
        return switch (message) {
            case AgentMessage.Accept m -> m.ref();
            case AgentMessage.Decline m -> m.ref();
            case AgentMessage.Commit m -> m.ref();
            case AgentMessage.Reveal m -> m.ref();
            case AgentMessage.Checkpoint m -> m.ref();
            case AgentMessage.VerdictSigned m -> m.ref();
            case AgentMessage.VerdictRefused m -> m.ref();
            case AgentMessage.Failed m -> m.ref();
            case AgentMessage.Hello _, AgentMessage.OfferChanged _, AgentMessage.Heartbeat _, AgentMessage.Progress _ ->
                null;
        };
    }

    private static void quietly(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.debugf("agent line already gone: %s", e.getMessage());
        }
    }

    /** Nothing more can be sent. */
    static final class BrokenLine extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BrokenLine(Throwable cause) {
            super(cause.getMessage(), cause, false, false);
        }
    }
}
