package io.perigee.scenarios.simulation;

import io.perigee.market.verification.Answer;
import io.perigee.market.verification.Check;
import io.perigee.market.verification.Stretch;
import io.perigee.market.verification.Subject;
import io.perigee.market.verification.Tolerance;
import io.perigee.market.verification.Tolerance.Distance;
import io.perigee.market.verification.Tolerance.Substitute;
import io.perigee.market.verification.Vote;
import io.perigee.protocol.id.Address;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** What auditors answer, and how their answers are put together. */
final class Auditors {
    /** Honest noise between two classes: one sigma of the sketch, in parts per billion. */
    private static final long SIGMA = 20_000;

    private static final int NOISY = 3;
    private static final Substitute SKIPPED = new Substitute("a step skipped", new Distance(310_000_000, 90_000), true);
    private static final Substitute RATE = new Substitute("learning rate x0.9999", new Distance(68_000, 240), false);

    private final Setting setting;
    private final SplittableRandom random;
    private final Tolerance tolerance;

    Auditors(Setting setting, SplittableRandom random) {
        this.setting = setting;
        this.random = random;
        this.tolerance = calibrated();
    }

    /** What an auditor seals; it knows whom it audits only if that is a friend. */
    Answer answer(Job job, Attempt run, Owner auditor, Subject subject) {
        return switch (auditor.strategy.auditing()) {
            case HONEST -> honest(job, run, subject, auditor.identity());
            case MADE_UP -> Truth.invented(job, subject, auditor.identity());
            case ACCUSING ->
                auditor.isFriendOf(run.owner)
                        ? Truth.honest(job, run, subject)
                        : Truth.invented(job, subject, "accusation");
            case FRIENDLY ->
                auditor.isFriendOf(run.owner) ? Truth.claim(job, run, subject) : Truth.honest(job, run, subject);
        };
    }

    /** Across classes the run is like the auditor's own within the tolerance, or it is not. */
    private Answer honest(Job job, Attempt run, Subject subject, String identity) {
        if (!setting.acrossClasses()) {
            return Truth.honest(job, run, subject);
        }
        var likeness = tolerance.compare(noise(NOISY));
        return likeness.alike() ? Truth.claim(job, run, subject) : Truth.invented(job, subject, identity);
    }

    static List<Check> checks(Job job, Attempt run) {
        var voices = new Voices(job, run);
        var checks = new ArrayList<Check>();
        run.answers.forEach((subject, claim) -> {
            var votes = Stream.concat(
                            Stream.of(new Vote(run.number(), run.owner.address(), claim)),
                            voices.of(subject).stream()
                                    .map(each -> new Vote(each.number(), each.owner.address(), each.answer(subject))))
                    .toList();
            int running = (int) job.auditorsOf(run).stream()
                    .filter(each -> each.answers.containsKey(subject) && each.status == Attempt.Status.RUNNING)
                    .count();
            checks.add(new Check(subject, votes, running));
        });
        return checks;
    }

    /** Whether at least as many auditors say what the run says as say anything else. */
    static boolean agreesWithMost(Job job, Attempt run, Subject subject) {
        var answers = job.auditorsOf(run).stream()
                .filter(each -> each.status == Attempt.Status.ANSWERED && each.answers.containsKey(subject))
                .map(each -> each.answer(subject))
                .toList();
        long same = answers.stream().filter(run.answer(subject)::equals).count();
        return 2 * same >= answers.size();
    }

    /** Neither the provider itself, nor whoever audits it already or is still heard, nor who was wrong. */
    static Set<Address> excluded(Job job, Attempt run) {
        var owners = new HashSet<Address>();
        owners.add(run.owner.address());
        job.attempts.stream()
                .filter(each -> each.audited == run || each.status != Attempt.Status.ENDED || each.misconduct != null)
                .forEach(each -> owners.add(each.owner.address()));
        return owners;
    }

    /** What a stretch takes, in segments: of a machine that is gone, from the last checkpoint it uploaded. */
    static int cost(Attempt run, Stretch stretch) {
        return run.gone ? stretch.toBorder() - Math.max(run.from(), uploaded(stretch.fromBorder())) : stretch.length();
    }

    static int uploaded(int border) {
        return border - border % Setting.CHECKPOINT_EVERY;
    }

    private Tolerance calibrated() {
        var honest =
                Stream.generate(() -> noise(1)).limit(Tolerance.LEAST_PAIRS).toList();
        return Tolerance.calibrated(honest, List.of(SKIPPED, RATE), 200_000);
    }

    private Distance noise(int sigmas) {
        long sketch = Math.abs(Math.round(random.nextGaussian() * SIGMA * sigmas));
        return new Distance(sketch, sketch / 20);
    }
}
