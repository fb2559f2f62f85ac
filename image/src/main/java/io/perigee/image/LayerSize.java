package io.perigee.image;

import io.perigee.image.ImageArchive.BadArchive;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * How large a layer becomes when an engine unpacks it, found out without unpacking it to anywhere.
 *
 * <p>Ten megabytes of gzip are ten gigabytes of zeros, and a few hundred bytes of a sparse file any number of them. So what
 * is packed is counted as it comes out, and sparse files are refused: no build tool writes them. What an engine would read
 * otherwise than it is counted here is refused, too: other packings, and files that Go's reader takes for directories.
 */
final class LayerSize {
    private static final int BLOCK = 512;
    private static final int BUFFER = 1 << 16;
    private static final int MOST_ATTRIBUTES = 1 << 20;
    private static final int SIZE_AT = 124;
    private static final int SIZE_LENGTH = 12;
    private static final int KIND_AT = 156;
    private static final int NAME_LENGTH = 100;
    private static final int LONGEST_MAGIC = 6;
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};
    /** What engines unpack beside gzip: bzip2, xz, zstd. Before zstd may stand frames to be skipped, of 16 kinds. */
    private static final List<byte[]> OTHER_PACKINGS =
            List.of(new byte[] {'B', 'Z', 'h'}, new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z', 0}, new byte[] {
                0x28, (byte) 0xb5, 0x2f, (byte) 0xfd
            });

    private static final byte[] SKIPPED = {0x2a, 0x4d, 0x18};

    private final InputStream in;
    private final long most;
    private final byte[] passed = new byte[BUFFER];
    private long seen;
    private long announced = -1;
    private boolean named;
    private boolean namedAsDirectory;

    private LayerSize(InputStream in, long most) {
        this.in = in;
        this.most = most;
    }

    /**
     * Counts to the end of the stream.
     *
     * @param most bytes after which it is refused
     * @param unpacked is told all bytes of the layer as an engine would unpack it
     * @throws BadArchive when it is larger, or packed otherwise than by gzip, or not a layer
     */
    static long of(InputStream layer, long most, MessageDigest unpacked) throws IOException {
        var buffered = new Unending(layer);
        buffered.mark(LONGEST_MAGIC);
        var head = buffered.readNBytes(LONGEST_MAGIC);
        buffered.reset();
        if (isOtherwisePacked(head)) {
            throw noLayer();
        }
        try (var plain = startsWith(head, GZIP)
                        ? new BufferedInputStream(new GZIPInputStream(buffered, BUFFER), BUFFER)
                        : buffered;
                var told = new DigestInputStream(plain, unpacked)) {
            return new LayerSize(told, most).count();
        } catch (ZipException | EOFException e) {
            throw new BadArchive("Expected a layer that can be unpacked, but it cannot: " + e.getMessage());
        }
    }

    private static boolean isOtherwisePacked(byte[] head) {
        boolean skips = head.length > SKIPPED.length
                && (head[0] & 0xf0) == 0x50
                && Arrays.equals(head, 1, 1 + SKIPPED.length, SKIPPED, 0, SKIPPED.length);
        return skips || OTHER_PACKINGS.stream().anyMatch(magic -> startsWith(head, magic));
    }

    private static boolean startsWith(byte[] head, byte[] magic) {
        return head.length >= magic.length && Arrays.equals(head, 0, magic.length, magic, 0, magic.length);
    }

    private long count() throws IOException {
        var header = new byte[BLOCK];
        while (in.readNBytes(header, 0, BLOCK) == BLOCK) {
            add(BLOCK);
            if (!isEmpty(header)) {
                entry(header);
            }
        }
        return seen;
    }

    private void entry(byte[] header) throws IOException {
        switch (header[KIND_AT]) {
            case 'x' -> announced = announcedBy(attributes(size(header)));
            case 'g' -> {
                // to Go's reader an entry of its own: what was said of the next one would be forgotten
                if (announced >= 0 || named) {
                    throw noLayer();
                }
                attributes(size(header));
            }
            case 'L' -> name(text(attributes(size(header))));
            case 'K' -> attributes(size(header));
            // of a link or a directory engines take no content, whatever size is said
            case '1', '2', '3', '4', '5', '6' -> forget();
            case 0, '0', '7' -> {
                if (!named) {
                    name(text(Arrays.copyOf(header, NAME_LENGTH)));
                }
                if (namedAsDirectory) {
                    throw noLayer();
                }
                long size = announced >= 0 ? announced : size(header);
                forget();
                skip(size);
            }
            case 'S' -> throw sparse();
            default -> throw noLayer();
        }
    }

    /** A file without a name is what its prefix alone names, which ends as a directory's does. */
    private void name(String name) {
        named = true;
        namedAsDirectory |= name.isEmpty() || name.endsWith("/");
    }

    private void forget() {
        announced = -1;
        named = false;
        namedAsDirectory = false;
    }

    /** To the first zero, as names in headers end. */
    private static String text(byte[] bytes) {
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }

    private byte[] attributes(long size) throws IOException {
        if (size > MOST_ATTRIBUTES) {
            throw new BadArchive("Expected attributes of at most %d bytes in a layer, but there are %d"
                    .formatted(MOST_ATTRIBUTES, size));
        }
        add(padded(size));
        var bytes = in.readNBytes((int) size);
        pass(padded(size) - size);
        return bytes;
    }

    /** The size that records of the form "length key=value" give to the next entry; none is -1. */
    private long announcedBy(byte[] records) {
        long size = -1;
        var text = new String(records, StandardCharsets.ISO_8859_1);
        for (int at = 0; at < text.length(); ) {
            int space = text.indexOf(' ', at);
            int equals = text.indexOf('=', at);
            long length = space < 0 ? 0 : number(text.substring(at, space), 10);
            if (length <= 0 || length > text.length() - at || equals < space || equals > at + length) {
                throw noLayer();
            }
            var key = text.substring(space + 1, equals);
            if (key.startsWith("GNU.sparse")) {
                throw sparse();
            }
            var value = text.substring(equals + 1, Math.max(equals + 1, at + (int) length - 1));
            if (key.equals("size")) {
                size = number(value, 10);
            } else if (key.equals("path") && !value.isEmpty()) {
                name(value);
            }
            at += (int) length;
        }
        return size;
    }

    private void skip(long size) throws IOException {
        add(padded(size));
        pass(padded(size));
    }

    /** By reading: of what a stream skips it tells nothing. */
    private void pass(long bytes) throws IOException {
        for (long left = bytes; left > 0; ) {
            int read = in.read(passed, 0, (int) Math.min(left, passed.length));
            if (read < 0) {
                throw new EOFException("it ends within a file");
            }
            left -= read;
        }
    }

    private void add(long bytes) {
        seen = bytes < 0 || bytes > most - seen ? Long.MAX_VALUE : seen + bytes;
        if (seen > most) {
            throw new BadArchive(
                    "Expected an image of at most %d bytes, but its layers unpack to more".formatted(most));
        }
    }

    private static long padded(long size) {
        return size > Long.MAX_VALUE - BLOCK ? Long.MAX_VALUE : (size + BLOCK - 1) / BLOCK * BLOCK;
    }

    /** In octal digits, or, with the highest bit set, as a number of the other bits. */
    private static long size(byte[] header) {
        if ((header[SIZE_AT] & 0x80) == 0) {
            var digits = new String(header, SIZE_AT, SIZE_LENGTH, StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ')
                    .strip();
            return digits.isEmpty() ? 0 : number(digits, 8);
        }
        long size = 0;
        for (int i = SIZE_AT + SIZE_LENGTH - Long.BYTES; i < SIZE_AT + SIZE_LENGTH; i++) {
            size = size << 8 | header[i] & 0xff;
        }
        return size < 0 ? Long.MAX_VALUE : size;
    }

    private static long number(String digits, int radix) {
        try {
            return Math.max(0, Long.parseLong(digits, radix));
        } catch (NumberFormatException e) {
            throw noLayer();
        }
    }

    private static boolean isEmpty(byte[] header) {
        for (byte each : header) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }

    /** Never said to be empty before it is: the JDK's gzip would take the end of one member for the end of all. */
    private static final class Unending extends BufferedInputStream {
        Unending(InputStream in) {
            super(in, BUFFER);
        }

        @Override
        public synchronized int available() throws IOException {
            return Math.max(1, super.available());
        }
    }

    private static BadArchive noLayer() {
        return new BadArchive(
                "Expected a layer that is a tar of usual entries, plain or packed by gzip, but it is none");
    }

    private static BadArchive sparse() {
        return new BadArchive("Expected a layer without sparse files, but it has one");
    }
}
