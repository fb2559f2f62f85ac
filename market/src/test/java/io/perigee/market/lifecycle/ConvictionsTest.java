package io.perigee.market.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.reputation.Outcome;
import io.perigee.protocol.command.ReportCommitment;
import io.perigee.protocol.command.RevealResult;
import io.perigee.protocol.fact.OutcomeKind;
import io.perigee.protocol.fact.SegmentsDrawn;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.Commitment;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.rest.AttemptState;
import io.perigee.protocol.result.Opening;
import io.perigee.protocol.result.Seal;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whose bond an audited job costs, and on whose word. */
class ConvictionsTest {
    private static final int BORDERS = 4;

    @Test
    void shouldHoldABondFromTheFallUntilItIsBurned() {
        // given
        var lab = AuditAdversaryStories.fallen(new Lab());
        assertThat(Convictions.mayBurn(lab.job, lab.job.attempt(0))).isTrue();
        assertThat(Convictions.isConvicted(lab.job, lab.job.attempt(0))).isFalse();
        assertThat(AuditAdversaryStories.ended(lab, 0).detail())
                .endsWith("; its bond of %s burns once another run holds"
                        .formatted(lab.job.attempt(0).assignment().bond()));

        // when
        lab.place("e").completes(4).drawn(10).serves().place("f").completes(5).sign();

        // then
        assertThat(lab.contradictors()).containsExactly(0);
        assertThat(Convictions.isConvicted(lab.job, lab.job.attempt(0))).isTrue();
        assertThat(Convictions.mayBurn(lab.job, lab.job.attempt(0))).isTrue();
        assertThat(Convictions.mayBurn(lab.job, lab.job.attempt(4))).isFalse();
        lab.settled();
        assertThat(Convictions.mayBurn(lab.job, lab.job.attempt(0))).isFalse();
    }

    @Test
    void shouldBurnNothingOfWhatFellOutsideTheStrictClass() {
        // given
        var lab = new Lab();
        lab.numericClass = Parties.digest("some GPU");
        AuditAdversaryStories.fallen(lab);

        // when
        lab.place("e").completes(4).drawn(10).serves().place("f").completes(5).sign();

        // then
        assertThat(lab.winners()).containsExactly(4);
        assertThat(lab.contradictors()).isEmpty();
        assertThat(AuditAdversaryStories.ended(lab, 0).detail())
                .endsWith("; outside class strict that costs the pay and no bond");
    }

    @Test
    void shouldShowEachOfTwoThatFellOnce() {
        // given
        var lab = AuditAdversaryStories.fallen(new Lab()).place("second");
        lab.forges(4, 3, 3).completes(4).drawn(10).serves();
        auditors(lab, "f", "g", "h");
        assertThat(lab.attempt(4)).isEqualTo(AttemptState.REJECTED);

        // when
        int last = lab.job.attempts().size();
        lab.place("e").completes(last).drawn(10).serves();
        auditors(lab, "i", "j", "k");
        lab.sign();

        // then
        assertThat(lab.winners()).containsExactly(last);
        assertThat(lab.contradictors()).containsExactly(0, 4);
    }

    @Test
    void shouldShowNothingOfWhoNeverOpened() {
        // given
        var lab = new Lab();
        lab.placed(AuditStories.ALL, "cheat").forges(0, 2, BORDERS).accept(0).commit(0, BORDERS);

        // when
        lab.due();
        lab.place("b").completes(1).drawn(10).serves().place("c", "d");
        lab.completes(2, 3).sign();

        // then
        assertThat(lab.winners()).containsExactly(1);
        assertThat(lab.contradictors()).isEmpty();
        assertThat(AuditAdversaryStories.ended(lab, 0).detail()).endsWith("what stays sealed costs no bond");
    }

