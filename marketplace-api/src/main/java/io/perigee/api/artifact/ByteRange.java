package io.perigee.api.artifact;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of some content that a request asks for (RFC 9110 section 14).
 *
 * @param first offset of the first byte
 * @param length how many bytes; 0 only for empty content
 */
record ByteRange(long first, long length) {
    private static final Pattern SINGLE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /** What a Range header means for content of this size. */
    sealed interface Asked {
        /** No header, several ranges, or one we do not understand: the RFC lets a server send everything. */
        record Everything() implements Asked {}

        record Part(ByteRange range) implements Asked {}

        /** It starts beyond the end. */
        record Unsatisfiable() implements Asked {}
    }

    static Asked parse(@Nullable String header, long size) {
        var match = SINGLE.matcher(Optional.ofNullable(header).orElse(""));
        if (!match.matches() || (match.group(1).isEmpty() && match.group(2).isEmpty())) {
            return new Asked.Everything();
        }
        if (match.group(1).isEmpty()) {
            var last = Math.min(Long.parseLong(match.group(2)), size);
            return last == 0 ? new Asked.Unsatisfiable() : new Asked.Part(new ByteRange(size - last, last));
        }
        var first = Long.parseLong(match.group(1));
        var last = match.group(2).isEmpty() ? size - 1 : Math.min(Long.parseLong(match.group(2)), size - 1);
        if (first >= size) {
            return new Asked.Unsatisfiable();
        }
        return last < first ? new Asked.Everything() : new Asked.Part(new ByteRange(first, last - first + 1));
    }

    long last() {
        return first + length - 1;
    }
}
