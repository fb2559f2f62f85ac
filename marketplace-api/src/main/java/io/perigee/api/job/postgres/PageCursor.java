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

    /** PostgreSQL knows fewer years than Java. */
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    static PageCursor parse(String text) {
        try {
            if (text.length() > LONGEST) {
                throw new IllegalArgumentException("too long");
            }
            var parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(" ", -1);
            if (parts.length != 2) {
                throw new IllegalArgumentException("not two parts");
            }
            var cursor = new PageCursor(Instant.parse(parts[0]), UUID.fromString(parts[1]));
            if (!cursor.text().equals(text)) {
                throw new IllegalArgumentException("another spelling");
            }
            if (cursor.createdAt.isBefore(Instant.EPOCH) || cursor.createdAt.isAfter(LATEST)) {
                throw new IllegalArgumentException("no time at which a job can be made");
            }
            return cursor;
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
