package io.perigee.scenarios.simulation;

import io.perigee.protocol.result.Draw;
import io.perigee.market.verification.Subject;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.result.Opening;
import io.perigee.protocol.result.Seal;
import io.perigee.scenarios.simulation.adversary.Conduct;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The machines of strangers: they run, lag behind, keep wrong clocks, sleep and vanish. */
final class Machines {
    private static final int SKEW = 120;
    private static final double AUDIT_OUTAGE_SHARE = 0.05;
    private static final double LONGER_THAN_SERVING_ALLOWS = 0.5;

    private final Setting setting;
    private final Calendar calendar;
    private final SplittableRandom random;
    private final List<Owner> owners;
    private final Map<Attempt, Integer> vanished = new HashMap<>();

    Machines(Setting setting, Calendar calendar, SplittableRandom random, List<Owner> owners) {
        this.setting = setting;
        this.calendar = calendar;
        this.random = random;
        this.owners = owners;
    }

    /** Signs an assignment; its number is its fence. */
    Attempt start(Job job, Owner owner, Role role, int from, int to, @Nullable Attempt audited) {
        boolean audits = role == Role.AUDITOR;
        var price = owner.offer.perMillionTokens();
        var share = audits ? price.mulDivCeil(1, Setting.SEGMENTS) : price.mulDivCeil(to - from, Setting.SEGMENTS);
        var bond = audits ? price.mulDivCeil(20, Setting.SEGMENTS) : price;
        var assignment = assignment(job, owner, role, from, to, share, bond);
        var conduct = audits ? Conduct.honest() : owner.strategy.run(from, to, owner.identity(), random);
        var attempt = new Attempt(assignment, assignment.digest(Market.DOMAIN), owner, conduct, audited);
        owner.take(bond);
        job.attempts.add(attempt);
        return attempt;
    }

    private Assignment assignment(Job job, Owner owner, Role role, int from, int to, Amount price, Amount bond) {
        long now = calendar.now();
        return new Assignment(
                job.orderHash,
                job.attempts.size(),
                owner.key.provider(),
                owner.address(),
                role,
                from,
                to,
                Market.PROVIDERS_CLASS,
                price,
                bond,
                Draw.commitmentTo(secret(job.orderHash.toString(), job.attempts.size())),
                now,
                now + 3L * Setting.SEGMENT_SECONDS * Setting.SEGMENTS);
    }

    /** Runs to the end and commits, or vanishes on the way and is silent. */
    void run(Job job, Attempt run) {
        long now = calendar.now();
        long seconds =
                Math.round(run.segments() * Setting.SEGMENT_SECONDS * run.owner.pace * (1 - run.conduct.saved()));
        calendar.ring(run.assignment.leaseUntil(), new Event.LeaseEnded(job.number, run.number()));
        if (random.nextDouble() < setting.outages()) {
            vanished.put(run, run.from() + random.nextInt(run.segments()));
            turn(new Event.Turned(run.owner.index, false));
            calendar.ring(now + 2 * seconds, new Event.Turned(run.owner.index, true));
        } else if (job.ends) {
            calendar.send(now + seconds + skew(), new Event.Committed(job.number, run.number(), seal(job, run)));
        }
    }

    void audit(Job job, Attempt auditor, int segments) {
        long seconds = Math.round((1 + segments) * Setting.SEGMENT_SECONDS * auditor.owner.pace);
        calendar.ring(calendar.now() + 10 * seconds, new Event.LeaseEnded(job.number, auditor.number()));
        if (random.nextDouble() >= setting.outages() * AUDIT_OUTAGE_SHARE) {
            calendar.send(calendar.now() + seconds, new Event.Answered(job.number, auditor.number()));
        }
    }

    /** A thief keeps back what convicts it; an honest machine may just have gone to sleep, for too long. */
    boolean refuses(Attempt run, Attempt auditor) {
        if (run.gone) {
            return false;
        }
        boolean convicts = auditor.answers.keySet().stream()
                .anyMatch(subject -> subject instanceof Subject.Segment(int border)
                        && run.conduct.forged().get(border));
        double asleep = setting.outages() / Setting.SEGMENTS * LONGER_THAN_SERVING_ALLOWS;
        return (convicts && !run.conduct.servesForgeries()) || random.nextDouble() < asleep;
    }

    int vanishedAt(Attempt run) {
        return vanished.getOrDefault(run, run.from());
    }

    void turn(Event.Turned turned) {
        owners.get(turned.owner()).awake = turned.awake();
    }

    /** The provider's own seal, or a stranger's that it copied. */
    Digest seal(Job job, Attempt run) {
        return run.conduct.seals()
                ? Seal.of(run.hash, run.border, opening(job, run))
                : Market.digest("a stranger's seal " + job.id);
    }

    Opening opening(Job job, Attempt run) {
        return new Opening(
                Truth.root(job, run), run.segments(), Truth.output(job, run), Market.digest("salt " + run.hash));
    }

    /** What the hub committed to when it assigned the run. */
    Digest secret(Attempt run) {
        return secret(run.assignment.orderHash().toString(), run.number());
    }

    private static Digest secret(String name, int number) {
        return Market.digest("secret " + name + " " + number);
    }

    private int skew() {
        return random.nextInt(2 * SKEW) - SKEW;
    }
}