    @Test
    void shouldConvictWhoIsSilentAboutWhatItForged() {
        // given
        var lab = silentAfterForging(AuditStories.ALL, 2);

        // then
        assertThat(lab.winners()).containsExactly(1);
        assertThat(lab.attempt(0)).isEqualTo(AttemptState.LOST);
        assertThat(lab.contradictors()).containsExactly(0);
        assertThat(TrackRecord.of(lab.job, lab.job.attempt(0), NumericClass.STRICT::equals)
                        .map(Outcome::kind))
                .as("not the machine that died")
                .contains(OutcomeKind.CHEATED);
    }

    /** The run that holds may itself be forged where nobody looked. */
    @Test
    void shouldTakeNoBondOnTheWordOfTheNextRunAlone() {
        // given
        Map<Boolean, Integer> seen = new HashMap<>();
        for (int border = 1; border <= BORDERS; border++) {
            var lab = silentAfterForging(AuditStories.SOME, border);
            boolean lookedAt = covers(lab, border);

            // then
            assertThat(lab.contradictors()).as("border " + border).isEqualTo(lookedAt ? List.of(0) : List.of());
            seen.merge(lookedAt, 1, Integer::sum);
        }
        assertThat(seen).containsOnlyKeys(true, false);
    }

    @Test
    void shouldShowNothingOfTheSameAnswer() {
        // given
        var lab = silentAfterForging(AuditStories.ALL, BORDERS + 1);

        // then
        assertThat(lab.attempt(0)).isEqualTo(AttemptState.LOST);
        assertThat(lab.contradictors()).isEmpty();
        assertThat(kind(lab, 0))
                .as("a machine that died: who came next was drawn by stake")
                .contains(OutcomeKind.CRASHED);
    }

    /** A bond takes auditors that looked; a record takes leaves that differ from what holds, by whoever is silent. */
    @Test
    void shouldCallWhoIsSilentAboutAnotherLeafACheatWhereverNobodyLooked() {
        for (int border = 1; border <= BORDERS; border++) {
            // when
            var lab = silentAfterForging(AuditStories.SOME, border);

            // then
            assertThat(kind(lab, 0)).as("border " + border).contains(OutcomeKind.CHEATED);
        }
    }

    @Test
    void shouldDoubtWhoIsSilentWhileNobodyHasFinishedTheWork() {
        // given
        var lab = new Lab();

        // when
        lab.placed(AuditStories.ALL, "silent").completes(0).drawn(10).wait(Duration.ofSeconds(300));

        // then
        assertThat(kind(lab, 0)).contains(OutcomeKind.DOUBTED);
    }

    /** The builder says how long an upload may take, and its job makes it as large as it likes. */
    @Test
    void shouldNotDoubtWhoHadLessTimeThanAnHonestLineMayNeed() {
        // given
        var lab = new Lab();
        var hurried = SampleJobs.withDeadlines(AuditStories.ALL, new JobSpec.Deadlines(600, 3_600, 299));

        // when
        lab.placed(hurried, "slow").completes(0).drawn(10).wait(Duration.ofSeconds(299));

        // then
        assertThat(lab.attempt(0)).isEqualTo(AttemptState.LOST);
        assertThat(kind(lab, 0)).contains(OutcomeKind.CRASHED);
    }

    /** All was asked at once, since an audit would not fit any more had each checkpoint its own time. */
    @Test
    void shouldNotDoubtWhoHadOneUploadsTimeForManyCheckpoints() {
        // given
        var lab = new Lab();

        // when the node stays away until the last instant
        lab.placed(AuditStories.SOME, "slow").completes(0).due();
        assertThat(lab.only(SegmentsDrawn.class).blockHash()).isNull();
        lab.wait(Duration.ofSeconds(300));

        // then
        assertThat(lab.attempt(0)).isEqualTo(AttemptState.LOST);
        assertThat(kind(lab, 0)).contains(OutcomeKind.CRASHED);
    }

    @Test
    void shouldCallWhoForgedACheatHoweverShortTheTimeWas() {
        // given
        var lab = new Lab();
        var hurried = SampleJobs.withDeadlines(AuditStories.ALL, new JobSpec.Deadlines(600, 3_600, 60));

        // when
        silentAfterForging(lab, hurried, 2);

        // then
        assertThat(kind(lab, 0)).contains(OutcomeKind.CHEATED);
    }

