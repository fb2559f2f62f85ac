package io.perigee.protocol.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.perigee.protocol.error.InvalidValue;
import java.util.regex.Pattern;

/**
 * The name of some bytes: their SHA-256. A directory's is that of its canonical manifest, an image's is its OCI config
 * digest.
 *
 * @param value "sha256:" and 64 lower-case hex digits
 */
public record ContentId(@JsonValue String value) implements Comparable<ContentId> {
    private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}");

    public ContentId {
        if (!FORM.matcher(value).matches()) {
            throw InvalidValue.reading(
                    "a content id", value, "it is not 'sha256:' followed by 64 lower-case hex digits");
        }
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static ContentId parse(String text) {
        return new ContentId(text);
    }

    public static ContentId of(byte[] sha256) {
        return of(Digest.of(sha256));
    }

    public static ContentId of(Digest sha256) {
        return new ContentId("sha256:" + sha256.value().substring(2));
    }

    /** The 64 hex digits alone. */
    public String hex() {
        return value.substring("sha256:".length());
    }

    /** The same 32 bytes as they stand in signed messages and on chain. */
    public Digest digest() {
        return new Digest("0x" + hex());
    }

    @Override
    public int compareTo(ContentId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
