package io.perigee.cli.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The last of what another program says. It may say what it likes for as long as it likes: no more is kept. */
final class Said {
    private static final int BUFFER = 1 << 16;
    private static final long PATIENCE_MILLIS = 5_000;

    private final byte[] kept;
    private final Thread reader;
    private long count;

    private Said(InputStream stream, int most) {
        this.kept = new byte[most];
        this.reader = Thread.ofVirtual().unstarted(() -> read(stream));
    }

    /** Reads in a thread of its own. */
    static Said of(InputStream stream, int most) {
        var said = new Said(stream, most);
        said.reader.start();
        return said;
    }

    /** What is known once the program has ended; somebody that it left behind may still hold the stream. */
    String text() throws InterruptedException {
        reader.join(PATIENCE_MILLIS);
        synchronized (this) {
            if (count <= kept.length) {
                return new String(kept, 0, (int) count, StandardCharsets.UTF_8);
            }
            int first = (int) (count % kept.length);
            var all = Arrays.copyOfRange(kept, first, first + kept.length);
            System.arraycopy(kept, 0, all, kept.length - first, first);
            return new String(all, StandardCharsets.UTF_8);
        }
    }

    private void read(InputStream stream) {
        var buffer = new byte[BUFFER];
        try (stream) {
            for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
                keep(buffer, read);
            }
        } catch (IOException _) {
            // it was ended
        }
    }

    private synchronized void keep(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            kept[(int) (count++ % kept.length)] = bytes[i];
        }
    }
}
