package io.perigee.scenarios.simulation;

import io.perigee.market.verification.Audit;
import io.perigee.market.verification.AuditDepth;
import io.perigee.market.verification.AuditVerdict;
import io.perigee.market.verification.Misconduct;
import io.perigee.market.verification.Planted;
import io.perigee.market.verification.Stretch;
import io.perigee.market.verification.Subject;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.result.Draw;
import io.perigee.scenarios.simulation.adversary.Strategy.Auditing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The hub's audit of a run: draw, deal to auditors, plant a check, and decide from what they say. */
final class Audits {
    /** How often an owner for each segment is looked for before fewer do. */
    private static final int PATIENCE = 6;

    private final Setting setting;
    private final Calendar calendar;
    private final Placing placing;
    private final Machines machines;
    private final Auditors auditors;
    private final Retries retries;
    private final Judgement judgement;
    private final Hearing hearing;
    private final Tally tally;

    Audits(
            Setting setting,
            Calendar calendar,
            Placing placing,
            Machines machines,
            Auditors auditors,
            Retries retries,
            Judgement judgement,
            Hearing hearing,
            Tally tally) {
        this.setting = setting;
        this.calendar = calendar;
        this.placing = placing;
        this.machines = machines;
        this.auditors = auditors;
        this.retries = retries;
        this.judgement = judgement;
        this.hearing = hearing;
        this.tally = tally;
    }

    /** Whether the run is decided by it: what is drawn must be served before anybody is asked to run it. */
    boolean begin(Job job, Attempt run, Digest seed) {
        run.newcomer = run.owner.verified() < AuditDepth.JOBS_TO_BE_KNOWN;
        var fair = drawn(run, seed);
        run.withheld = run.owner.strategy.isHubsFriend() && fair.stream().anyMatch(run.conduct.forged()::get);
        var drawn = run.withheld ? Draw.all(run.from(), run.border) : fair;
        drawn.forEach(border -> asks(job, run, new Subject.Segment(border)));
        if (run.border == Setting.SEGMENTS) {
            asks(job, run, new Subject.Output(run.border));
        }
        if (machines.refuses(run, drawn)) {
            // a second fetcher found the same
            judgement.punish(job, run, Misconduct.UNSERVED_CHECKPOINT);
            return true;
        }
        if (setting.hasCourt() && Planted.due(seed)) {
            plant(job, run, seed);
        }
        return decide(job, run);
    }

    /** As the hub draws: whoever runs the last segment again derives the outputs, and a part takes q owners. */
    private static SortedSet<Integer> drawn(Attempt run, Digest seed) {
        int k = AuditDepth.of(
                Market.SPEC.verification().policy(), run.segments(), Setting.SEGMENTS, run.owner.verified());
        int count = run.gone ? Math.min(run.segments(), Math.max(k, Setting.QUORUM)) : k;
        var drawn = Draw.segments(seed, run.from(), run.border, count);
        if (!run.gone) {
            drawn.add(run.border);
        }
        return drawn;
    }

    private static void asks(Job job, Attempt run, Subject subject) {
        run.answers.put(subject, Truth.claim(job, run, subject));
    }

    /** All of a deal at once, drawn by stake: who waited with half of an audit would bind what another needs. */
    private boolean hire(Job job, Attempt run, List<Stretch> deal, boolean byStake) {
        var seed = Market.digest(job.id + " audit " + job.attempts.size());
        var found = placing.auditors(deal.size(), Auditors.excluded(job, run), seed, calendar.now());
        for (int i = 0; i < found.size(); i++) {
            start(job, run, found.get(i), deal.get(i), byStake);
        }
        return !found.isEmpty();
    }

    private void start(Job job, Attempt run, Owner owner, Stretch stretch, boolean byStake) {
        var auditor = machines.start(job, owner, Role.AUDITOR, stretch.fromBorder(), stretch.toBorder(), run);
        run.answers.keySet().stream()
                .filter(subject -> stretch.covers(Voices.border(subject)))
                .forEach(subject -> auditor.answers.put(subject, auditors.answer(job, run, owner, subject)));
        int segments = Auditors.cost(run, stretch);
        account(run, (double) segments / Setting.SEGMENTS, byStake);
        machines.audit(job, auditor, segments);
    }

