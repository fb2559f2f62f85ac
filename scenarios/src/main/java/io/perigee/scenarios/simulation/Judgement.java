package io.perigee.scenarios.simulation;

import io.perigee.market.dispute.Bench.Ruling;
import io.perigee.market.verification.AuditDepth;
import io.perigee.market.verification.AuditVerdict;
import io.perigee.market.verification.Misconduct;
import io.perigee.market.verification.Population;
import io.perigee.market.verification.Subject;
import io.perigee.protocol.fact.OrderOutcomeKind;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.scenarios.simulation.adversary.Strategies;
import java.util.HashMap;
import java.util.List;

/** From an audit's verdict to money: a majority decides the pay, and only a court a stake. */
final class Judgement {
    private final Setting setting;
    private final Calendar calendar;
    private final List<Owner> owners;
    private final Courtroom court;
    private final Till till;
    private int equalPairs;
    private int unexplained;

    Judgement(Setting setting, Calendar calendar, List<Owner> owners, Courtroom court, Till till) {
        this.setting = setting;
        this.calendar = calendar;
        this.owners = owners;
        this.court = court;
        this.till = till;
        this.equalPairs = Population.EQUAL_PAIRS + AuditDepth.KNOWN * verifiedBefore(owners);
    }

    /** The class began certified, and with the pairs that the records of its owners are made of. */
    private static int verifiedBefore(List<Owner> owners) {
        return owners.stream().mapToInt(Owner::verified).sum();
    }

    /** By a court, wherever two differ: the run is decided by it. */
    boolean pronounce(Job job, Attempt run, AuditVerdict verdict) {
        switch (verdict) {
            case AuditVerdict.Held(List<Integer> wrong) -> held(job, run, wrong);
            case AuditVerdict.Fell(Subject subject, List<Integer> against) ->
                fell(job, run, subject, job.attempts.get(against.getFirst()));
            case AuditVerdict.Open(Subject subject, List<Integer> attempts) ->
                fell(job, run, subject, job.attempts.get(attempts.get(1)));
            case AuditVerdict.Wanted _, AuditVerdict.Await _ ->
                throw new IllegalArgumentException("Expected to pronounce a verdict, but got " + verdict);
        }
        dismiss(job, run);
        return true;
    }

    void punish(Job job, Attempt attempt, Misconduct misconduct) {
        till.punish(job, attempt, misconduct, bindsStake(), calendar.now());
    }

    /** The job is verified to its end: who vanished on the way is marked, and the builder says what it thinks of it. */
    void delivered(Job job) {
        job.attempts.stream()
                .filter(each -> job.crashed.contains(each.owner) && !each.audits() && each.misconduct == null)
                .forEach(each -> punish(job, each, Misconduct.CRASHED));
        till.reconsider(job, bindsStake(), calendar.now());
        boolean refuses = setting.is(Strategies.REFUSING) && setting.hasCourt() && job.builder.plays;
        job.builder.learned(
                job,
                refuses && refusalFails(job) ? OrderOutcomeKind.REFUSED : OrderOutcomeKind.HONOURED,
                calendar.now());
    }

    /** It is paid for all the same; where judges find nothing wrong the builder has lost a court. */
    private boolean refusalFails(Job job) {
        var run = job.attempts.stream()
                .filter(each -> !each.answers.isEmpty() && !each.audits())
                .reduce((first, second) -> second)
                .orElseThrow();
        var subject = run.answers.keySet().iterator().next();
        return court.hear(job, run, subject, Market.digest(job.id + " refused"), calendar.now()) == Ruling.FOR_ONE;
    }

    /** A court has said who was wrong: auditors that were right, or were not found wrong, are paid. */
    private void dismiss(Job job, Attempt run) {
        job.auditorsOf(run).forEach(auditor -> {
            if (auditor.status == Attempt.Status.ANSWERED) {
                till.auditorPaid(auditor);
            } else if (auditor.status != Attempt.Status.RUNNING) {
                auditor.end();
            }
        });
    }

    private void held(Job job, Attempt run, List<Integer> wrong) {
        for (var number : wrong) {
            var auditor = job.attempts.get(number);
            var subject = differing(job, run, auditor);
            switch (ruling(job, run, auditor, subject)) {
                case FOR_ONE -> punish(job, auditor, Misconduct.WRONG_AUDIT);
                case FOR_OTHER -> {
                    condemn(job, run, subject);
                    return;
                }
                case APPEAL, NOBODY -> unexplained(run);
            }
        }
        if (run.status != Attempt.Status.ENDED) {
            accept(job, run);
        }
    }

    /** The run, and whoever said the same of it, where a court has found it wrong. */
    private void condemn(Job job, Attempt run, Subject subject) {
        punish(job, run, differingIn(subject));
        if (bindsStake()) {
            job.auditorsOf(run).stream()
                    .filter(each -> each.status == Attempt.Status.ANSWERED
                            && run.answer(subject).equals(each.answers.get(subject)))
                    .forEach(friend -> punish(job, friend, Misconduct.WRONG_AUDIT));
        }
    }

    void accept(Job job, Attempt run) {
        equalPairs += run.answers.size();
        till.accept(job, run, calendar.now());
        till.reconsider(job, bindsStake(), calendar.now());
    }

    private void fell(Job job, Attempt run, Subject subject, Attempt auditor) {
        switch (ruling(job, run, auditor, subject)) {
            case FOR_ONE -> {
                job.auditorsOf(run).stream()
                        .filter(each -> each.status == Attempt.Status.ANSWERED
                                && each.answers.containsKey(subject)
                                && !each.answer(subject).equals(run.answer(subject)))
                        .forEach(each -> punish(job, each, Misconduct.WRONG_AUDIT));
                accept(job, run);
            }
            case FOR_OTHER -> condemn(job, run, subject);
            case APPEAL, NOBODY -> unexplained(run);
        }
    }

    /** Where bits bind no stake the majority's word is enough to keep the pay back, and no court is asked. */
    private Ruling ruling(Job job, Attempt run, Attempt auditor, Subject subject) {
        if (!bindsStake()) {
            return Auditors.agreesWithMost(job, run, subject) ? Ruling.FOR_ONE : Ruling.FOR_OTHER;
        }
        var seed = Market.digest(job.id + " court " + run.number() + " " + subject);
        return court.rule(job, run, auditor, subject, seed, calendar.now());
    }

    void unexplained(Attempt run) {
        unexplained++;
        till.leave(run);
    }

    static Misconduct differingIn(Subject subject) {
        return switch (subject) {
            case Subject.Segment _ -> Misconduct.DIFFERING_SEGMENT;
            case Subject.Output _ -> Misconduct.DIFFERING_OUTPUT;
        };
    }

    private static Subject differing(Job job, Attempt run, Attempt auditor) {
        return auditor.answers.keySet().stream()
                .filter(subject -> !auditor.answer(subject).equals(Truth.claim(job, run, subject)))
                .findFirst()
                .orElseThrow();
    }

    /** Every split court takes from what the class has shown, and every audit that held adds to it. */
    private boolean bindsStake() {
        var stakes = new HashMap<Address, Amount>();
        owners.forEach(owner -> stakes.put(owner.address(), owner.stake()));
        return !setting.acrossClasses()
                && new Population(Market.PROVIDERS_CLASS, stakes, equalPairs, unexplained).bindsStake();
    }
}