    /** Two accusers were the majority of one run's auditors. */
    @Test
    void shouldLetThoseWhoDeniedOneRunSpeakForTheNextAndNotAgainstIt() {
        // given
        var lab = new Lab();
        lab.placed(AuditStories.ALL, "a").completes(0).drawn(10).serves().place("accuser", "c");
        lab.forges(1, 1, 1).completes(1, 2).place("friend");
        lab.forges(3, 1, 1).completes(3);
        assertThat(lab.attempt(0)).isEqualTo(AttemptState.REJECTED);
        assertThat(kind(lab, 0)).contains(OutcomeKind.CHEATED);

        // when
        lab.place("e").completes(4).drawn(10).serves();
        auditors(lab, "f", "g", "h");
        lab.sign();

        // then
        assertThat(lab.winners()).containsExactly(4);
        assertThat(lab.contradictors()).isEmpty();
        assertThat(kind(lab, 0)).as("another says what it said").contains(OutcomeKind.DOUBTED);
        assertThat(kind(lab, 1)).as("others ran what it denied").contains(OutcomeKind.CHEATED);
        assertThat(kind(lab, 2)).as("it said what holds").isEmpty();
        assertThat(kind(lab, 3)).as("others ran what it denied").contains(OutcomeKind.CHEATED);
    }

    /** They ran the last segment as it is, and invented its outputs. */
    @Test
    void shouldLetThoseWhoDeniedOneRunsOutputsNotSpeakAgainstTheNext() {
        // given
        var lab = new Lab();
        lab.placed(AuditStories.ALL, "a").completes(0).drawn(10).serves().place("c", "accuser");
        lab.completes(1);
        deniesOutputs(lab, 2);
        lab.place("friend");
        deniesOutputs(lab, 3);
        assertThat(lab.attempt(0)).isEqualTo(AttemptState.REJECTED);
        assertThat(AuditAdversaryStories.ended(lab, 0).detail()).contains("the outputs at border 4");

        // when
        lab.place("e").completes(4).drawn(10).serves();
        auditors(lab, "f", "g", "h");
        lab.sign();

        // then
        assertThat(lab.winners()).containsExactly(4);
        assertThat(lab.contradictors()).isEmpty();
        assertThat(kind(lab, 0)).as("another says what it said").contains(OutcomeKind.DOUBTED);
        assertThat(kind(lab, 2)).as("others made the outputs it denied").contains(OutcomeKind.CHEATED);
        assertThat(kind(lab, 3)).as("others made the outputs it denied").contains(OutcomeKind.CHEATED);
        assertThat(kind(lab, 4)).contains(OutcomeKind.VERIFIED);
    }

    /** Another class has other bits, and nobody forged anything. */
    @Test
    void shouldHoldNothingAgainstWhoRanInAnotherClassThanWhatHolds() {
        // given
        var lab = new Lab();
        lab.numericClass = Parties.digest("avx512");
        lab.placed(AuditStories.SOME, "a")
                .forges(0, 1, BORDERS)
                .accept(0)
                .pass(0, 1)
                .pass(0, 2)
                .commit(0, 3)
                .gone(0)
                .drawn(10);
        while (lab.job.attempt(0).end().isEmpty()) {
            lab.due();
        }

        // when
        lab.numericClass = Parties.digest("avx2");
        int last = lab.job.attempts().size();
        lab.place("e").completes(last).drawn(10).serves();
        auditors(lab, "f", "g", "h", "i", "j", "k");
        lab.sign();

        // then
        assertThat(lab.winners()).containsExactly(last);
        assertThat(TrackRecord.of(lab.job, lab.job.attempt(0), _ -> true).map(Outcome::kind))
                .contains(OutcomeKind.CRASHED);
    }

