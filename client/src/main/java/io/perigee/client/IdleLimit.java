package io.perigee.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A body that is closed under its reader when nothing of it comes for too long. */
final class IdleLimit extends FilterInputStream {
    private final Duration longest;
    private final Thread watching;
    private volatile long heardAt = System.nanoTime();
    private volatile boolean expired;

    IdleLimit(InputStream body, Duration longest) {
        super(body);
        this.longest = longest;
        this.watching = Thread.ofVirtual().start(this::watch);
    }

    private void watch() {
        try {
            for (long left = longest.toNanos(); left > 0; left = heardAt + longest.toNanos() - System.nanoTime()) {
                Thread.sleep(Duration.ofNanos(left));
            }
            expired = true;
            in.close();
        } catch (InterruptedException | IOException _) {
            // read to its end, or gone already
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        try {
            int count = super.read(target, offset, length);
            if (count < 0 && expired) {
                throw silent(null);
            }
            heardAt = System.nanoTime();
            return count;
        } catch (IOException e) {
            throw expired ? silent(e) : e;
        }
    }

    private IOException silent(@Nullable IOException cause) {
        return new IOException("nothing came for %d s".formatted(longest.toSeconds()), cause);
    }

    @Override
    public void close() throws IOException {
        watching.interrupt();
        super.close();
    }
}
