package io.perigee.scenarios.simulation;

import io.perigee.market.dispute.Bench;
import io.perigee.market.dispute.Bench.Ruling;
import io.perigee.market.verification.Answer;
import io.perigee.market.verification.Subject;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.scenarios.simulation.adversary.Strategy.Auditing;
import java.util.HashSet;
import org.jspecify.annotations.Nullable;

/** One segment between two who differ: judges drawn by stake re-run it, and a larger bench once more. */
final class Courtroom {
    private final Placing placing;
    private final Tally tally;

    Courtroom(Placing placing, Tally tally) {
        this.placing = placing;
        this.tally = tally;
    }

    /** For the run's provider, for the auditor, or for nobody. */
    Ruling rule(Job job, Attempt run, Attempt auditor, Subject subject, Digest seed, long now) {
        tally.disputed++;
        var ruling = Ruling.APPEAL;
        for (var bench : Bench.values()) {
            if (ruling == Ruling.APPEAL) {
                ruling = session(bench, job, run, auditor, subject, Market.digest(seed + bench.name()), now);
            }
        }
        return ruling;
    }

    /** A builder that says of a result that held that it is wrong; the court is at its own cost. */
    Ruling hear(Job job, Attempt run, Subject subject, Digest seed, long now) {
        double before = tally.disputes;
        var ruling = session(Bench.FIRST, job, run, null, subject, seed, now);
        tally.atCulpritsCost += tally.disputes - before;
        tally.disputes = before;
        return ruling;
    }

    private Ruling session(
            Bench bench, Job job, Attempt run, @Nullable Attempt auditor, Subject subject, Digest seed, long now) {
        var parties = new HashSet<Address>();
        parties.add(job.builder.address);
        parties.add(run.owner.address());
        if (auditor != null) {
            parties.add(auditor.owner.address());
        }
        var judges = placing.judges(bench.judges(), parties, seed, now);
        tally.disputes += (double) judges.size() / Setting.SEGMENTS;
        var claimed = digest(Truth.claim(job, run, subject));
        var found = auditor == null ? Market.digest("whatever the builder says") : digest(auditor.answer(subject));
        var leaves = judges.stream()
                .map(judge -> vote(job, judge, run, auditor, subject, claimed, found))
                .toList();
        return leaves.isEmpty() ? Ruling.APPEAL : bench.ruling(claimed, found, leaves);
    }

    /** A judge that is nobody's friend says what it got. */
    private static Digest vote(
            Job job,
            Owner judge,
            Attempt run,
            @Nullable Attempt auditor,
            Subject subject,
            Digest claimed,
            Digest found) {
        var auditing = judge.strategy.auditing();
        if (auditing != Auditing.HONEST && judge.isFriendOf(run.owner)) {
            return claimed;
        }
        if (auditing != Auditing.HONEST && auditor != null && judge.isFriendOf(auditor.owner)) {
            return found;
        }
        return auditing == Auditing.MADE_UP
                ? Market.digest(judge.identity() + subject)
                : digest(Truth.honest(job, run, subject));
    }

    private static Digest digest(Answer answer) {
        return answer instanceof Answer.Result result
                ? result.root().isZero() ? result.outputDigest() : result.root()
                : Digest.ZERO;
    }
}
