package io.perigee.market.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.reputation.Outcome;
import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.fact.OutcomeKind;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.testkit.sample.SampleJobs;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrackRecordTest {

    @Test
    void shouldNoteTheWholeRunAndNotTheAuditsOfItsSegments() {
        var lab = AuditStories.answered(new Lab()).sign();
        assertThat(kind(lab, 0)).contains(OutcomeKind.VERIFIED);
        assertThat(kind(lab, 1)).isEmpty();
        var field = TrackRecord.field(lab.job, lab.job.attempt(0));
        assertThat(field.imageFamily()).isEqualTo("strict");
        assertThat(field.numericClass()).isEqualTo(NumericClass.STRICT);
    }

    @Test
    void shouldNoteACheatWhereBitsMustAgreeAndNothingWhereNobodyClaimsIt() {
        var strict = new Lab();
        strict.placed(SampleJobs.strict(2), "a", "cheat")
                .lies(1, 1, "forged")
                .completes(0, 1)
                .place("c")
                .completes(2);
        assertThat(kind(strict, 1)).contains(OutcomeKind.CHEATED);
        var own = new Lab();
        own.placed(SampleJobs.container(2), "a", "cheat")
                .lies(1, 1, "forged")
                .completes(0, 1)
                .place("c")
                .completes(2);
        assertThat(kind(own, 1)).as("nobody vouches that its bits agree").isEmpty();
        assertThat(TrackRecord.field(own.job, own.job.attempt(1)).imageFamily())
                .isEqualTo(own.job.spec().image().value());
    }

    @Test
    void shouldNoteSilenceAndNothingThatMayBeTheJobsFault() {
        var lab = new Lab();
        lab.placed(SampleJobs.strict(2), "a", "b").accept(0, 1).gone(0);
        lab.says(1, lab.runs.get(1).fail(FailureKind.OUT_OF_MEMORY, 137, "killed"));
        assertThat(kind(lab, 0)).contains(OutcomeKind.CRASHED);
        assertThat(kind(lab, 1)).isEmpty();
    }

    /** Else one could take whatever comes, and keep what pays best. */
    @Test
    void shouldNoteWhoStopsByItsOwnWillAndNotWhoDeclines() {
        var lab = new Lab();
        lab.placed(SampleJobs.strict(2), "a", "b").accept(0);
        lab.says(0, lab.runs.get(0).fail(FailureKind.YIELDED, 75, "stopped"));
        lab.says(1, lab.runs.get(1).decline());
        assertThat(kind(lab, 0)).contains(OutcomeKind.CRASHED);
        assertThat(kind(lab, 1)).isEmpty();
    }

    /** Its image may be what no machine can load, or what sleeps: two of them put an owner behind all others. */
    @Test
    void shouldNoteNothingThatAnImageOfTheBuildersOwnMayHaveDoneBeforeABorderWasSealed() {
        for (var kind : List.of(FailureKind.ENGINE, FailureKind.INPUT_UNAVAILABLE, FailureKind.YIELDED)) {
            var own = failed(own(), kind);
            assertThat(own.job.attempt(0).ended()).isTrue();
            assertThat(kind(own, 0)).as("an image of its own: %s", kind).isEmpty();
            assertThat(kind(failed(SampleJobs.strict(2), kind), 0))
                    .as("a trainer: %s", kind)
                    .contains(OutcomeKind.CRASHED);
        }
        var slow = new Lab();
        slow.placed(own(), "a", "b").accept(0, 1);
        while (slow.job.attempt(0).end().isEmpty()) {
            slow.due();
        }
        assertThat(kind(slow, 0)).as("an image that sleeps").isEmpty();
        var begun = new Lab();
        begun.placed(own(), "a", "b").accept(0, 1).commit(0, 1);
        begun.says(0, begun.runs.get(0).fail(FailureKind.ENGINE, null, "no engine"));
        assertThat(kind(begun, 0)).as("it worked there").contains(OutcomeKind.CRASHED);
        var gone = new Lab();
        gone.placed(own(), "a", "b").accept(0, 1).gone(0);
        assertThat(kind(gone, 0)).as("no image makes an agent silent").contains(OutcomeKind.CRASHED);
    }

    private static Lab failed(JobSpec spec, FailureKind kind) {
        var lab = new Lab();
        lab.placed(spec, "a", "b").accept(0, 1);
        lab.says(0, lab.runs.get(0).fail(kind, null, "it could not"));
        return lab;
    }

    /** Trains as a trainer does. */
    private static JobSpec own() {
        var spec = SampleJobs.strict(2);
        return new JobSpec(
                spec.version(),
                spec.name(),
                "",
                spec.image(),
                "registry:example/image",
                spec.base(),
                spec.dataset(),
                spec.method(),
                spec.train(),
                spec.segments(),
                spec.data(),
                spec.evaluate(),
                spec.outputs(),
                spec.resources(),
                spec.placement(),
                spec.price(),
                spec.deadlines(),
                spec.verification());
    }

    /** Else whoever orders could put any owner behind all others with outputs that take long. */
    @Test
    void shouldNoteNothingWhereTheOutputsHadToComeSoonerThanALineMayBring() {
        var hasty = new JobSpec.Deadlines(600, 1800, 299);
        assertThat(kind(sealedOnly(SampleJobs.withDeadlines(SampleJobs.strict(2), hasty)), 0))
                .isEmpty();
        var fair = new JobSpec.Deadlines(600, 1800, 300);
        assertThat(kind(sealedOnly(SampleJobs.withDeadlines(SampleJobs.strict(2), fair)), 0))
                .contains(OutcomeKind.CRASHED);
    }

    private static Lab sealedOnly(JobSpec spec) {
        var lab = new Lab();
        lab.placed(spec, "a", "b").accept(0, 1).commit(0, spec.borders()).commit(1, spec.borders());
        while (lab.job.attempt(0).end().isEmpty()) {
            lab.due();
        }
        return lab;
    }

    /** It was not asked for any checkpoint yet. */
    @Test
    void shouldNoteACrashWhereNothingWasDrawn() {
        var lab = new Lab();
        lab.placed(AuditStories.SOME, "a").completes(0).revoked(0, 0);
        assertThat(lab.job.attempt(0).end()).contains(AttemptEnd.LOST);
        assertThat(kind(lab, 0)).contains(OutcomeKind.CRASHED);
    }

    private static Optional<OutcomeKind> kind(Lab lab, int attempt) {
        return TrackRecord.of(lab.job, lab.job.attempt(attempt), NumericClass.STRICT::equals)
                .map(Outcome::kind);
    }
}
