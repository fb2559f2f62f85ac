package io.perigee.scenarios.simulation;

import io.perigee.market.verification.Audit;
import io.perigee.market.verification.AuditDepth;
import io.perigee.market.verification.AuditTask;
import io.perigee.market.verification.AuditVerdict;
import io.perigee.protocol.result.Draw;
import io.perigee.market.verification.Misconduct;
import io.perigee.market.verification.Planted;
import io.perigee.market.verification.Subject;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Receipt;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.result.Seal;
import io.perigee.scenarios.simulation.adversary.Strategy.Auditing;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;

/** The hub's stages over the market's rules: place, receipt, draw, audit, decide. Every word may come late or twice. */
final class Hub {
    private static final long LOOK_AGAIN = 300;
    private static final int CRASH_LIMIT = 3;

    private final List<Job> jobs;
    private final Calendar calendar;
    private final Chain chain;
    private final Placing placing;
    private final Machines machines;
    private final Auditors auditors;
    private final Judgement judgement;
    private final Tally tally;

    Hub(
            List<Job> jobs,
            Calendar calendar,
            Chain chain,
            Placing placing,
            Machines machines,
            Auditors auditors,
            Judgement judgement,
            Tally tally) {
        this.jobs = jobs;
        this.calendar = calendar;
        this.chain = chain;
        this.placing = placing;
        this.machines = machines;
        this.auditors = auditors;
        this.judgement = judgement;
        this.tally = tally;
    }

    void on(Event event) {
        switch (event) {
            case Event.Submitted(int job) -> submitted(jobs.get(job));
            case Event.Retried(int job, int attempt) -> retried(jobs.get(job), attempt);
            case Event.Committed(int job, int attempt, Digest seal) ->
                committed(jobs.get(job), attempt(job, attempt), seal);
            case Event.Drawn(int job, int attempt, long block) -> drawn(jobs.get(job), attempt(job, attempt), block);
            case Event.Answered(int job, int attempt) -> answered(jobs.get(job), attempt(job, attempt));
            case Event.LeaseEnded(int job, int attempt) -> leaseEnded(jobs.get(job), attempt(job, attempt));
            case Event.Turned turned -> machines.turn(turned);
        }
    }

    private Attempt attempt(int job, int number) {
        return jobs.get(job).attempts.get(number);
    }

    /** A job that came twice is known by its attempts. */
    private void submitted(Job job) {
        if (job.attempts.isEmpty()) {
            place(job);
        }
    }

    private void place(Job job) {
        if (job.over || job.attempts.stream().anyMatch(Hub::isOpenRun)) {
            return;
        }
        var excluded = new HashSet<Address>();
        job.attempts.forEach(each -> excluded.add(each.owner.address()));
        var found = placing.provider(excluded, Market.digest(job.id + " " + job.attempts.size()), calendar.now());
        if (found.isEmpty()) {
            again(job, -1);
            return;
        }
        var run = machines.start(job, found.getFirst(), Role.REPLICA, job.verifiedTo, Setting.SEGMENTS, null);
        machines.run(job, run);
    }

    private static boolean isOpenRun(Attempt attempt) {
        return !attempt.audits() && attempt.status != Attempt.Status.ENDED;
    }

    /** Looks again later; one look is enough however many ask for it. */
    private void again(Job job, int attempt) {
        boolean waits = attempt < 0 ? job.waits : job.attempts.get(attempt).waits;
        if (!waits && calendar.now() < job.order.deadline()) {
            waits(job, attempt, true);
            calendar.ring(calendar.now() + LOOK_AGAIN, new Event.Retried(job.number, attempt));
        }
    }

    private void retried(Job job, int attempt) {
        waits(job, attempt, false);
        if (attempt < 0) {
            place(job);
        } else {
            decide(job, job.attempts.get(attempt));
        }
    }

    private static void waits(Job job, int attempt, boolean waits) {
        if (attempt < 0) {
            job.waits = waits;
        } else {
            job.attempts.get(attempt).waits = waits;
        }
    }

    /** A second commitment, or one after the lease, finds another status and changes nothing. */
    private void committed(Job job, Attempt run, Digest seal) {
        if (run.status != Attempt.Status.RUNNING) {
            return;
        }
        run.vacate();
        run.seal = seal;
        receipt(job, run);
    }

    private void receipt(Job job, Attempt run) {
        long block = Chain.head(calendar.now()) + 2;
        run.status = Attempt.Status.COMMITTED;
        run.opening = machines.opening(job, run);
        run.receipt = new Receipt(Objects.requireNonNull(run.seal), calendar.now(), block);
        calendar.ring(Chain.finalAt(block), new Event.Drawn(job.number, run.number(), block));
    }