    /** Each segment takes somebody who signs for the run, and the accuser does not. */
    @Test
    void shouldAskOthersOfAllThatAnAccuserRanAndNotOnlyOfWhatItDenied() {
        // given
        var lab = new Lab();
        lab.placed(AuditStories.ALL, "a").completes(0).drawn(10).serves().place("accuser", "c");
        lab.forges(1, 2, 2).completes(1, 2).place("friend");
        lab.forges(3, 2, 2).completes(3);
        assertThat(lab.attempt(0)).isEqualTo(AttemptState.REJECTED);

        // when
        lab.place("e").completes(4).drawn(10).serves();
        auditors(lab, "f", "g", "h");
        lab.sign();

        // then
        assertThat(lab.winners()).as("with every segment looked at").containsExactly(4);
    }

    /** It can open no outputs any more, so no leaf of them could be the same. */
    @Test
    void shouldDoubtWhosePartFellWhereTheNextRunHasItsLeaves() {
        // given a machine that dies, and two who deny the part it left
        var lab = new Lab();
        lab.placed(AuditStories.SOME, "a").accept(0).pass(0, 2).gone(0).drawn(10);
        lab.place("c", "accuser").forges(2, 2, 2).completes(1, 2).place("friend");
        lab.forges(3, 2, 2).completes(3);
        assertThat(lab.attempt(0)).isEqualTo(AttemptState.REJECTED);
        assertThat(kind(lab, 0)).contains(OutcomeKind.CHEATED);

        // when
        lab.place("e").completes(4).drawn(10).serves();
        auditors(lab, "f", "g", "h", "i", "j");
        lab.sign();

        // then
        assertThat(lab.winners()).containsExactly(4);
        assertThat(kind(lab, 0)).contains(OutcomeKind.DOUBTED);
    }

    /** Takes and answers its stretch, with other outputs. */
    private static void deniesOutputs(Lab lab, int attempt) {
        var run = lab.runs.get(attempt);
        int border = run.lastBorder();
        var honest = run.opening(border);
        var opening = new Opening(honest.root(), honest.leafCount(), Parties.digest("invented"), honest.salt());
        var commitment = new Commitment(run.hash(), border, Seal.of(run.hash(), border, opening));
        var signature = run.provider().session().sign(commitment.digest(Parties.DOMAIN));
        lab.accept(attempt).says(attempt, new ReportCommitment(Lab.ID, commitment, signature));
        lab.says(attempt, new RevealResult(Lab.ID, run.hash(), border, opening, run.segments(border), null, null));
    }

    private static Optional<OutcomeKind> kind(Lab lab, int attempt) {
        return TrackRecord.of(lab.job, lab.job.attempt(attempt), NumericClass.STRICT::equals)
                .map(Outcome::kind);
    }

    /** Forges one segment, and serves no checkpoint once it is drawn; the next provider is honest. */
    private static Lab silentAfterForging(JobSpec spec, int border) {
        return silentAfterForging(new Lab(), spec, border);
    }

    private static Lab silentAfterForging(Lab lab, JobSpec spec, int border) {
        lab.placed(spec, "cheat")
                .forges(0, border, border)
                .completes(0)
                .drawn(10)
                .wait(Duration.ofSeconds(300));
        lab.place("b").completes(1).drawn(10).serves();
        auditors(lab, "c", "d", "g", "h");
        return lab.sign();
    }

    /** Places as many auditors as are wanted at least, again and again, who all answer. */
    private static void auditors(Lab lab, String... names) {
        var left = new ArrayDeque<>(List.of(names));
        while (lab.phase() == Phase.AUDITING
                && lab.job.wants(lab.now, lab.policy).isPresent()) {
            int next = lab.job.attempts().size();
            int count = lab.job
                    .alternatives(lab.now, lab.policy, Lab::secret)
                    .getLast()
                    .count();
            lab.place(Stream.generate(left::pop).limit(count).toArray(String[]::new));
            lab.completes(IntStream.range(next, next + count).toArray());
        }
    }

    private static boolean covers(Lab lab, int border) {
        return lab.payable().verdicts().stream()
                .map(audit -> audit.run().assignment())
                .anyMatch((Assignment audit) -> audit.fromBorder() < border && border <= audit.toBorder());
    }
}
