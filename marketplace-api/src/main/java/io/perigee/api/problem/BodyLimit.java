package io.perigee.api.problem;

import io.perigee.api.session.Address;
import io.perigee.api.session.Admission;
import io.perigee.api.settings.Settings;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.Rejected;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Reads the whole of every body but uploads before anything else looks at it, and stops at the limit.
 *
 * <p>All bodies that are kept at a time share a budget: nobody has said yet who it is, and a connection costs nothing. One
 * address has a share of it, or its slow bodies would keep everybody out; for what has many addresses, the body that is
 * longest on its way of whoever has most is given up when there is no room.
 *
 * <p>A body that says beforehand that it is too large is refused at its headers. Of what a refused sender still sends, a
 * few megabytes are thrown away, so that it sees the answer and not a reset connection; then the connection is closed.
 * The same holds for an upload that was answered before its end: nobody would ever read what follows, but the framework
 * would keep it all in memory.
 */
@Singleton
final class BodyLimit {
    private static final int BEFORE_EVERYTHING = 10_000;
    private static final long LINGER_MILLIS = 2_000;
    private static final long LINGER_BYTES = 4L << 20;
    private static final String SOON = "1";
    static final String BODY = "perigee.body";

    private final Vertx vertx;
    private final long smallLimit;
    private final long batchLimit;
    private final Duration patience;
    private final Duration uploadPatience;
    private final Budget budget;
    private final Admission admission;

    BodyLimit(
            Vertx vertx,
            Settings settings,
            Admission admission,
            @ConfigProperty(name = "quarkus.http.read-timeout", defaultValue = "60s") Duration uploadPatience) {
        this.vertx = vertx;
        this.smallLimit = settings.api().limits().json().asLongValue();
        this.batchLimit = settings.api().limits().batch().asLongValue();
        this.patience = settings.api().limits().jsonTime();
        this.uploadPatience = uploadPatience;
        this.admission = admission;
        this.budget = new Budget(
                settings.api().limits().bodies().asLongValue(),
                settings.api().limits().bodiesOfOne().asLongValue());
    }

    void install(@Observes Filters filters) {
        filters.register(this::read, BEFORE_EVERYTHING);
    }

    private void read(RoutingContext request) {
        var http = request.request();
        if (isUpload(request)) {
            UploadBody.attach(request, vertx.getOrCreateContext(), uploadPatience);
            request.addEndHandler(answered -> throwAwayRest(request));
            request.next();
            return;
        }
        if (!hasBody(request)) {
            request.next();
            return;
        }
        var limit = isBatch(request) ? batchLimit : smallLimit;
        if (declared(request) > limit) {
            refuse(request, limit);
            return;
        }
        if (limit > smallLimit) {
            readOfKnown(request, limit);
        } else {
            read(request, limit);
        }
    }

    /** Of so much nothing is read before it is known who sends it. */
    private void readOfKnown(RoutingContext request, long limit) {
        request.request().pause();
        admission
                .known(request.request())
                .subscribe()
                .with(
                        caller -> read(request, limit),
                        failure -> refuse(
                                request,
                                failure instanceof Refused refused
                                        ? refused.rejected()
                                        : new Rejected(
                                                ErrorCode.UNAVAILABLE,
                                                "Expected to find the session, but the database is not there")));
    }

    private void read(RoutingContext request, long limit) {
        var http = request.request();
        var body = Buffer.buffer();
        var timer = vertx.setTimer(patience.toMillis(), late -> tooSlow(request));
        var loop = vertx.getOrCreateContext();
        var share = budget.share(Address.of(http), () -> loop.runOnContext(now -> makeRoom(request, timer)));
        // answered in whatever way, or gone: nothing of it is kept any more
        request.addEndHandler(over -> share.close());
        http.handler(chunk -> {
            if (body.length() + chunk.length() > limit) {
                vertx.cancelTimer(timer);
                refuse(request, limit);
                return;
            }
            switch (share.take(chunk.length())) {
                case TAKEN -> body.appendBuffer(chunk);
                case NONE -> {
                    vertx.cancelTimer(timer);
                    tooMuchAtOnce(request);
                }
                case NONE_FOR_IT -> {
                    vertx.cancelTimer(timer);
                    tooMuchOfOne(request);
                }
            }
        });
        http.exceptionHandler(broken -> {
            vertx.cancelTimer(timer);
            share.close();
        });
        http.endHandler(end -> {
            vertx.cancelTimer(timer);
            share.arrived();
            if (!request.response().ended()) {
                request.put(BODY, body);
                request.next();
            }
        });
        http.resume();
    }

