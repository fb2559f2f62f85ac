package io.perigee.api.job.postgres;

import io.perigee.api.problem.Refused;
import io.perigee.protocol.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

/** Where a page of jobs ended. Opaque to clients; a wrong one is refused. */
record PageCursor(Instant createdAt, UUID id) {
    private static final int LONGEST = 200;

    static PageCursor parse(String text) {
        try {
            if (text.length() > LONGEST) {
                throw new IllegalArgumentException("too long");
            }
            var parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(" ", -1);
            if (parts.length != 2) {
                throw new IllegalArgumentException("not two parts");
            }
            return new PageCursor(Instant.parse(parts[0]), UUID.fromString(parts[1]));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new Refused(
                    ErrorCode.MALFORMED,
                    "Expected 'cursor' to be the nextCursor of an earlier page, but it is something else");
        }
    }

    String text() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((createdAt + " " + id).getBytes(StandardCharsets.UTF_8));
    }
}
