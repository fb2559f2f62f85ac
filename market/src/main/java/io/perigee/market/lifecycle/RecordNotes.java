package io.perigee.market.lifecycle;

import io.perigee.market.MarketPolicy;
import io.perigee.protocol.fact.JobExpired;
import io.perigee.protocol.fact.JobFact;
import io.perigee.protocol.fact.JobFailed;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.OrderOutcomeKind;
import io.perigee.protocol.fact.OrderOutcomeNoted;
import io.perigee.protocol.fact.OutcomeNoted;
import io.perigee.protocol.fact.RecordFact;
import io.perigee.protocol.id.Digest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a decision about a job says of those who took part in it: its providers, its builder, its numeric class. */
public final class RecordNotes {
    private RecordNotes() {}

    /**
     * Of one decision.
     *
     * @param before null before the first fact
     * @param facts that made the one of the other
     * @param bindsStake whether a difference of bits proves something in a numeric class
     * @param counts whether a difference that nobody explained is one that its class answers for
     */
    public static List<RecordFact> of(
            @Nullable Job before,
            Job after,
            List<JobFact> facts,
            MarketPolicy policy,
            Instant now,
            Predicate<Digest> bindsStake,
            Predicate<Difference> counts) {
        var notes = new ArrayList<RecordFact>();
        if (before != null) {
            // a settled job has no payable any more, and nothing that it says of runs is new
            if (!(after.state() instanceof State.Settled)) {
                outcomes(before, after, bindsStake, notes);
            }
            ClassPairs.of(before, after, counts).ifPresent(notes::add);
            order(before, facts, policy, now)
                    .map(kind -> new OrderOutcomeNoted(after.id(), after.order().builder(), kind, now))
                    .ifPresent(notes::add);
        }
        return List.copyOf(notes);
    }

    private static void outcomes(Job before, Job after, Predicate<Digest> bindsStake, List<RecordFact> notes) {
        var heldBefore = HeldWork.of(before);
        var heldAfter = HeldWork.of(after);
        for (var attempt : after.attempts()) {
            var old = attempt.number() < before.attempts().size()
                    ? Optional.of(before.attempt(attempt.number())).filter(Attempt::ended)
                    : Optional.<Attempt>empty();
            if (old.isPresent()
                    && heldBefore.says(attempt) == heldAfter.says(attempt)
                    && Refuted.is(before, attempt) == Refuted.is(after, attempt)) {
                continue;
            }
            var known = old.flatMap(ended -> TrackRecord.of(before, ended, bindsStake));
            TrackRecord.of(after, attempt, bindsStake)
                    .filter(outcome -> !known.equals(Optional.of(outcome)))
                    .ifPresent(outcome -> {
                        var field = TrackRecord.field(after, attempt);
                        notes.add(new OutcomeNoted(
                                after.id(),
                                attempt.number(),
                                field.owner(),
                                field.numericClass(),
                                field.imageFamily(),
                                outcome.kind(),
                                outcome.at()));
                    });
        }
    }

    private static Optional<OrderOutcomeKind> order(Job before, List<JobFact> facts, MarketPolicy policy, Instant now) {
        for (var fact : facts) {
            if (fact instanceof JobSettled
                    && before.state() instanceof State.Decided(var _, var payable)
                    && !payable.winners().isEmpty()) {
                return Optional.of(OrderOutcomeKind.HONOURED);
            }
            if (fact instanceof JobFailed failed && Failures.isTheJobs(failed.cause())
                    || fact instanceof JobExpired expired
                            && expired.payable().owesNothing()
                            && Clockwork.isDeadlineToBlame(before, policy, now, facts)) {
                return Optional.of(OrderOutcomeKind.FAULTY);
            }
        }
        return Optional.empty();
    }
}
