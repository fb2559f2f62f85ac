package io.perigee.api.job;

import io.perigee.api.problem.Problems;
import io.perigee.api.problem.Refused;
import io.perigee.api.session.RateLimits;
import io.perigee.api.settings.Settings;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.rest.BatchAnswer;
import io.perigee.protocol.rest.SubmissionAnswer;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Stage 1 for many jobs at once: each is taken or refused by itself, and all that are taken are stored in one commit. Blocks. */
@Singleton
public final class BatchIntake {
    private final SharedIntake orders;
    private final RateLimits limits;
    private final Settings.Limits settings;
    private final Clock clock;
    private final Semaphore atOnce;

    BatchIntake(SharedIntake orders, RateLimits limits, Settings settings, Clock clock) {
        this.orders = orders;
        this.limits = limits;
        this.settings = settings.api().limits();
        this.clock = clock;
        this.atOnce = new Semaphore(this.settings.batchesAtOnce());
    }

    BatchAnswer submit(Address builder, byte[] body, String trace) {
        if (!atOnce.tryAcquire()) {
            throw new Refused(
                    ErrorCode.UNAVAILABLE,
                    "Expected at most %d batches at once, but there are as many".formatted(settings.batchesAtOnce()));
        }
        try {
            var places =
                    new BatchReading(body, settings.batchJobs(), settings.json().asLongValue()).read();
            var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            limits.count("batch " + builder, places.size(), settings.batchJobsPerMinute(), now);
            return answer(builder, places, trace);
        } finally {
            atOnce.release();
        }
    }

    private BatchAnswer answer(Address builder, List<BatchReading.Place> places, String trace) {
        var asked = places.stream()
                .map(BatchReading.Place::job)
                .filter(Objects::nonNull)
                .map(job -> new OrderIntake.Asked(job.key(), job.request(), trace))
                .toList();
        var outcomes = orders.take(builder, asked).iterator();
        return new BatchAnswer(places.stream()
                .map(place -> {
                    var refused = place.refused();
                    return answer(
                            place.key(),
                            refused == null ? outcomes.next() : new OrderIntake.Outcome.No(refused),
                            trace);
                })
                .toList());
    }

    private static SubmissionAnswer answer(@Nullable String key, OrderIntake.Outcome outcome, String trace) {
        return switch (outcome) {
            case OrderIntake.Outcome.Taken(var submission) ->
                SubmissionAnswer.taken(
                        submission.key(), submission.request().order().jobId(), false);
            case OrderIntake.Outcome.Replayed(var used, var job) -> SubmissionAnswer.taken(used, job, true);
            case OrderIntake.Outcome.No(var refused) -> SubmissionAnswer.refused(key, Problems.of(refused, trace));
        };
    }
}
