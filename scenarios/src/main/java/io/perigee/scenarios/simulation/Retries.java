package io.perigee.scenarios.simulation;

/** Looks again, later, for somebody free; one look is enough however many ask for it. */
final class Retries {
    private static final long LOOK_AGAIN = 300;
    private static final int PLACE = -1;

    private final Calendar calendar;

    Retries(Calendar calendar) {
        this.calendar = calendar;
    }

    void place(Job job) {
        again(job, PLACE);
    }

    void audit(Job job, Attempt run) {
        again(job, run.number());
    }

    /** A look has come; whether it is for a provider, or else for an auditor of the attempt. */
    boolean isForProvider(Job job, int attempt) {
        waits(job, attempt, false);
        return attempt == PLACE;
    }

    private void again(Job job, int attempt) {
        boolean waits = attempt == PLACE ? job.waits : job.attempts.get(attempt).waits;
        if (!waits && calendar.now() < job.order.deadline()) {
            waits(job, attempt, true);
            calendar.ring(calendar.now() + LOOK_AGAIN, new Event.Retried(job.number, attempt));
        }
    }

    private static void waits(Job job, int attempt, boolean waits) {
        if (attempt == PLACE) {
            job.waits = waits;
        } else {
            job.attempts.get(attempt).waits = waits;
        }
    }
}
