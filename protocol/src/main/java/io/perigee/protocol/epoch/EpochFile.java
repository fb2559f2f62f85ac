package io.perigee.protocol.epoch;

import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.ContentId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An epoch's lines as they are published: everything else follows from them. One epoch has one file, known by its SHA-256.
 *
 * <pre>
 * "PERIGEE EPOCH 1\n"   16 bytes
 * hub, token            20 each
 * number, count         4 each, unsigned, the highest byte first
 * lines                 135 each, in the order of the tree: builder 20, order 32, assignment 32, owner 20, amount 15, sum 16
 * </pre>
 *
 * <p>Lines are kept as they stand in the tree, sums included, and need not be well formed: so the file of a false epoch can
 * be read as well, and its faults be shown to the contract.
 */
public record EpochFile(EpochId id, Lines lines) {
    public static final String MEDIA_TYPE = "application/vnd.perigee.epoch";
    private static final byte[] MAGIC = "PERIGEE EPOCH 1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = MAGIC.length + 2 * Address.BYTES + 2 * Integer.BYTES;

    /** How long the file is. */
    public long size() {
        return HEADER + (long) lines.count() * Lines.WIDTH;
    }

    public ContentId contentId() {
        var digester = Sha256.digester();
        digester.update(header());
        digester.update(lines.rows());
        return ContentId.of(digester.digest());
    }

    public void write(OutputStream out) throws IOException {
        out.write(header());
        out.write(lines.rows());
    }

    /**
     * Reads one whole file and nothing after it.
     *
     * @param mostLines a file of more is refused before it is read
     * @throws EpochFileFault when it is no such file
     * @throws IOException when the stream fails
     */
    public static EpochFile read(InputStream in, int mostLines) throws IOException {
        var header = ByteBuffer.wrap(exactly(in, HEADER));
        var magic = new byte[MAGIC.length];
        header.get(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw new EpochFileFault(EpochFileFault.Code.NOT_AN_EPOCH, "it does not begin as one");
        }
        var hub = address(header);
        var token = address(header);
        int number = header.getInt();
        int count = header.getInt();
        if (number <= 0 || count <= 0) {
            throw new EpochFileFault(
                    EpochFileFault.Code.BAD_HEADER,
                    "it has number %s and %s lines"
                            .formatted(Integer.toUnsignedString(number), Integer.toUnsignedString(count)));
        }
        if (count > Math.min(mostLines, Lines.MOST)) {
            throw new EpochFileFault(
                    EpochFileFault.Code.TOO_LONG,
                    "it has %d lines, and %d are taken".formatted(count, Math.min(mostLines, Lines.MOST)));
        }
        var rows = exactly(in, count * Lines.WIDTH);
        if (in.read() >= 0) {
            throw new EpochFileFault(EpochFileFault.Code.TRAILING, "there is more after its last line");
        }
        return new EpochFile(new EpochId(hub, token, number), new Lines(rows, count));
    }

    private byte[] header() {
        return ByteBuffer.allocate(HEADER)
                .put(MAGIC)
                .put(id.hub().bytes())
                .put(id.token().bytes())
                .putInt(id.number())
                .putInt(lines.count())
                .array();
    }

    private static Address address(ByteBuffer from) {
        var bytes = new byte[Address.BYTES];
        from.get(bytes);
        return Address.of(bytes);
    }

    /** Allocated once, since an epoch's lines may be most of the memory there is: whoever reads bounds what a header may say. */
    private static byte[] exactly(InputStream in, int length) throws IOException {
        var bytes = new byte[length];
        if (in.readNBytes(bytes, 0, length) < length) {
            throw new EpochFileFault(EpochFileFault.Code.CUT_SHORT, "it ends too early");
        }
        return bytes;
    }
}
