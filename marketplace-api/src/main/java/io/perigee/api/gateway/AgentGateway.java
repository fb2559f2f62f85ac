package io.perigee.api.gateway;

import io.perigee.api.persistence.Ids;
import io.perigee.api.problem.Trace;
import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.InboundProcessingMode;
import io.quarkus.websockets.next.OnBinaryMessage;
import io.quarkus.websockets.next.OnClose;
import io.quarkus.websockets.next.OnError;
import io.quarkus.websockets.next.OnOpen;
import io.quarkus.websockets.next.OnTextMessage;
import io.quarkus.websockets.next.WebSocket;
import io.quarkus.websockets.next.WebSocketConnection;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** Where agents connect. Callbacks only queue; each connection is worked on by its {@link Conversation}. */
@WebSocket(path = "/api/v1/agents/gateway", inboundProcessingMode = InboundProcessingMode.CONCURRENT)
public class AgentGateway {
    private static final Logger LOG = Logger.getLogger(AgentGateway.class);
    private static final int MOST_CONNECTIONS = 10_000;
    private static final Duration SEND = Duration.ofSeconds(10);
    /** What an auditor is shown of a long job has megabytes: over a slow line it takes its time. */
    private static final int BYTES_A_SECOND = 1 << 16;

    private static final int NORMAL = 1000;
    private static final CloseReason TOO_MANY = new CloseReason(1013, "too many connections");
    private static final int TOO_LARGE = 1009;

    private final Switchboard board;
    private final Ids ids;
    private final Strangers strangers;
    private final Map<String, Conversation> conversations = new ConcurrentHashMap<>();

    AgentGateway(Switchboard board, Ids ids, Strangers strangers) {
        this.board = board;
        this.ids = ids;
        this.strangers = strangers;
    }

    @OnOpen
    @NonBlocking
    Uni<Void> opened(WebSocketConnection connection) {
        strangers.admit(connection).ifPresent(this::turnAway);
        if (conversations.size() >= MOST_CONNECTIONS) {
            return connection.close(TOO_MANY);
        }
        var conversation = new Conversation(
                new Wire(connection, strangers), board, UUID.randomUUID(), ids.secret(), ids.secret(), Trace.fresh());
        conversations.put(connection.id(), conversation);
        Thread.ofVirtual().name("agent-" + connection.id()).start(conversation);
        return Uni.createFrom().voidItem();
    }

    /** It is forgotten at once: who does not answer to a close, either, takes its time to go. */
    private void turnAway(WebSocketConnection stranger) {
        var conversation = conversations.remove(stranger.id());
        if (conversation != null) {
            conversation.gone(false);
        }
        stranger.close(TOO_MANY)
                .subscribe()
                .with(_ -> {}, failure -> LOG.debugf("agent line already gone: %s", failure.getMessage()));
    }

    @OnTextMessage
    @NonBlocking
    Uni<Void> said(String text, WebSocketConnection connection) {
        var conversation = conversations.get(connection.id());
        return conversation == null || conversation.said(text)
                ? Uni.createFrom().voidItem()
                : connection.close(
                        new CloseReason(Conversation.CLOSE_OVERFLOW, "messages come faster than they are heard"));
    }

    @OnBinaryMessage
    @NonBlocking
    Uni<Void> unreadable(Buffer bytes, WebSocketConnection connection) {
        return connection.close(new CloseReason(1003, "messages are text"));
    }

    @OnClose
    @NonBlocking
    void closed(WebSocketConnection connection, CloseReason reason) {
        strangers.known(connection);
        var conversation = conversations.remove(connection.id());
        if (conversation != null) {
            conversation.gone(reason.getCode() == NORMAL);
        }
    }

    @OnError
    @NonBlocking
    Uni<Void> failed(Throwable failure, WebSocketConnection connection) {
        LOG.debugf("agent line failed: %s", failure.getMessage());
        // a frame or message above the limit ends here; what is left of it would be read as another message
        return connection.isOpen()
                ? connection.close(new CloseReason(TOO_LARGE, "a message has at most 8 MiB"))
                : Uni.createFrom().voidItem();
    }

    /** Sends from the conversation's virtual thread, and waits until it has left. */
    private record Wire(WebSocketConnection connection, Strangers strangers) implements Conversation.Wire {
        @Override
        public void greeted() {
            strangers.greeted(connection);
        }

        @Override
        public void known() {
            strangers.known(connection);
        }

        @Override
        public void send(String text) {
            try {
                connection.sendText(text).await().atMost(SEND.plusSeconds(text.length() / BYTES_A_SECOND));
            } catch (RuntimeException e) {
                throw new Conversation.BrokenLine(e);
            }
        }

        @Override
        public void close(int code, String reason) {
            try {
                connection.close(new CloseReason(code, reason)).await().atMost(SEND);
            } catch (RuntimeException e) {
                throw new Conversation.BrokenLine(e);
            }
        }
    }
}
