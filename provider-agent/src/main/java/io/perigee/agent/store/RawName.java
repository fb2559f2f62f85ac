package io.perigee.agent.store;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A path as the bytes it has on disk. Its string would not do: of bytes that are not text in the locale's encoding nothing
 * is left in it, and a job would hide its files behind such names.
 */
final class RawName {
    /** Below it is nothing, so that nothing is looked up where a path is made a URI. */
    private static final Path NOWHERE = Path.of("/dev/null");

    private static final Path ROOT = Path.of("/");
    private static final int ESCAPED = 3;

    private RawName() {}

    /** Those bytes, without an end mark. */
    static byte[] of(Path path) {
        if (path.getNameCount() == 0) {
            return path.toString().getBytes(StandardCharsets.US_ASCII);
        }
        var below = bytesOf(NOWHERE.resolve(path.subpath(0, path.getNameCount())));
        int from = NOWHERE.toString().length() + (path.isAbsolute() ? 0 : 1);
        var bytes = new byte[below.length - from];
        System.arraycopy(below, from, bytes, 0, bytes.length);
        return bytes;
    }

    /** The name as text in UTF-8, whatever the locale; empty where it is none. */
    static Optional<String> text(Path name) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(of(name)))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** The relative path that has this text's bytes in UTF-8, whatever the locale. */
    static Path path(String text) {
        var escaped = new StringBuilder("file:///");
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            escaped.append(each == '/' ? "/" : "%" + HexFormat.of().toHexDigits(each));
        }
        return ROOT.relativize(Path.of(URI.create(escaped.toString())));
    }

    /** A URI escapes each byte that is no plain letter, and so tells them all. */
    private static byte[] bytesOf(Path absolute) {
        var escaped = absolute.toUri().getRawPath();
        var bytes = ByteBuffer.allocate(escaped.length());
        for (int at = 0; at < escaped.length(); ) {
            boolean plain = escaped.charAt(at) != '%';
            bytes.put((byte) (plain ? escaped.charAt(at) : HexFormat.fromHexDigits(escaped, at + 1, at + ESCAPED)));
            at += plain ? 1 : ESCAPED;
        }
        var whole = new byte[bytes.flip().remaining()];
        bytes.get(whole);
        return whole;
    }
}
