package io.perigee.api.job;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.perigee.api.job.OrderIntake.Asked;
import io.perigee.api.job.OrderIntake.Outcome;
import io.perigee.api.persistence.Together;
import io.perigee.api.problem.Refused;
import io.perigee.api.settings.Settings;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.rest.SubmitRequest;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stage 1 for whatever comes, jobs one by one and batches: what comes from a builder meanwhile shares the next commit. Blocks. */
@Singleton
final class SharedIntake {
    /** A look, a store, another look, and those before. */
    private static final int STEPS = 4;

    /** The answer to a job that came alone: the new one, or the one that was taken under this key before. */
    record Answer(JobView job, boolean replayed) {}

    private record Request(Address builder, List<Asked> asked) {
        boolean sharesWith(Request other) {
            return builder.equals(other.builder);
        }

        int size() {
            return asked.size();
        }
    }

    private final OrderIntake orders;
    private final JobBook book;
    private final Clock clock;
    private final Duration patience;
    private final Together<Request, List<Outcome>> together;

    SharedIntake(OrderIntake orders, JobBook book, Settings settings, Clock clock, MeterRegistry metrics) {
        this.orders = orders;
        this.book = book;
        this.clock = clock;
        this.patience = settings.api().limits().database().multipliedBy(STEPS);
        this.together = new Together<>(Request::sharesWith, Request::size, patience, this::all);
        Gauge.builder("perigee.intake.requests", together, Together::inside)
                .description("requests for jobs that have no answer yet")
                .register(metrics);
    }

    /** Takes a job that comes alone; refuses by throwing. */
    Answer submit(Address builder, @Nullable String key, SubmitRequest request, String trace) {
        if (key == null || !Intake.isKey(key)) {
            throw new Refused(ErrorCode.MALFORMED, Intake.keyExpected("the header Idempotency-Key"));
        }
        return switch (take(builder, List.of(new Asked(key, request, trace))).getFirst()) {
            case Outcome.Taken(var submission) -> new Answer(submission.view(), false);
            case Outcome.Replayed _ ->
                new Answer(book.submitted(builder, key).await().atMost(patience), true);
            case Outcome.No(var refused) -> throw refused;
        };
    }

    /** What becomes of each, in the same order. */
    List<Outcome> take(Address builder, List<Asked> asked) {
        return together.ask(new Request(builder, List.copyOf(asked)));
    }

    private List<List<Outcome>> all(List<Request> requests) {
        var outcomes = orders.take(
                requests.getFirst().builder(),
                requests.stream().flatMap(each -> each.asked().stream()).toList(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
        var each = new ArrayList<List<Outcome>>();
        int from = 0;
        for (var request : requests) {
            each.add(outcomes.subList(from, from + request.size()));
            from += request.size();
        }
        return each;
    }
}
