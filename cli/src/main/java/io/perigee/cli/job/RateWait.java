package io.perigee.cli.job;

import io.perigee.client.ApiException;
import io.perigee.protocol.error.ErrorCode;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A hub takes so many requests a minute, and says when to come again: worth waiting for, a bounded number of times in a row
 * and not for ever.
 *
 * @param longest a hub that wants more than this at once is not waited for
 * @param rest waits so long
 */
record RateWait(int tries, Duration longest, Consumer<Duration> rest) {

    /** What the request gives. Throws the hub's refusal when it is another, or stays. */
    <T> T until(Supplier<T> request) {
        for (int refused = 0; ; refused++) {
            try {
                return request.get();
            } catch (ApiException e) {
                var pause = pause(e, refused);
                if (!e.is(ErrorCode.RATE_LIMITED) || refused >= tries || pause.compareTo(longest) > 0) {
                    throw e;
                }
                rest.accept(pause);
            }
        }
    }

    /** Longer and longer, where the hub says too little: what it counts by the minute it may still call a second. */
    private static Duration pause(ApiException refused, int before) {
        var usual = Duration.ofSeconds(1L << Math.min(before, 6));
        return refused.retryAfter().filter(told -> told.compareTo(usual) > 0).orElse(usual);
    }
}
