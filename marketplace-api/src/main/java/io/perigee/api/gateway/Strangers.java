package io.perigee.api.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.perigee.api.session.Address;
import io.perigee.api.session.Crowd;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.quarkus.websockets.next.UserData;
import io.quarkus.websockets.next.WebSocketConnection;
import io.smallrye.mutiny.Uni;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Those who are connected and have not said who they are. A message may be as large as the opening of a long job, and the
 * server gathers all of it before anybody sees it: what a stranger sends is counted on its way in, and so are strangers.
 */
@Singleton
final class Strangers implements HttpUpgradeCheck {
    static final int MOST = 256;
    /** Behind a proxy that is not trusted to say for whom it speaks, all agents have one address. */
    static final int MOST_OF_AN_ADDRESS = 64;

    /** What {@link Backlog} takes of one, and frames. */
    private static final int MOST_BYTES = Backlog.OF_A_STRANGER + (64 << 10);

    private static final UserData.TypedKey<Meter> METER = new UserData.TypedKey<>("perigee.stranger");

    private record Stranger(WebSocketConnection connection, String address) {}

    /** By their ids, in the order in which they came. */
    private final Map<String, Stranger> waiting = new LinkedHashMap<>();
    /** Of those that have said who they are, and of whom that is being looked up: none of these has to go. */
    private final Set<String> greeted = new HashSet<>();

    @Override
    public Uni<CheckResult> perform(HttpUpgradeContext context) {
        var request = context.httpRequest();
        var meter = new Meter(Address.of(request));
        if (request.connection() instanceof ConnectionBase connection) {
            connection.channel().pipeline().addFirst(meter);
        }
        context.userData().put(METER, meter);
        return CheckResult.permitUpgrade();
    }

    /** One more; who has to go for it, if there are too many, here or of its address. {@link #known} ends it. */
    Optional<WebSocketConnection> admit(WebSocketConnection connection) {
        var one = new Stranger(connection, connection.userData().get(METER).address);
        synchronized (waiting) {
            waiting.put(connection.id(), one);
            var first =
                    Crowd.first(tooMany(one.address), Stranger::address, _ -> 1).map(Stranger::connection);
            first.ifPresent(gone -> waiting.remove(gone.id()));
            return first;
        }
    }

    private List<Stranger> tooMany(String address) {
        var its = waiting.values().stream()
                .filter(each -> each.address.equals(address))
                .toList();
        if (its.size() > MOST_OF_AN_ADDRESS) {
            return its;
        }
        return waiting.size() > MOST ? List.copyOf(waiting.values()) : List.of();
    }

    /** It has signed for who it is. Anybody can make a key, so of these there is a bound, too. */
    void greeted(WebSocketConnection connection) {
        synchronized (waiting) {
            if (greeted.size() < MOST && waiting.remove(connection.id()) != null) {
                greeted.add(connection.id());
            }
        }
    }

    /** It is none any more: it has said who it is, or is gone. Another call does nothing. */
    void known(WebSocketConnection connection) {
        var meter = connection.userData().get(METER);
        if (meter != null) {
            meter.known = true;
        }
        synchronized (waiting) {
            waiting.remove(connection.id());
            greeted.remove(connection.id());
        }
    }

    /** Counts what comes in, and hangs up without a word at what no hello needs. */
    private static final class Meter extends ChannelInboundHandlerAdapter {
        private final String address;
        private int read;
        private volatile boolean known;

        Meter(String address) {
            this.address = address;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (!known && message instanceof ByteBuf bytes) {
                read += bytes.readableBytes();
                if (read > MOST_BYTES) {
                    ReferenceCountUtil.release(message);
                    context.close();
                    return;
                }
            }
            context.fireChannelRead(message);
        }
    }
}
