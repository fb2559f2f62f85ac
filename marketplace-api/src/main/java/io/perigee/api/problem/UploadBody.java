package io.perigee.api.problem;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The body of an upload, as a stream for one (virtual) thread.
 *
 * <p>The framework's own stream asks for each piece from the reading thread, and now and then one of some ten thousand
 * pieces never came: an upload of half a gigabyte stood still for a minute. Here the flow is stopped and started on the
 * connection's event loop alone, and at most a megabyte waits in memory.
 */
final class UploadBody extends InputStream {
    static final String KEY = "perigee.upload";
    private static final int HIGH = 1 << 20;
    private static final int LOW = 1 << 18;

    private final HttpServerRequest request;
    private final Context loop;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Buffer> pieces = new ArrayDeque<>();
    private int waiting;
    private int read;
    private boolean flowing;
    private boolean begun;
    private boolean ended;
    private @Nullable Throwable broken;

    private UploadBody(HttpServerRequest request, Context loop, Duration patience) {
        this.request = request;
        this.loop = loop;
        this.patience = patience;
    }

    /** Takes over a request's body, on its event loop and before anybody else looked at it. */
    static void attach(RoutingContext routing, Context loop, Duration patience) {
        var body = new UploadBody(routing.request(), loop, patience);
        body.request.pause();
        body.request.handler(body::arrived);
        body.request.exceptionHandler(body::broke);
        body.request.endHandler(nothing -> body.end());
        routing.put(KEY, body);
    }

    private void arrived(Buffer piece) {
        locked(() -> {
            pieces.add(piece);
            waiting += piece.length();
            if (waiting >= HIGH && flowing) {
                flowing = false;
                request.pause();
            }
        });
    }

    private void end() {
        locked(() -> ended = true);
    }

    private void broke(Throwable why) {
        locked(() -> broken = why);
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /**
     * Reads what is there, and waits only when nothing is.
     *
     * @throws SlowBody when nothing comes for too long
     * @throws IOException when the connection broke
     */
    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        lock.lock();
        try {
            await();
            var piece = pieces.peek();
            if (piece == null) {
                return -1;
            }
            int count = Math.min(length, piece.length() - read);
            piece.getBytes(read, read + count, target, offset);
            read += count;
            if (read == piece.length()) {
                pieces.remove();
                waiting -= piece.length();
                read = 0;
            }
            if (waiting < LOW) {
                letFlow();
            }
            return count;
        } finally {
            lock.unlock();
        }
    }

    private void await() throws IOException {
        long left = patience.toNanos();
        while (pieces.isEmpty() && !ended) {
            if (broken != null) {
                throw new IOException("Expected the rest of an upload, but the connection broke", broken);
            }
            letFlow();
            if (left <= 0) {
                throw new SlowBody(
                        "Expected the upload to go on within %d s, but nothing came".formatted(patience.toSeconds()));
            }
            try {
                left = changed.awaitNanos(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("Expected the rest of an upload, but the service is stopping", e);
            }
        }
    }

    private void letFlow() {
        if (flowing || ended || broken != null) {
            return;
        }
        flowing = true;
        boolean first = !begun;
        begun = true;
        loop.runOnContext(nothing -> {
            if (first && "100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
                request.response().writeContinue();
            }
            request.resume();
        });
    }
}
