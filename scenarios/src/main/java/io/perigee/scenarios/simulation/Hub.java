package io.perigee.scenarios.simulation;

import io.perigee.market.matching.PlacementRequest.Selection;
import io.perigee.market.verification.Misconduct;
import io.perigee.protocol.fact.OrderOutcomeKind;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Receipt;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.result.Draw;
import io.perigee.protocol.result.Seal;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;

/** The hub's stages over the market's rules: place, receipt, draw, then audit. Every word may come late or twice. */
final class Hub {
    private static final int CRASH_LIMIT = 3;

    private final List<Job> jobs;
    private final Calendar calendar;
    private final Chain chain;
    private final Placing placing;
    private final Machines machines;
    private final Audits audits;
    private final Retries retries;
    private final Judgement judgement;
    private final Tally tally;

    Hub(
            List<Job> jobs,
            Calendar calendar,
            Chain chain,
            Placing placing,
            Machines machines,
            Audits audits,
            Retries retries,
            Judgement judgement,
            Tally tally) {
        this.jobs = jobs;
        this.calendar = calendar;
        this.chain = chain;
        this.placing = placing;
        this.machines = machines;
        this.audits = audits;
        this.retries = retries;
        this.judgement = judgement;
        this.tally = tally;
    }

    void on(Event event) {
        switch (event) {
            case Event.Submitted(int job) -> submitted(jobs.get(job));
            case Event.Retried(int job, int attempt) -> retried(jobs.get(job), attempt);
            case Event.Committed(int job, int attempt, Digest seal) ->
                committed(jobs.get(job), attempt(job, attempt), seal);
            case Event.Seen(int job, int attempt, long block) ->
                attempt(job, attempt).seenAtHead = chain.hash(block, calendar.now());
            case Event.Drawn(int job, int attempt, long block) -> drawn(jobs.get(job), attempt(job, attempt), block);
            case Event.Answered(int job, int attempt) -> answered(jobs.get(job), attempt(job, attempt));
            case Event.LeaseEnded(int job, int attempt) -> leaseEnded(jobs.get(job), attempt(job, attempt));
        }
    }

    private Attempt attempt(int job, int number) {
        return jobs.get(job).attempts.get(number);
    }

    private void submitted(Job job) {
        if (!job.submitted) {
            job.submitted = true;
            place(job);
        }
    }

    private void place(Job job) {
        if (job.over || job.attempts.stream().anyMatch(Hub::isOpenRun)) {
            return;
        }
        var excluded = new HashSet<Address>();
        excluded.add(job.builder.address);
        job.attempts.forEach(each -> excluded.add(each.owner.address()));
        var found = placing.provider(
                selection(job), excluded, Market.digest(job.id + " " + job.attempts.size()), calendar.now());
        if (found.isEmpty()) {
            retries.place(job);
            return;
        }
        var run = machines.start(job, found.getFirst(), Role.REPLICA, job.verifiedTo, Setting.SEGMENTS, null);
        machines.run(job, run);
    }

    /** Who was silent about what was drawn must not have a friend come next that says the same. */
    private static Selection selection(Job job) {
        return job.attempts.stream().anyMatch(each -> each.misconduct == Misconduct.UNSERVED_CHECKPOINT)
                ? Selection.BY_STAKE
                : Selection.CHEAPEST;
    }

    private static boolean isOpenRun(Attempt attempt) {
        return !attempt.audits() && attempt.status != Attempt.Status.ENDED;
    }

    private void retried(Job job, int attempt) {
        if (retries.isForProvider(job, attempt)) {
            place(job);
        } else if (audits.decide(job, job.attempts.get(attempt))) {
            next(job);
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
        calendar.ring(Chain.appearsAt(block), new Event.Seen(job.number, run.number(), block));
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
            var hash = chain.hash(block, calendar.now());
            tally.forked += hash.equals(run.seenAtHead) ? 0 : 1;
            if (audits.begin(job, run, Draw.seed(hash, Machines.secret(run), seal))) {
                next(job);
            }
        }
    }

    private void answered(Job job, Attempt auditor) {
        if (audits.answered(job, auditor)) {
            next(job);
        }
    }

    private void next(Job job) {
        if (job.verifiedTo == Setting.SEGMENTS) {
            job.over = true;
            tally.finished++;
            judgement.delivered(job);
        } else {
            place(job);
        }
    }

    /** Who vanished is paid as far as it was uploaded and holds. */
    private void leaseEnded(Job job, Attempt attempt) {
        if (attempt.status != Attempt.Status.RUNNING) {
            return;
        }
        if (attempt.audits()) {
            attempt.end();
            if (audits.decide(job, attempt.run())) {
                next(job);
            }
            return;
        }
        job.crashed.add(attempt.owner);
        int reached = job.ends ? machines.vanishedAt(attempt) : attempt.from();
        int border = Math.max(attempt.from(), Auditors.uploaded(reached));
        tally.lost += (double) (reached - border) / Setting.SEGMENTS;
        if (border > attempt.from()) {
            attempt.vacate();
            attempt.gone = true;
            attempt.border = border;
            attempt.seal = machines.seal(job, attempt);
            receipt(job, attempt);
        } else {
            attempt.end();
            withoutResult(job, attempt);
        }
    }

    /** Machines that were there to the end of their leases and passed no border blame the image. */
    private void withoutResult(Job job, Attempt attempt) {
        if (!machines.isSilent(attempt)) {
            job.stuck.add(attempt.owner);
            tally.leasesLost++;
        }
        if (job.stuck.size() >= job.builder.reputation(calendar.now()).crashLimit(CRASH_LIMIT)) {
            job.over = true;
            job.builder.learned(job, OrderOutcomeKind.FAULTY, calendar.now());
        } else {
            place(job);
        }
    }
}
