package io.perigee.scenarios.simulation;

import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.result.Draw;
import io.perigee.protocol.result.Opening;
import io.perigee.protocol.result.Seal;
import io.perigee.scenarios.simulation.adversary.Conduct;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The machines of strangers at work: they finish late, crash and come back, or vanish. */
final class Machines {
    private static final int LONGEST_REBOOT = 2_400;
    private static final double AUDIT_OUTAGE_SHARE = 0.05;
    private static final double LONGER_THAN_SERVING_ALLOWS = 0.5;

    private final Setting setting;
    private final Calendar calendar;
    private final SplittableRandom random;
    private final Tally tally;
    /** How far those came that committed nothing. */
    private final Map<Attempt, Integer> vanished = new HashMap<>();

    Machines(Setting setting, Calendar calendar, SplittableRandom random, Tally tally) {
        this.setting = setting;
        this.calendar = calendar;
        this.random = random;
        this.tally = tally;
    }

    /** Signs an assignment; its number is its fence. */
    Attempt start(Job job, Owner owner, Role role, int from, int to, @Nullable Attempt audited) {
        boolean audits = role == Role.AUDITOR;
        var price = owner.offer.perMillionTokens();
        var share = price.mulDivCeil(to - from, Setting.SEGMENTS);
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
        long until = run.assignment.leaseUntil();
        long seconds =
                Math.round(run.segments() * Setting.SEGMENT_SECONDS * run.owner.pace * (1 - run.conduct.saved()));
        boolean vanishes = random.nextDouble() < setting.outages();
        boolean reboots = random.nextDouble() < setting.outages();
        calendar.ring(until, new Event.LeaseEnded(job.number, run.number()));
        if (run.conduct.vanishes()) {
            vanished.put(run, run.conduct.lastBorder());
        } else if (vanishes) {
            vanished.put(run, run.from() + random.nextInt(run.segments()));
            run.owner.crashes(now + 2 * seconds);
        } else if (job.ends) {
            long finished = run.owner.life.finish(now, seconds + (reboots ? reboot() : 0), Setting.SEGMENT_SECONDS);
            if (finished + run.owner.life.skew() <= until) {
                calendar.send(
                        finished + run.owner.life.lag(), new Event.Committed(job.number, run.number(), seal(job, run)));
            } else {
                vanished.put(run, run.from() + reached(run, run.owner.life.awake(now, until), seconds));
            }
        }
    }

    /** A machine that comes back goes on from its own last border: it has lost a part of one segment. */
    private long reboot() {
        int lost = random.nextInt(Setting.SEGMENT_SECONDS);
        tally.lost += (double) lost / Setting.SEGMENT_SECONDS / Setting.SEGMENTS;
        return lost + random.nextInt(LONGEST_REBOOT);
    }

    private static int reached(Attempt run, long worked, long needed) {
        return (int) Math.min(run.segments(), run.segments() * worked / Math.max(1, needed));
    }

    void audit(Job job, Attempt auditor, int segments) {
        long seconds = Math.round((1 + segments) * Setting.SEGMENT_SECONDS * auditor.owner.pace);
        long finished = auditor.owner.life.finish(calendar.now(), seconds, Setting.SEGMENT_SECONDS);
        calendar.ring(calendar.now() + 10 * seconds, new Event.LeaseEnded(job.number, auditor.number()));
        if (random.nextDouble() >= setting.outages() * AUDIT_OUTAGE_SHARE) {
            calendar.send(finished + auditor.owner.life.lag(), new Event.Answered(job.number, auditor.number()));
        }
    }

    /**
     * A thief keeps back what convicts it; an honest machine may just have crashed, for too long. Checkpoints are uploaded
     * one after the other, each in about a segment's time.
     */
    boolean refuses(Attempt run, SortedSet<Integer> drawn) {
        if (run.gone) {
            return false;
        }
        boolean convicts = drawn.stream().anyMatch(run.conduct.forged()::get);
        long asked = drawn.stream().filter(border -> border - 1 > run.from()).count();
        double down = asked * setting.outages() / Setting.SEGMENTS * LONGER_THAN_SERVING_ALLOWS;
        return (convicts && !run.conduct.servesForgeries()) || random.nextDouble() < down;
    }

    /** Whether nothing was heard of it; one that made no progress and answers is not among them. */
    boolean isSilent(Attempt run) {
        return vanished.containsKey(run);
    }

    int vanishedAt(Attempt run) {
        return vanished.getOrDefault(run, run.from());
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
    static Digest secret(Attempt run) {
        return secret(run.assignment.orderHash().toString(), run.number());
    }

    private static Digest secret(String name, int number) {
        return Market.digest("secret " + name + " " + number);
    }
}
