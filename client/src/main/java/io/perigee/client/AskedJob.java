package io.perigee.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.rest.Quote;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.SpecParser;
import io.perigee.protocol.spec.SpecResolver;
import java.util.Optional;

/**
 * What the caller asked a quote for, read here once more: a hub that quotes another job, or more money, is not to get a
 * signature, however little a program looks at what it signs. The hub's word is good for what names stand for, and for nothing
 * else.
 */
final class AskedJob {
    private AskedJob() {}

    /** @throws ApiException when the quote is not for this job */
    static Quote require(JsonNode human, Quote quote, int tokenDecimals) {
        var asked = SpecParser.parse(Json.parse(Json.bytes(human)), new Names(quote.spec(), tokenDecimals));
        return switch (asked) {
            case SpecParser.Result.Valid(var spec) when spec.equals(quote.spec()) -> quote;
            case SpecParser.Result.Valid(var spec) -> throw other(difference(spec, quote.spec()));
            case SpecParser.Result.Invalid(var violations) ->
                throw other("this client would not let '%s' pass"
                        .formatted(violations.getFirst().path()));
        };
    }

    private static String difference(JobSpec asked, JobSpec quoted) {
        return asked.price().equals(quoted.price())
                ? "it differs"
                : "its price.max is %s instead of %s"
                        .formatted(quoted.price().max(), asked.price().max());
    }

    private static ApiException other(String fact) {
        return ApiException.of(
                ErrorCode.ORDER_MISMATCH,
                "Expected the hub to quote the job that it was asked for, but " + fact,
                "Use a client and a hub of matching releases; if they are, do not use this hub");
    }

    private record Names(JobSpec quoted, int tokenDecimals) implements SpecResolver {
        @Override
        public Optional<Trainer> trainer(String name) {
            return Optional.of(new Trainer(quoted.image()));
        }

        @Override
        public Optional<ContentId> model(String reference) {
            return digest(reference).or(quoted::baseId);
        }

        @Override
        public Optional<ContentId> dataset(String reference) {
            return digest(reference).or(quoted::datasetId);
        }

        private static Optional<ContentId> digest(String reference) {
            int at = reference.lastIndexOf('@');
            try {
                return at < 0 ? Optional.empty() : Optional.of(ContentId.parse(reference.substring(at + 1)));
            } catch (InvalidValue notADigest) {
                return Optional.empty();
            }
        }
    }
}