    /** A hub that keeps its secret back pays for the audit of everything itself. */
    private void account(Attempt run, double work, boolean byStake) {
        if (run.withheld) {
            tally.atCulpritsCost += work;
        } else if (byStake) {
            tally.disputes += work;
        } else if (run.newcomer) {
            tally.newAudits += work;
        } else {
            tally.knownAudits += work;
        }
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

    /** Whether the run is decided by it. An answer that comes again says nothing new. */
    boolean answered(Job job, Attempt auditor) {
        var run = auditor.run();
        if (auditor.status != Attempt.Status.RUNNING) {
            return false;
        }
        if (run.status != Attempt.Status.COMMITTED) {
            auditor.end();
            return false;
        }
        auditor.status = Attempt.Status.ANSWERED;
        auditor.spoke = true;
        auditor.vacate();
        return decide(job, run);
    }

    /**
     * As many owners as segments, or as few as there are, and never fewer than have to sign: where there are too few segments
     * for them, some run the last one beside each other; of all segments as few as may be, since nothing lies between.
     */
    private void more(Job job, Attempt run, List<Subject> subjects, boolean byStake) {
        var copies = copies(subjects);
        int least = byStake ? 1 : Hearing.missing(job, run);
        run.looks++;
        int fewest = run.withheld || run.looks > PATIENCE ? 1 : copies.size();
        var hands = IntStream.rangeClosed(fewest, copies.size()).boxed().toList();
        for (int each : run.withheld ? hands : hands.reversed()) {
            var deal = deal(copies, each);
            if (deal.size() >= least && hire(job, run, deal, byStake)) {
                return;
            }
        }
        var widest = deal(copies, copies.size());
        if (widest.size() < least) {
            widest.addAll(Collections.nCopies(least - widest.size(), Stretch.of(run.border)));
            if (hire(job, run, widest, byStake)) {
                return;
            }
        }
        retries.audit(job, run);
    }

    private static List<Stretch> deal(SortedMap<Integer, Integer> copies, int hands) {
        var left = new TreeMap<>(copies);
        var deal = new ArrayList<Stretch>();
        while (!left.isEmpty()) {
            deal.addAll(Stretch.deal(new TreeSet<>(left.keySet()), Math.min(hands, left.size())));
            left.replaceAll((_, count) -> count - 1);
            left.values().removeIf(count -> count == 0);
        }
        return deal;
    }

    /** How many auditors each segment lacks; whoever runs the last one answers for the outputs as well. */
    private static SortedMap<Integer, Integer> copies(List<Subject> subjects) {
        var count = new HashMap<Subject, Integer>();
        subjects.forEach(subject -> count.merge(subject, 1, Integer::sum));
        var segments = new TreeMap<Integer, Integer>();
        count.forEach((subject, copies) -> segments.merge(Voices.border(subject), copies, Math::max));
        return segments;
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
            case AuditVerdict verdict ->
                setting.hasCourt() ? judgement.pronounce(job, run, verdict) : hear(job, run, verdict);
        };
    }

    private boolean hear(Job job, Attempt run, AuditVerdict verdict) {
        switch (verdict) {
            case AuditVerdict.Held(List<Integer> wrong)
            when !wrong.isEmpty() -> {
                hearing.deny(job, wrong);
                return decide(job, run);
            }
            case AuditVerdict.Held _ -> {
                if (Hearing.missing(job, run) > 0) {
                    more(job, run, List.of(), false);
                    return false;
                }
                hearing.held(job, run);
            }
            case AuditVerdict.Fell(Subject subject, List<Integer> against) -> hearing.fell(job, run, subject, against);
            case AuditVerdict.Open _ -> hearing.undecided(job, run);
            case AuditVerdict.Wanted _, AuditVerdict.Await _ ->
                throw new IllegalArgumentException("Expected a verdict, but got " + verdict);
        }
        return true;
    }
}
