package io.perigee.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/** A channel of which only so many bytes may be read, until it is told otherwise. Read-only. */
final class BoundedChannel implements SeekableByteChannel {
    private final SeekableByteChannel channel;
    private long left;

    BoundedChannel(SeekableByteChannel channel, long most) {
        this.channel = channel;
        this.left = most;
    }

    /** From here on nothing is counted. */
    void freely() {
        left = Long.MAX_VALUE;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int count = channel.read(target);
        left -= Math.max(0, count);
        if (left < 0) {
            throw new IOException("there is more in it beside the files than files need");
        }
        return count;
    }

    @Override
    public long position() throws IOException {
        return channel.position();
    }

    @Override
    public SeekableByteChannel position(long place) throws IOException {
        channel.position(place);
        return this;
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public int write(ByteBuffer source) {
        throw new UnsupportedOperationException("read-only");
    }

    @Override
    public SeekableByteChannel truncate(long size) {
        throw new UnsupportedOperationException("read-only");
    }
}
