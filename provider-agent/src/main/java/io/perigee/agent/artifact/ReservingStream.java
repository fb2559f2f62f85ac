package io.perigee.agent.artifact;

import io.perigee.agent.store.DiskReserve;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Writes until the disk's reserve is touched. */
final class ReservingStream extends FilterOutputStream {
    /** To look is a call to the system. */
    private static final long EVERY = 4L << 20;

    private final DiskReserve reserve;
    private long unlooked = EVERY;

    ReservingStream(OutputStream out, DiskReserve reserve) {
        super(out);
        this.reserve = reserve;
    }

    @Override
    public void write(int each) throws IOException {
        write(new byte[] {(byte) each}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        unlooked += length;
        if (unlooked >= EVERY) {
            reserve.require();
            unlooked = 0;
        }
        out.write(bytes, from, length);
    }
}
