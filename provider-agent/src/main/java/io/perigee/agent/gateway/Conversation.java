package io.perigee.agent.gateway;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.gateway.HubMessage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One WebSocket connection: whole messages in order each way, a bound on their size, and the time of the last word. */
final class Conversation {
    private static final int LARGEST_MESSAGE = 8 << 20;
    private static final Duration SEND = Duration.ofSeconds(10);
    /** The opening of a long job has megabytes: over a slow line it takes its time, and what follows waits for it. */
    private static final int BYTES_A_SECOND = 1 << 16;

    private static final Duration SEND_LONGEST = SEND.plusSeconds(LARGEST_MESSAGE / BYTES_A_SECOND);
    private static final Duration GOODBYE = Duration.ofSeconds(1);

    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private final ReentrantLock sending = new ReentrantLock();
    private final Consumer<HubMessage> listener;
    private volatile long heardAt = System.nanoTime();
    private volatile @Nullable WebSocket socket;

    private Conversation(Consumer<HubMessage> listener) {
        this.listener = listener;
    }

    /**
     * Connects.
     *
     * @param listener gets every message, one at a time; what it throws ends the conversation
     */
    static Conversation open(HttpClient http, URI uri, Duration timeout, Consumer<HubMessage> listener)
            throws IOException, InterruptedException {
        var conversation = new Conversation(listener);
        var connecting = http.newWebSocketBuilder().connectTimeout(timeout).buildAsync(uri, conversation.new Reader());
        conversation.socket = await(connecting, timeout, "connect to " + uri);
        return conversation;
    }

    void send(AgentMessage message) throws IOException, InterruptedException {
        var text = Json.text(message);
        if (!sending.tryLock(SEND_LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException(
                    "Expected to send a message within " + SEND_LONGEST + ", but another is still being sent");
        }
        try {
            await(socket().sendText(text, true), SEND.plusSeconds(text.length() / BYTES_A_SECOND), "send a message");
        } finally {
            sending.unlock();
        }
    }

    void ping() throws IOException, InterruptedException {
        if (!sending.tryLock(SEND_LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException(
                    "Expected to send a ping within " + SEND_LONGEST + ", but a message is still being sent");
        }
        try {
            await(socket().sendPing(ByteBuffer.allocate(0)), SEND, "send a ping");
        } finally {
            sending.unlock();
        }
    }

    /** How long the hub has said nothing, not even a pong. */
    Duration silence() {
        return Duration.ofNanos(System.nanoTime() - heardAt);
    }

    /** Why the conversation ended, once it has. */
    CompletableFuture<String> ended() {
        return ended;
    }

    void close(String reason) {
        ended.complete(reason);
        var open = socket;
        if (open != null) {
            open.abort();
        }
    }

    /** Ends the conversation in good order, so that the hub need not wait for a heartbeat that will not come. */
    void sayGoodbye() {
        try {
            await(socket().sendClose(WebSocket.NORMAL_CLOSURE, "the agent ends"), GOODBYE, "say goodbye");
        } catch (IOException e) {
            // The line is down: the hub will notice by itself.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close("the agent ends");
    }

    private WebSocket socket() throws IOException {
        var open = socket;
        if (open == null || ended.isDone()) {
            throw new IOException("Expected an open connection to the hub, but it has ended");
        }
        return open;
    }

    private static <T> T await(CompletionStage<T> stage, Duration timeout, String what)
            throws IOException, InterruptedException {
        try {
            return stage.toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            var cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new IOException("Expected to %s, but it failed: %s".formatted(what, cause.getMessage()), cause);
        } catch (TimeoutException e) {
            throw new IOException("Expected to %s within %s, but it took longer".formatted(what, timeout), e);
        }
    }

    private final class Reader implements WebSocket.Listener {
        private final StringBuilder parts = new StringBuilder();

        @Override
        public void onOpen(WebSocket webSocket) {
            webSocket.request(1);
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            heardAt = System.nanoTime();
            parts.append(data);
            if (parts.length() > LARGEST_MESSAGE) {
                close("Expected a message of at most %d characters, but the hub sent more".formatted(LARGEST_MESSAGE));
                return null;
            }
            if (last) {
                var text = parts.toString();
                parts.setLength(0);
                hand(text);
            }
            webSocket.request(1);
            return null;
        }

        private void hand(String text) {
            try {
                listener.accept(Json.read(text, HubMessage.class));
            } catch (InvalidValue e) {
                close("Expected a message of the protocol, but " + e.getMessage());
            } catch (RuntimeException e) {
                close("Expected to handle the hub's message, but " + e);
            }
        }

        @Override
        public @Nullable CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
            heardAt = System.nanoTime();
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
            close("Expected text, but the hub sent binary data");
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            close("the hub closed the connection (%d %s)".formatted(statusCode, reason));
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            close("the connection broke: " + error.getMessage());
        }
    }
}
