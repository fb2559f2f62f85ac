package io.perigee.eventlog.key;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** A body that is not read beyond its bound; empty when it is longer. */
final class BoundedBody implements HttpResponse.BodySubscriber<Optional<byte[]>> {
    private final int longest;
    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
    private final CompletableFuture<Optional<byte[]>> body = new CompletableFuture<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

    private BoundedBody(int longest) {
        this.longest = longest;
    }

    static HttpResponse.BodyHandler<Optional<byte[]>> of(int longest) {
        return _ -> new BoundedBody(longest);
    }

    @Override
    public CompletionStage<Optional<byte[]>> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        if (subscription.complete(given)) {
            given.request(Long.MAX_VALUE);
        } else {
            given.cancel();
        }
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
        for (var part : parts) {
            if (seen.size() + part.remaining() > longest) {
                subscription.thenAccept(Flow.Subscription::cancel);
                body.complete(Optional.empty());
                return;
            }
            var bytes = new byte[part.remaining()];
            part.get(bytes);
            seen.writeBytes(bytes);
        }
    }

    @Override
    public void onError(Throwable failure) {
        body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        body.complete(Optional.of(seen.toByteArray()));
    }
}
