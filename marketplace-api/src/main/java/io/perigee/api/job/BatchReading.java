package io.perigee.api.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.api.problem.Refused;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.rest.BatchSubmission;
import io.perigee.protocol.rest.KeyedSubmission;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Reads a batch so that a job nobody can read is refused at its place, and the others are taken. */
final class BatchReading {
    /**
     * One place of a batch.
     *
     * @param key null when it cannot be read
     * @param job null when it is refused already
     * @param refused null when it was read
     */
    record Place(
            @Nullable String key,
            @Nullable KeyedSubmission job,
            @Nullable Refused refused) {
        static Place of(KeyedSubmission job) {
            return Intake.isKey(job.key())
                    ? new Place(job.key(), job, null)
                    : new Place(null, null, new Refused(ErrorCode.MALFORMED, Intake.keyExpected("'key'")));
        }

        static Place refused(@Nullable String key, String detail) {
            return new Place(key, null, new Refused(ErrorCode.MALFORMED, detail));
        }
    }

    private BatchReading() {}

    /** @throws InvalidValue when it is no batch at all */
    static List<Place> read(byte[] body) {
        try {
            return Json.read(body, BatchSubmission.class).jobs().stream()
                    .map(Place::of)
                    .toList();
        } catch (InvalidValue somewhere) {
            var batch = Json.parse(body);
            var jobs = batch.path("jobs");
            if (batch.size() != 1 || !jobs.isArray()) {
                throw somewhere;
            }
            return StreamSupport.stream(jobs.spliterator(), false)
                    .map(BatchReading::read)
                    .toList();
        }
    }

    private static Place read(JsonNode node) {
        try {
            return Place.of(Json.read(node, KeyedSubmission.class));
        } catch (InvalidValue invalid) {
            var key = node.path("key").asText();
            return Place.refused(Intake.isKey(key) ? key : null, String.valueOf(invalid.getMessage()));
        }
    }
}
