package io.perigee.scenarios.simulation;

import io.perigee.market.verification.Misconduct;
import io.perigee.market.verification.Subject;
import java.util.List;

/** What follows from an audit where nobody goes to court, as in the hub: auditors are paid with the run that holds, and only then. */
final class Hearing {
    private final Judgement judgement;
    private final Till till;
    private final Tally tally;

    Hearing(Judgement judgement, Till till, Tally tally) {
        this.judgement = judgement;
        this.till = till;
        this.tally = tally;
    }

    void deny(Job job, List<Integer> wrong) {
        wrong.forEach(number -> deny(job, job.attempts.get(number)));
    }

    private void deny(Job job, Attempt auditor) {
        judgement.punish(job, auditor, Voices.misconduct(job, auditor));
    }

    /** How many owners more are to sign for a run that holds. */
    static int missing(Job job, Attempt run) {
        long owners = new Voices(job, run)
                .standing().stream().map(each -> each.owner).distinct().count();
        return (int) Math.max(0, Setting.QUORUM - owners);
    }

    void held(Job job, Attempt run) {
        var voices = new Voices(job, run);
        var standing = voices.standing();
        var disproven = voices.disproven();
        judgement.accept(job, run);
        standing.forEach(till::auditorPaid);
        disproven.forEach(auditor -> deny(job, auditor));
        release(job, 0);
    }

    /** Who answered about what lies before stays, and is paid if the next run says the same. */
    void fell(Job job, Attempt run, Subject subject, List<Integer> against) {
        judgement.punish(job, run, Judgement.differingIn(subject));
        new Voices(job, run)
                .of(subject).stream()
                        .filter(auditor -> !against.contains(auditor.number()))
                        .forEach(friend -> judgement.punish(job, friend, Misconduct.WRONG_AUDIT));
        release(job, Voices.border(subject));
    }

    /**
     * No q of all that could be paid agree: nobody is paid, and another runs it once more; a second time the job ends. Of a
     * part, another does the work again in any case.
     */
    void undecided(Job job, Attempt run) {
        tally.undecided++;
        judgement.unexplained(run);
        release(job, 0);
        job.over = !run.gone && job.undecided;
        job.undecided |= !run.gone;
    }

    /** Lets auditors go that are still at work, or began at a border or behind it. */
    void release(Job job, int border) {
        job.attempts.stream()
                .filter(each -> each.audits() && each.status != Attempt.Status.ENDED)
                .filter(each -> each.status == Attempt.Status.RUNNING || each.from() >= border)
                .forEach(till::cancel);
    }
}
