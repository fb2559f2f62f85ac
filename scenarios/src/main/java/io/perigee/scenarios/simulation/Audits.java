package io.perigee.scenarios.simulation;

import io.perigee.market.verification.Audit;
import io.perigee.market.verification.AuditDepth;
import io.perigee.market.verification.AuditTask;
import io.perigee.market.verification.AuditVerdict;
import io.perigee.market.verification.Misconduct;
import io.perigee.market.verification.Planted;
import io.perigee.market.verification.Subject;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.result.Draw;
import io.perigee.scenarios.simulation.adversary.Strategy.Auditing;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;

/** The hub's audit of a run: draw, deal to auditors, plant a check, and decide from what they say. */
final class Audits {
    private final Setting setting;
    private final Calendar calendar;
    private final Placing placing;
    private final Machines machines;
    private final Auditors auditors;
    private final Retries retries;
    private final Judgement judgement;
    private final Tally tally;

    Audits(
            Setting setting,
            Calendar calendar,
            Placing placing,
            Machines machines,
            Auditors auditors,
            Retries retries,
            Judgement judgement,
            Tally tally) {
        this.setting = setting;
        this.calendar = calendar;
        this.placing = placing;
        this.machines = machines;
        this.auditors = auditors;
        this.retries = retries;
        this.judgement = judgement;
        this.tally = tally;
    }

    void begin(Job job, Attempt run, Digest seed) {
        int verified = run.owner.verified();
        int k = AuditDepth.of(Market.SPEC.verification().policy(), run.segments(), Setting.SEGMENTS, verified);
        var fair = Draw.segments(seed, run.from(), run.border, k);
        boolean withheld = run.owner.strategy.isHubsFriend() && fair.stream().anyMatch(run.conduct.forged()::get);
        var drawn = withheld ? Draw.all(run.from(), run.border) : fair;
        var tasks = AuditTask.deal(drawn, Setting.QUORUM, run.border);
        tasks.forEach(task -> task.subjects().forEach(subject -> {
            if (run.border == Setting.SEGMENTS || subject instanceof Subject.Segment) {
                run.answers.put(subject, Truth.claim(job, run, subject));
            }
        }));
        account(run, drawn, verified < AuditDepth.JOBS_TO_BE_KNOWN, withheld);
        for (var task : tasks) {
            hire(
                    job,
                    run,
                    task.subjects().stream().filter(run.answers::containsKey).toList());
        }
        if (setting.hasCourt() && Planted.due(seed)) {
            plant(job, run, seed);
        }
    }

    /** A hub that keeps its secret back pays for the audit of everything itself. */
    private void account(Attempt run, SortedSet<Integer> drawn, boolean newcomer, boolean withheld) {
        double work = (double) run.segments() / Setting.SEGMENTS;
        double cost = drawn.stream()
                        .mapToInt(border -> Auditors.cost(run, new Subject.Segment(border)))
                        .sum()
                / (double) Setting.SEGMENTS;
        double audits = withheld ? 0 : cost;
        tally.atCulpritsCost += cost - audits;
        if (newcomer) {
            tally.newWork += work;
            tally.newAudits += audits;
        } else {
            tally.knownWork += work;
            tally.knownAudits += audits;
        }
    }

    /** One auditor, drawn by stake, for some subjects. */
    private boolean hire(Job job, Attempt run, List<Subject> subjects) {
        if (subjects.isEmpty()) {
            return false;
        }
        var seed = Market.digest(job.id + " audit " + job.attempts.size());
        var found = placing.auditors(1, Auditors.excluded(job, run), seed, calendar.now());
        if (found.isEmpty()) {
            retries.audit(job, run);
            return false;
        }
        int last = subjects.stream().mapToInt(Audits::border).max().orElseThrow();
        var auditor = machines.start(job, found.getFirst(), Role.AUDITOR, last - 1, last, run);
        subjects.forEach(subject -> auditor.answers.put(subject, auditors.answer(job, run, auditor.owner, subject)));
        int segments = subjects.stream()
                .mapToInt(subject -> Auditors.cost(run, subject))
                .sum();
        machines.audit(job, auditor, segments);
        return true;
    }

    private static int border(Subject subject) {
        return switch (subject) {
            case Subject.Segment(int border) -> border;
            case Subject.Output(int border) -> border;
        };
    }

    /** A segment whose leaf the hub knows; only who does not run it gets it wrong. */
    private void plant(Job job, Attempt run, Digest seed) {
        var found = placing.auditors(1, Auditors.excluded(job, run), Market.digest("planted " + seed), calendar.now());
        if (found.isEmpty()) {
            return;
        }
        var segment = new Subject.Segment(1);
        var planted = new Planted(segment, Market.digest("kept from a past job " + seed), false);
        var auditor = machines.start(job, found.getFirst(), Role.AUDITOR, 0, 1, run);
        var auditing = auditor.owner.strategy.auditing();
        boolean runs = auditing == Auditing.HONEST || auditing == Auditing.FRIENDLY;
        tally.planted += 1.0 / Setting.SEGMENTS;
        auditor.status = Attempt.Status.COMMITTED;
        if (planted.passedBy(runs ? planted.leaf() : Market.digest("a guess"))) {
            auditor.end();
        } else {
            judgement.punish(job, auditor, Misconduct.WRONG_AUDIT);
        }
    }

    /** Whether the run is decided by it. */
    boolean answered(Job job, Attempt auditor) {
        var run = Objects.requireNonNull(auditor.audited);
        if (auditor.status != Attempt.Status.RUNNING || run.status != Attempt.Status.COMMITTED) {
            auditor.end();
            return false;
        }
        auditor.status = Attempt.Status.ANSWERED;
        auditor.vacate();
        if (machines.refuses(run, auditor)) {
            // a second fetcher found the same
            judgement.punish(job, run, Misconduct.UNSERVED_CHECKPOINT);
            judgement.dismiss(job, run);
            return true;
        }
        return decide(job, run);
    }

    /** One auditor takes over all that another has dropped: were it one for each segment, soon nobody would be left. */
    private void more(Job job, Attempt run, List<Subject> subjects, boolean byStake) {
        var left = new ArrayList<>(subjects);
        while (!left.isEmpty()) {
            var hand = left.stream().distinct().toList();
            hand.forEach(left::remove);
            if (hire(job, run, hand) && byStake) {
                hand.forEach(subject -> tally.disputes += (double) Auditors.cost(run, subject) / Setting.SEGMENTS);
            }
        }
    }

    /** Whether the run is decided; asks more auditors where the rules want them. */
    boolean decide(Job job, Attempt run) {
        if (run.status != Attempt.Status.COMMITTED) {
            return false;
        }
        return switch (Audit.verdict(Setting.QUORUM, Auditors.checks(job, run))) {
            case AuditVerdict.Await _ -> false;
            case AuditVerdict.Wanted(List<Subject> subjects, boolean byStake) -> {
                more(job, run, subjects, byStake);
                yield false;
            }
            case AuditVerdict verdict -> {
                judgement.pronounce(job, run, verdict);
                yield true;
            }
        };
    }
}
