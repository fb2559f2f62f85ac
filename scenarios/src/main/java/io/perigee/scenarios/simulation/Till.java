package io.perigee.scenarios.simulation;

import io.perigee.market.payout.Payouts;
import io.perigee.market.reputation.Outcome;
import io.perigee.market.verification.Misconduct;
import io.perigee.protocol.fact.OutcomeKind;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.message.Commitment;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.result.RunEvidence;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Pays what holds, takes what fell, and writes both records. */
final class Till {
    private final Setting setting;
    private final Tally tally;
    private final Map<Owner, Double> stolen = new HashMap<>();
    private final Set<Owner> barred = new HashSet<>();

    Till(Setting setting, Tally tally) {
        this.setting = setting;
        this.tally = tally;
    }

    /** Pays a run up to its border by the contract's own arithmetic. */
    void accept(Job job, Attempt run, long now) {
        var plan = Payouts.plan(job.order, new Payable(run.border, List.of(evidence(run)), List.of()));
        double paid = prices(plan.paid(), run);
        double whole = share(run);
        tally.work += whole;
        tally.newWork += run.newcomer ? whole : 0;
        tally.knownWork += run.newcomer ? 0 : whole;
        if (run.owner.honest() && paid < whole - 1e-3) {
            tally.honestUnpaid++;
        }
        if (run.conduct.cheats()) {
            tally.cheats++;
            double forged = run.conduct.forgesOutputs() && run.border == Setting.SEGMENTS
                    ? 1
                    : (double) run.conduct.forgedIn(run.from(), run.border) / Setting.SEGMENTS;
            tally.stolen += forged;
            tally.mostStolen = Math.max(tally.mostStolen, stolen.merge(run.owner, forged, Double::sum));
            tally.gain += saved(run);
        }
        job.verifiedTo = run.border;
        job.accepted.add(run);
        run.owner.learned(outcome(job, run, OutcomeKind.VERIFIED, now), Instant.ofEpochSecond(now));
        run.end();
    }

    /** What a misconduct costs whoever did it. */
    void punish(Job job, Attempt attempt, Misconduct misconduct, boolean bindsStake, long now) {
        var sanction = misconduct.sanction(bindsStake);
        var owner = attempt.owner;
        var taken = setting.hasCourt() ? taken(attempt, sanction) : Amount.ZERO;
        if (owner.honest()) {
            tally.honestSlashed += setting.hasCourt() && sanction.stake() ? 1 : 0;
            tally.honestForfeits += setting.hasCourt() && !sanction.stake() && sanction.bond() ? 1 : 0;
            tally.honestUnpaid += sanction.pay() ? 1 : 0;
        } else if (misconduct != Misconduct.CRASHED && (!attempt.audits() || attempt.isIdle())) {
            cheatCaught(attempt, sanction.pay(), prices(taken, attempt));
            tally.ejected += taken.isZero() ? 0 : 1;
        }
        tally.doubts += owner.honest() && sanction.ledger() == Misconduct.Ledger.DOUBT ? 1 : 0;
        attempt.misconduct = misconduct;
        attempt.noted = now;
        note(job, attempt, sanction.ledger(), now);
        attempt.end();
    }

    /** What holds now says something of those before it that did not. */
    void reconsider(Job job, boolean bindsStake, long now) {
        for (var attempt : job.attempts) {
            var misconduct = attempt.misconduct;
            if (misconduct != null && !attempt.audits()) {
                note(job, attempt, misconduct.ledger(bindsStake, Truth.hindsight(job, attempt)), now);
            }
        }
    }

    /** Below the floor of a class a difference says nothing about anybody. */
    private void note(Job job, Attempt attempt, Misconduct.Ledger ledger, long now) {
        var owner = attempt.owner;
        if (ledger != Misconduct.Ledger.CRASH || !differs(attempt)) {
            owner.learned(outcome(job, attempt, ledger.kind(), attempt.noted), Instant.ofEpochSecond(now));
        }
        if (owner.isBarred() ? barred.add(owner) : barred.remove(owner)) {
            int more = owner.isBarred() ? 1 : -1;
            tally.honestSlashed += owner.honest() ? more : 0;
            tally.ejected += owner.honest() ? 0 : more;
        }
    }

    private static Amount taken(Attempt attempt, Misconduct.Sanction sanction) {
        var owner = attempt.owner;
        return sanction.stake()
                ? owner.slash(owner.stake())
                : sanction.bond() ? owner.slash(attempt.assignment.bond()) : Amount.ZERO;
    }

    private static boolean differs(Attempt attempt) {
        return attempt.misconduct == Misconduct.DIFFERING_SEGMENT || attempt.misconduct == Misconduct.DIFFERING_OUTPUT;
    }

    /** Nobody is punished and nothing is paid. */
    void leave(Attempt run) {
        if (!run.owner.honest()) {
            cheatCaught(run, true, 0);
        } else {
            tally.honestUnpaid++;
        }
        run.end();
    }

    /** An auditor's honest or lucky work. */
    void auditorPaid(Attempt auditor) {
        if (auditor.isIdle()) {
            tally.cheats++;
            tally.gain += auditCost(auditor);
        }
        auditor.end();
    }

    /** An auditor that is let go unpaid, and nothing is noted of it. */
    void cancel(Attempt auditor) {
        if (auditor.status == Attempt.Status.ANSWERED) {
            tally.honestUnpaid += auditor.owner.honest() ? 1 : 0;
            if (auditor.isIdle()) {
                cheatCaught(auditor, true, 0);
            }
        }
        auditor.end();
    }

    private void cheatCaught(Attempt attempt, boolean payLost, double taken) {
        tally.cheats++;
        tally.caught++;
        double pay = attempt.audits() ? auditCost(attempt) / Setting.COST : share(attempt);
        tally.gain += (attempt.audits() ? auditCost(attempt) : saved(attempt)) - (payLost ? pay : 0) - taken;
    }

    private static double saved(Attempt run) {
        return run.conduct.saved() * Setting.COST * share(run);
    }

    private static double auditCost(Attempt auditor) {
        return Setting.COST * auditor.segments() / Setting.SEGMENTS;
    }

    private static double share(Attempt run) {
        return (double) run.segments() / Setting.SEGMENTS;
    }

    private static double prices(Amount amount, Attempt attempt) {
        return amount.value().doubleValue()
                / attempt.owner.offer.perMillionTokens().value().doubleValue();
    }

    private static Outcome outcome(Job job, Attempt attempt, OutcomeKind kind, long now) {
        return new Outcome(job.id, attempt.number(), kind, Instant.ofEpochSecond(now));
    }

    private static RunEvidence evidence(Attempt run) {
        return new RunEvidence(
                run.assignment,
                Owner.UNCHECKED,
                Owner.UNCHECKED,
                run.owner.key,
                Owner.UNCHECKED,
                new Commitment(run.hash, run.border, Objects.requireNonNull(run.seal)),
                Owner.UNCHECKED,
                Objects.requireNonNull(run.receipt),
                Owner.UNCHECKED,
                Objects.requireNonNull(run.opening),
                List.of());
    }
}