    /** It may have been answered, or be complete, meanwhile. */
    private void makeRoom(RoutingContext request, long timer) {
        if (!request.response().ended() && request.get(BODY) == null) {
            vertx.cancelTimer(timer);
            tooMuchAtOnce(request);
        }
    }

    private void refuse(RoutingContext request, long limit) {
        var detail = "Expected to read a body of at most %d bytes, but this one is larger".formatted(limit);
        refuse(request, new Rejected(ErrorCode.TOO_LARGE, detail));
    }

    private void refuse(RoutingContext request, Rejected rejected) {
        request.response().putHeader("Connection", "close");
        Problems.answer(request, rejected.code(), rejected.detail());
        throwAwayRest(request);
    }

    private void tooMuchAtOnce(RoutingContext request) {
        refuseForNow(
                request,
                new Rejected(
                        ErrorCode.UNAVAILABLE,
                        "Expected to have room for one more body, but %d bytes of others are being read"
                                .formatted(budget.most())));
    }

    private void tooMuchOfOne(RoutingContext request) {
        refuseForNow(
                request,
                new Rejected(
                        ErrorCode.RATE_LIMITED,
                        "Expected at most %d bytes of bodies from one address at a time, but there are more"
                                .formatted(budget.mostOfOne())));
    }

    private void refuseForNow(RoutingContext request, Rejected rejected) {
        request.response().putHeader("Retry-After", SOON);
        refuse(request, rejected);
    }

    private void tooSlow(RoutingContext request) {
        var detail = "Expected to read the whole body in %d s, but it did not come".formatted(patience.toSeconds());
        request.response().putHeader("Connection", "close");
        Problems.answer(request, Problems.slowBody(detail, Trace.of(request)));
        throwAwayRest(request);
    }

    private void throwAwayRest(RoutingContext request) {
        var http = request.request();
        if (http.isEnded()) {
            return;
        }
        var connection = http.connection();
        var late = vertx.setTimer(LINGER_MILLIS, timer -> connection.close());
        var thrownAway = new AtomicLong();
        http.handler(chunk -> {
            if (thrownAway.addAndGet(chunk.length()) > LINGER_BYTES) {
                http.pause();
            }
        });
        http.exceptionHandler(broken -> vertx.cancelTimer(late));
        http.endHandler(end -> {
            vertx.cancelTimer(late);
            if ("close".equals(request.response().headers().get("Connection"))) {
                connection.close();
            }
        });
        http.resume();
    }

    /** A reading request needs none, but may have one, and what is not read here is kept elsewhere without a limit. */
    private static boolean hasBody(RoutingContext request) {
        var http = request.request();
        return !http.method().equals(HttpMethod.GET) && !http.method().equals(HttpMethod.HEAD)
                || declared(request) > 0
                || http.headers().contains("Transfer-Encoding");
    }

    private static boolean isUpload(RoutingContext request) {
        return request.request().method().equals(HttpMethod.PATCH)
                && request.normalizedPath().startsWith("/api/v1/artifacts/uploads/");
    }

    private static boolean isBatch(RoutingContext request) {
        return request.request().method().equals(HttpMethod.POST)
                && request.normalizedPath().equals("/api/v1/jobs:batch");
    }

    private static long declared(RoutingContext request) {
        var length = request.request().getHeader("Content-Length");
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }
}
