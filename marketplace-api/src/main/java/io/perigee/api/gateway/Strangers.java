package io.perigee.api.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.perigee.api.session.Address;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.quarkus.websockets.next.UserData;
import io.quarkus.websockets.next.WebSocketConnection;
import io.smallrye.mutiny.Uni;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

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

    private final AtomicInteger all = new AtomicInteger();
    private final Map<String, Integer> byAddress = new ConcurrentHashMap<>();

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

    /** One more; false when there are too many, here or of its address. {@link #known} ends it in either case. */
    boolean admits(WebSocketConnection connection) {
        var meter = connection.userData().get(METER);
        meter.counted = true;
        return all.incrementAndGet() <= MOST & byAddress.merge(meter.address, 1, Integer::sum) <= MOST_OF_AN_ADDRESS;
    }

    /** It is none any more: it has said who it is, or is gone. Another call does nothing. */
    void known(WebSocketConnection connection) {
        var meter = connection.userData().get(METER);
        if (meter != null && meter.over()) {
            all.decrementAndGet();
            byAddress.computeIfPresent(meter.address, (_, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Counts what comes in, and hangs up without a word at what no hello needs. */
    private static final class Meter extends ChannelInboundHandlerAdapter {
        private final String address;
        private int read;
        private volatile boolean counted;
        private volatile boolean known;

        Meter(String address) {
            this.address = address;
        }

        synchronized boolean over() {
            boolean first = counted && !known;
            known = true;
            return first;
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
