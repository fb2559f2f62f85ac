package io.perigee.agent.execution;

import io.perigee.agent.artifact.Cancellation;
import io.perigee.agent.sandbox.EngineException;
import io.perigee.agent.sandbox.ImageStore;
import io.perigee.agent.sandbox.UnusableImage;
import io.perigee.image.ImageArchive;
import io.perigee.protocol.fact.FailureKind;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Pipes the cleaned archive to the engine, so that no second copy is written. */
final class ImageTransfer {
    private static final int PIPE = 256 * 1024;
    private static final Duration LOOK = Duration.ofMillis(200);
    /** No image takes so long; an engine that neither reads nor refuses would keep all others waiting. */
    private static final Duration LONGEST = Duration.ofHours(1);

    private ImageTransfer() {}

    /** Writes an archive. */
    @FunctionalInterface
    interface Source {
        void writeTo(OutputStream target) throws IOException;
    }

    /**
     * Returns once the engine has it.
     *
     * @throws Failure when the archive is not what the job promised
     * @throws ImageArchive.TooLargeHere when only this machine does not take it
     */
    static void load(Source archive, ImageStore images, Cancellation cancellation)
            throws IOException, InterruptedException, Failure {
        long until = System.nanoTime() + LONGEST.toNanos();
        try (var in = new PipedInputStream(PIPE);
                var out = new PipedOutputStream(in);
                var written = new Step("image-archive", () -> {
                    try (out) {
                        archive.writeTo(out);
                    }
                });
                var loaded = new Step("image-load", () -> images.load(in))) {
            var refused = loaded.await(cancellation, until);
            // an engine that wants no more of it leaves its writer waiting
            in.close();
            var unread = written.await(cancellation, until);
            if (unread != null) {
                unread(unread, refused);
            }
            if (refused != null) {
                throw refused instanceof RuntimeException failure
                        ? failure
                        : new EngineException("Expected to load an image, but " + refused, refused);
            }
        }
    }

    private static void unread(Throwable unread, @Nullable Throwable refused) throws IOException, Failure {
        if (unread instanceof ImageArchive.BadArchive bad) {
            throw new Failure(FailureKind.BAD_SPEC, String.valueOf(bad.getMessage()));
        }
        if (unread instanceof ImageArchive.TooLargeHere large) {
            throw large;
        }
        var detail = "Expected to read an image archive, but " + unread.getMessage();
        if (refused == null) {
            throw new IOException(detail, unread);
        }
        if (refused instanceof UnusableImage) {
            // of half an archive
            throw new EngineException(detail + "; " + refused.getMessage(), refused);
        }
    }

    /** One side of the pipe; whatever ends it is known. */
    private static final class Step implements AutoCloseable {
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final Thread thread;

        private Step(String name, Work work) {
            this.thread = Thread.ofVirtual().name(name).start(() -> {
                try {
                    work.run();
                    done.complete(null);
                } catch (Throwable e) {
                    done.completeExceptionally(e);
                }
            });
        }

        /** What it failed with; null when it did its work. */
        @Nullable
        Throwable await(Cancellation cancellation, long until) throws IOException, InterruptedException, Failure {
            while (true) {
                cancellation.check();
                try {
                    done.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                    return null;
                } catch (ExecutionException e) {
                    return e.getCause();
                } catch (TimeoutException e) {
                    if (System.nanoTime() - until > 0) {
                        throw new Failure(
                                FailureKind.ENGINE,
                                "Expected to load the image within %s, but it took longer".formatted(LONGEST));
                    }
                }
            }
        }

        @Override
        public void close() {
            thread.interrupt();
        }
    }

    /** What may throw. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }
}