    private void drawn(Job job, Attempt run, long block) {
        if (run.status != Attempt.Status.COMMITTED || !run.answers.isEmpty()) {
            return;
        }
        var seal = Objects.requireNonNull(run.seal);
        if (!run.conduct.reveals()) {
            judgement.punish(job, run, Misconduct.WITHHELD_REVEAL);
            place(job);
        } else if (!Seal.of(run.hash, run.border, Objects.requireNonNull(run.opening))
                .equals(seal)) {
            judgement.punish(job, run, Misconduct.WRONG_OPENING);
            place(job);
        } else {
            audit(job, run, Draw.seed(chain.hash(block, calendar.now()), machines.secret(run), seal));
        }
    }

    private void audit(Job job, Attempt run, Digest seed) {
        int verified = run.owner.reputation.verified();
        int k = AuditDepth.of(Market.SPEC.verification().policy(), run.segments(), verified);
        var drawn = Draw.segments(seed, run.from(), run.border, k);
        var tasks = AuditTask.deal(drawn, Setting.QUORUM, run.border);
        tasks.forEach(task -> task.subjects().forEach(subject -> {
            if (run.border == Setting.SEGMENTS || subject instanceof Subject.Segment) {
                run.answers.put(subject, Truth.claim(job, run, subject));
            }
        }));
        account(run, drawn, verified < AuditDepth.JOBS_TO_BE_KNOWN);
        for (var task : tasks) {
            hire(
                    job,
                    run,
                    task.subjects().stream().filter(run.answers::containsKey).toList());
        }
        if (Planted.due(seed)) {
            plant(job, run, seed);
        }
    }

    private void account(Attempt run, SortedSet<Integer> drawn, boolean newcomer) {
        double work = (double) run.segments() / Setting.SEGMENTS;
        double audits = drawn.stream()
                        .mapToInt(border -> Auditors.cost(run, new Subject.Segment(border)))
                        .sum()
                / (double) Setting.SEGMENTS;
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
        var seed = Market.digest(job.id + " audit " + job.attempts.size());
        var found = placing.auditors(1, Auditors.excluded(job, run), seed, calendar.now());
        if (found.isEmpty() || subjects.isEmpty()) {
            if (!subjects.isEmpty()) {
                again(job, run.number());
            }
            return false;
        }
        int last = subjects.stream().mapToInt(Hub::border).max().orElseThrow();
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

    private void answered(Job job, Attempt auditor) {
        var run = Objects.requireNonNull(auditor.audited);
        if (auditor.status != Attempt.Status.RUNNING || run.status != Attempt.Status.COMMITTED) {
            auditor.end();
            return;
        }
        auditor.status = Attempt.Status.ANSWERED;
        auditor.vacate();
        if (machines.refuses(run, auditor)) {
            // a second fetcher found the same
            judgement.punish(job, run, Misconduct.UNSERVED_CHECKPOINT);
            judgement.dismiss(job, run);
            place(job);
        } else {
            decide(job, run);
        }
    }

    private void decide(Job job, Attempt run) {
        if (run.status != Attempt.Status.COMMITTED) {
            return;
        }
        var verdict = Audit.verdict(Setting.QUORUM, Auditors.checks(job, run));
        if (verdict instanceof AuditVerdict.Wanted(List<Subject> subjects, boolean byStake)) {
            for (var subject : new ArrayList<>(subjects)) {
                if (hire(job, run, List.of(subject)) && byStake) {
                    tally.disputes += (double) Auditors.cost(run, subject) / Setting.SEGMENTS;
                }
            }
        } else if (!(verdict instanceof AuditVerdict.Await)) {
            judgement.pronounce(job, run, verdict);
            next(job);
        }
    }

    private void next(Job job) {
        if (job.verifiedTo == Setting.SEGMENTS) {
            job.over = true;
            tally.finished++;
            job.attempts.stream()
                    .filter(each -> job.crashed.contains(each.owner) && !each.audits())
                    .forEach(each -> judgement.crashed(job, each));
        } else {
            place(job);
        }
    }

    /** Who vanished is paid as far as it was uploaded and holds; three owners that saw no end blame the image. */
    private void leaseEnded(Job job, Attempt attempt) {
        if (attempt.status != Attempt.Status.RUNNING) {
            return;
        }
        if (attempt.audits()) {
            attempt.end();
            decide(job, Objects.requireNonNull(attempt.audited));
            return;
        }
        job.crashed.add(attempt.owner);
        int border = job.ends ? Auditors.uploaded(machines.vanishedAt(attempt)) : 0;
        tally.lost += job.ends
                ? (double) (machines.vanishedAt(attempt) - Math.max(border, attempt.from())) / Setting.SEGMENTS
                : 0;
        if (border > attempt.from()) {
            attempt.vacate();
            attempt.gone = true;
            attempt.border = border;
            attempt.seal = machines.seal(job, attempt);
            receipt(job, attempt);
            return;
        }
        attempt.end();
        if (job.crashed.size() >= CRASH_LIMIT && !job.ends) {
            job.over = true;
        } else {
            place(job);
        }
    }
}
