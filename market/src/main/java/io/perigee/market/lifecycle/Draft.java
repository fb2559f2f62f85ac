package io.perigee.market.lifecycle;

import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.AttemptEnded;
import io.perigee.protocol.fact.JobFact;
import io.perigee.protocol.fact.JobSubmitted;
import io.perigee.protocol.id.JobId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A decision being made: every fact is applied as it is written down, so the next step sees its effect. */
final class Draft {
    private final Context context;
    private final List<JobFact> facts = new ArrayList<>();
    private Job job;

    Draft(Job job, Context context) {
        this.job = job;
        this.context = context;
    }

    private Draft(JobSubmitted first, Context context) {
        this.context = context;
        this.job = Job.apply(null, first, context.now());
        facts.add(first);
    }

    static Draft begin(JobSubmitted first, Context context) {
        return new Draft(first, context);
    }

    Job job() {
        return job;
    }

    JobId id() {
        return job.id();
    }

    Context context() {
        return context;
    }

    Draft record(JobFact fact) {
        job = Job.apply(job, fact, context.now());
        facts.add(fact);
        return this;
    }

    Draft end(Attempt attempt, AttemptEnd end, String detail) {
        return record(new AttemptEnded(id(), attempt.number(), end, null, null, detail));
    }

    Decision accepted() {
        return new Decision.Accepted(facts);
    }

    static Decision.Rejected rejected(ErrorCode code, String detail, Object... values) {
        return new Decision.Rejected(code, detail.formatted(values));
    }

    /** The attempt as it is now. */
    Optional<Attempt> open(int number) {
        return Optional.of(job.attempt(number)).filter(attempt -> !attempt.ended());
    }
}
