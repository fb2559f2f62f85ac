package io.perigee.api.job;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.perigee.api.problem.Refused;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.codec.JsonFault;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.rest.KeyedSubmission;
import io.perigee.protocol.spec.SpecRules;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a batch so that a job nobody can read is refused at its place, and the others are taken.
 *
 * <p>It is read job by job, each from its own bytes: what eight megabytes of other JSON would become in memory is a hundred
 * times as much.
 */
final class BatchReading {
    /** A usual job has half of it. Only a list that is too long makes one much larger, and that is not kept. */
    private static final int USUAL = 4 << 10;

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
                    : refused(null, new Refused(ErrorCode.MALFORMED, Intake.keyExpected("'key'")));
        }

        static Place refused(@Nullable String key, Refused refused) {
            return new Place(key, null, refused);
        }
    }

    private final byte[] body;
    private final int most;
    private final long largest;

    /**
     * @param most jobs
     * @param largest bytes of a job, which are no more than those of one that comes alone
     */
    BatchReading(byte[] body, int most, long largest) {
        this.body = body;
        this.most = most;
        this.largest = largest;
    }

    /**
     * @throws InvalidValue when it is no batch at all
     * @throws Refused when it has too many jobs, or one that is too large
     */
    List<Place> read() {
        try (var parser = Json.parser(body)) {
            require(parser.nextToken() == JsonToken.START_OBJECT);
            require(parser.nextToken() == JsonToken.FIELD_NAME
                    && parser.currentName().equals("jobs"));
            require(parser.nextToken() == JsonToken.START_ARRAY);
            var places = places(parser);
            require(parser.nextToken() == JsonToken.END_OBJECT && parser.nextToken() == null);
            return places;
        } catch (IOException e) {
            throw new InvalidValue("Expected to read a batch, but " + JsonFault.describe(e));
        }
    }

    private static void require(boolean isBatch) {
        if (!isBatch) {
            throw new InvalidValue("Expected to read a batch as {\"jobs\": [...]} alone, but it is something else");
        }
    }

    private List<Place> places(JsonParser parser) throws IOException {
        var places = new ArrayList<Place>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (places.size() == most) {
                throw wrongSize(most, most + 1, " or more");
            }
            places.add(read(job(parser)));
        }
        if (places.isEmpty()) {
            throw wrongSize(most, 0, "");
        }
        return places;
    }

    private static Refused wrongSize(int most, int size, String more) {
        return new Refused(
                ErrorCode.MALFORMED, "Expected a batch of 1 to %d jobs, but it has %d%s".formatted(most, size, more));
    }

    /** The bytes of the value that the parser stands at; it stands at their end afterwards. */
    private byte[] job(JsonParser parser) throws IOException {
        long from = parser.currentTokenLocation().getByteOffset();
        if (from < 0) {
            throw new InvalidValue("Expected to read a batch in UTF-8, but it is in another encoding");
        }
        for (int depth = step(parser.currentToken()); depth > 0; depth += step(parser.nextToken())) {
            mustFit(parser, from);
        }
        mustFit(parser, from);
        return Arrays.copyOfRange(
                body, (int) from, (int) parser.currentLocation().getByteOffset());
    }

    private static int step(JsonToken token) {
        return token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
    }

    private void mustFit(JsonParser parser, long from) {
        if (parser.currentLocation().getByteOffset() - from > largest) {
            throw new Refused(
                    ErrorCode.TOO_LARGE,
                    "Expected each job of a batch to have at most %d bytes, but one has more".formatted(largest));
        }
    }

    private static Place read(byte[] job) {
        try {
            var place = Place.of(Json.read(job, KeyedSubmission.class));
            return job.length > USUAL ? checked(place) : place;
        } catch (InvalidValue invalid) {
            return Place.refused(key(job), new Refused(ErrorCode.MALFORMED, String.valueOf(invalid.getMessage())));
        }
    }

    /** What is not kept: the texts of a list that no job may have take a dozen times the bytes they came in. */
    private static Place checked(Place place) {
        var job = place.job();
        if (job == null) {
            return place;
        }
        var violations = SpecRules.check(job.request().spec());
        return violations.isEmpty() ? place : Place.refused(place.key(), OrderRules.invalid(violations));
    }

    private static @Nullable String key(byte[] job) {
        try (var parser = Json.parser(job)) {
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME && parser.currentName().equals("key")) {
                    return parser.nextToken().isScalarValue() && Intake.isKey(parser.getText())
                            ? parser.getText()
                            : null;
                }
                if (token.isStructStart() && parser.getParsingContext().getNestingDepth() > 1) {
                    parser.skipChildren();
                }
            }
            return null;
        } catch (IOException unreadable) {
            return null;
        }
    }
}
