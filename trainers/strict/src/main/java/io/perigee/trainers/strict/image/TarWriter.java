package io.perigee.trainers.strict.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** Writes ustar archives that depend on nothing but names, modes, owners and contents: all times are 0. */
final class TarWriter implements AutoCloseable {
    private static final int BLOCK = 512;

    private final OutputStream out;

    TarWriter(OutputStream out) {
        this.out = out;
    }

    void directory(String name, int mode, int owner) throws IOException {
        header(name + "/", mode, owner, 0, '5');
    }

    void file(String name, int mode, int owner, byte[] content) throws IOException {
        header(name, mode, owner, content.length, '0');
        out.write(content);
        pad(content.length);
    }

    void file(String name, int mode, int owner, Path content) throws IOException {
        long size = Files.size(content);
        header(name, mode, owner, size, '0');
        if (Files.copy(content, out) != size) {
            throw new IOException("'" + content + "' changed while it was archived");
        }
        pad(size);
    }

    private void header(String name, int mode, int owner, long size, char type) throws IOException {
        byte[] block = new byte[BLOCK];
        int cut = name.length() <= 100 ? 0 : name.indexOf('/', name.length() - 101) + 1;
        put(block, 0, 100, name.substring(cut));
        octal(block, 100, 8, mode);
        octal(block, 108, 8, owner);
        octal(block, 116, 8, owner);
        octal(block, 124, 12, size);
        octal(block, 136, 12, 0);
        Arrays.fill(block, 148, 156, (byte) ' ');
        block[156] = (byte) type;
        put(block, 257, 8, "ustar\00000");
        put(block, 345, 155, cut == 0 ? "" : name.substring(0, cut - 1));
        int sum = 0;
        for (byte b : block) {
            sum += b & 0xFF;
        }
        put(block, 148, 8, String.format(Locale.ROOT, "%06o", sum) + "\0 ");
        out.write(block);
    }

    private void pad(long size) throws IOException {
        out.write(new byte[(int) ((BLOCK - size % BLOCK) % BLOCK)]);
    }

    private static void octal(byte[] block, int at, int length, long value) {
        put(block, at, length, String.format(Locale.ROOT, "%0" + (length - 1) + "o", value));
    }

    private static void put(byte[] block, int at, int length, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > length) {
            throw new IllegalArgumentException("'" + text + "' does not fit a tar header");
        }
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }

    @Override
    public void close() throws IOException {
        out.write(new byte[2 * BLOCK]);
        out.close();
    }
}
