package io.perigee.agent.sandbox;

import io.perigee.agent.sandbox.ImageArchive.BadArchive;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * How large a layer becomes when an engine unpacks it, found out without unpacking it to anywhere.
 *
 * <p>Ten megabytes of gzip are ten gigabytes of zeros, and a few hundred bytes of a sparse file any number of them. So what
 * is packed is counted as it comes out, and sparse files are refused: no build tool writes them.
 */
final class LayerSize {
    private static final int BLOCK = 512;
    private static final int BUFFER = 1 << 16;
    private static final int MOST_ATTRIBUTES = 1 << 20;
    private static final int SIZE_AT = 124;
    private static final int SIZE_LENGTH = 12;
    private static final int KIND_AT = 156;
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};

    private final InputStream in;
    private final long most;
    private long seen;
    private long announced = -1;

    private LayerSize(InputStream in, long most) {
        this.in = in;
        this.most = most;
    }

    /**
     * Counts to the end of the stream.
     *
     * @param most bytes after which it is refused
     * @throws BadArchive when it is larger, or packed otherwise than by gzip, or not a layer
     */
    static long of(InputStream layer, long most) throws IOException {
        var buffered = new BufferedInputStream(layer, BUFFER);
        buffered.mark(GZIP.length);
        var head = buffered.readNBytes(GZIP.length);
        buffered.reset();
        try (var plain = Arrays.equals(head, GZIP)
                ? new BufferedInputStream(new GZIPInputStream(buffered, BUFFER), BUFFER)
                : buffered) {
            return new LayerSize(plain, most).count();
        } catch (ZipException | EOFException e) {
            throw new BadArchive("Expected a layer that can be unpacked, but it cannot: " + e.getMessage());
        }
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
            case 'g' -> attributes(size(header));
            case 'L', 'K' -> skip(size(header));
            // of a link or a directory engines take no content, whatever size is said
            case '1', '2', '3', '4', '5', '6' -> announced = -1;
            case 0, '0', '7' -> {
                long size = announced >= 0 ? announced : size(header);
                announced = -1;
                skip(size);
            }
            case 'S' -> throw sparse();
            default -> throw noLayer();
        }
    }

    private byte[] attributes(long size) throws IOException {
        if (size > MOST_ATTRIBUTES) {
            throw new BadArchive("Expected attributes of at most %d bytes in a layer, but there are %d"
                    .formatted(MOST_ATTRIBUTES, size));
        }
        add(padded(size));
        var bytes = in.readNBytes((int) size);
        in.skipNBytes(padded(size) - size);
        return bytes;
    }

    /** The size that records of the form "length key=value" give to the next entry; none is -1. */
    private static long announcedBy(byte[] records) {
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
            if (key.equals("size")) {
                size = number(text.substring(equals + 1, at + (int) length - 1), 10);
            }
            at += (int) length;
        }
        return size;
    }

    private void skip(long size) throws IOException {
        add(padded(size));
        in.skipNBytes(padded(size));
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

    private static BadArchive noLayer() {
        return new BadArchive(
                "Expected a layer that is a tar of usual entries, plain or packed by gzip, but it is none");
    }

    private static BadArchive sparse() {
        return new BadArchive("Expected a layer without sparse files, but it has one");
    }
}
