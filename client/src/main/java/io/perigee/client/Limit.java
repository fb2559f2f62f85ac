package io.perigee.client;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** How long an answer's body may take: then it is closed under its reader. The request's own limit ends with the headers. */
final class Limit implements AutoCloseable {
    private final Thread closing;

    Limit(Duration longest, InputStream body) {
        this.closing = Thread.ofVirtual().start(() -> closeAfter(longest, body));
    }

    private static void closeAfter(Duration longest, InputStream body) {
        try {
            Thread.sleep(longest.isNegative() ? Duration.ZERO : longest);
            body.close();
        } catch (InterruptedException | IOException _) {
            // read in time, or gone already
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing.interrupt();
    }
}
