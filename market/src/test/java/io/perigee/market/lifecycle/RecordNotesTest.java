package io.perigee.market.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.reputation.Outcome;
import io.perigee.market.reputation.Reputation;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.fact.OrderOutcomeKind;
import io.perigee.protocol.fact.OrderOutcomeNoted;
import io.perigee.protocol.fact.OutcomeKind;
import io.perigee.protocol.fact.OutcomeNoted;
import io.perigee.protocol.fact.PairsCounted;
import io.perigee.protocol.fact.RecordFact;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.VerificationPolicy;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RecordNotesTest {
    private static final Digest CLASS = Parties.digest("a class of GPUs");
    private static final JobSpec LORA = SampleJobs.lora(2);
    private static final Predicate<Digest> ONLY_STRICT = NumericClass.STRICT::equals;

    @Test
    void shouldNoteEachRunOnceAndTheOrderWhenItIsPaid() {
        // given
        var lab = new Lab();

        // when
        lab.placed(SampleJobs.strict(2), "a", "b").completes(0, 1).settled();

        // then
        var notes = notes(lab, ONLY_STRICT);
        assertThat(outcomes(notes)).isEqualTo(Map.of(0, OutcomeKind.VERIFIED, 1, OutcomeKind.VERIFIED));
        assertThat(order(notes)).containsExactly(OrderOutcomeKind.HONOURED);
        assertThat(notes).hasSize(3);
    }

    @Test
    void shouldCallADifferenceACheatWhereTheClassBindsAndACrashElsewhere() {
        // given
        var lab = ofClass();

        // when
        lab.placed(LORA, "a", "cheat")
                .lies(1, 1, "forged")
                .completes(0, 1)
                .place("c")
                .completes(2);

        // then
        assertThat(outcomes(notes(lab, ONLY_STRICT)).get(1)).isEqualTo(OutcomeKind.CRASHED);
        assertThat(outcomes(notes(lab, CLASS::equals)).get(1)).isEqualTo(OutcomeKind.CHEATED);
    }

    @Test
    void shouldCountPairsOfEqualSegmentsOnceAJob() {
        // given
        var lab = ofClass();

        // when
        lab.placed(LORA, "a", "b").completes(0, 1).settled();

        // then
        assertThat(pairs(notes(lab, ONLY_STRICT)))
                .containsExactly(new PairsCounted(Lab.ID, CLASS, lab.job.lastBorder()));
    }

    @Test
    void shouldCountWhatAuditorsRanAgain() {
        // given
        var lab = ofClass();
        var spec = SampleJobs.withVerification(LORA, new JobSpec.Verification(VerificationPolicy.FULL_AUDIT, 2));

        // when
        lab.placed(spec, "a")
                .completes(0)
                .drawn(10)
                .serves()
                .place("b", "c")
                .completes(1, 2)
                .sign();

        // then
        var stretches = lab.payable().verdicts().stream()
                .map(audit -> audit.run().assignment())
                .mapToInt(audit -> audit.toBorder() - audit.fromBorder())
                .sum();
        assertThat(pairs(notes(lab, ONLY_STRICT))).containsExactly(new PairsCounted(Lab.ID, CLASS, stretches));
        assertThat(stretches).isGreaterThanOrEqualTo(spec.borders());
    }

    @Test
    void shouldCountADifferenceThatNobodyExplained() {
        // given two that differ, and nobody who comes to decide
        var lab = ofClass();

        // when
        lab.placed(LORA, "a", "b").lies(1, 1, "other bits").completes(0, 1).untilDecided();

        // then
        assertThat(pairs(notes(lab, ONLY_STRICT)))
                .containsExactly(new PairsCounted(Lab.ID, CLASS, 0, 1, owners("a", "b")));
    }

    @Test
    void shouldHoldItOnceAgainstAClassThatTheSameTwoDifferInFiftyJobs() {
        // given
        var newcomer = Reputation.of(List.of(), Lab.START);
        var known = Reputation.of(
                IntStream.range(0, 10)
                        .mapToObj(attempt -> new Outcome(Lab.ID, attempt, OutcomeKind.VERIFIED, Lab.START))
                        .toList(),
                Lab.START);
        var counted = new ArrayList<RecordFact>();

        // when they have shown nothing, and when they have, from one of them and everybody else, too
        for (var record : List.of(newcomer, known)) {
            for (int job = 0; job < 50; job++) {
                var lab = ofClass();
                lab.placed(LORA, "a", job % 2 == 0 ? "b" : "c" + job)
                        .lies(1, 1, "other bits")
                        .completes(0, 1)
                        .untilDecided();
                counted.addAll(pairs(notes(
                        lab,
                        ONLY_STRICT,
                        difference -> Difference.counts(
                                record, record, Collections.disjoint(differing(counted), difference.owners())))));
            }
        }

        // then
        assertThat(counted).containsExactly(new PairsCounted(Lab.ID, CLASS, 0, 1, owners("a", "b")));
    }

    @Test
    void shouldReadWhatWasCountedBeforeOwnersWereNamed() {
        var before = "{\"jobId\":\"%s\",\"numericClass\":\"%s\",\"equal\":3,\"unexplained\":1}"
                .formatted(Lab.ID, CLASS.value());
        assertThat(Json.read(before, PairsCounted.class)).isEqualTo(new PairsCounted(Lab.ID, CLASS, 3, 1, null));
    }

    @Test
    void shouldNotCallADifferenceUnexplainedThatAThirdDecided() {
        // given
        var lab = ofClass();

        // when
        lab.placed(LORA, "a", "cheat")
                .lies(1, 1, "forged")
                .completes(0, 1)
                .place("c")
                .completes(2);

        // then
        assertThat(pairs(notes(lab, ONLY_STRICT)))
                .containsExactly(new PairsCounted(Lab.ID, CLASS, lab.job.lastBorder()));
    }

    @Test
    void shouldCountNoPairsWhereBitsAlwaysAgreeOrNoClassIsClaimed() {
        var strict = new Lab();
        strict.placed(SampleJobs.strict(2), "a", "b").completes(0, 1);
        assertThat(pairs(notes(strict, ONLY_STRICT))).isEmpty();
        var own = new Lab();
        own.placed(SampleJobs.container(2), "a", "b").completes(0, 1);
        assertThat(pairs(notes(own, ONLY_STRICT))).isEmpty();
    }

    @Test
    void shouldNoteAnOrderThatItsProvidersFoundAtFault() {
        // given
        var lab = new Lab();

        // when
        lab.placed(SampleJobs.strict(2), "a", "b").accept(0, 1);
        lab.says(0, lab.runs.get(0).fail(FailureKind.BAD_DATA, 65, "no rows"));
        lab.says(1, lab.runs.get(1).fail(FailureKind.BAD_DATA, 65, "no rows"));
        lab.settled();

        // then
        assertThat(order(notes(lab, ONLY_STRICT))).containsExactly(OrderOutcomeKind.FAULTY);
    }

    @Test
    void shouldNoteAnImageThatNeverEnds() {
        // given
        var lab = new Lab();

        // when two needed more than the deadline of runs
        lab.placed(SampleJobs.container(2), "a", "b").accept(0, 1).due();

        // then
        assertThat(order(notes(lab, ONLY_STRICT))).containsExactly(OrderOutcomeKind.FAULTY);
        assertThat(outcomes(notes(lab, ONLY_STRICT))).isEmpty();
    }

    @Test
    void shouldNoteAnImageOfWhichTwoSayThatItNeverEnds() {
        // given
        var lab = new Lab();

        // when their clocks come before the hub's
        lab.placed(SampleJobs.container(2), "a", "b").accept(0, 1);
        lab.says(0, lab.runs.get(0).fail(FailureKind.TIMED_OUT, null, "time is up"));
        lab.says(1, lab.runs.get(1).fail(FailureKind.TIMED_OUT, null, "time is up"));

        // then
        assertThat(order(notes(lab, ONLY_STRICT))).containsExactly(OrderOutcomeKind.FAULTY);
        assertThat(outcomes(notes(lab, ONLY_STRICT))).isEmpty();
    }

    @Test
    void shouldNoteADeadlineThatTwoWorkedAgainstInVain() {
        // given
        var lab = new Lab();

        // when both sealed something, but not the same
        lab.placed(SampleJobs.strict(2), "a", "b")
                .accept(0, 1)
                .commit(0, 1)
                .commit(1, 2)
                .due();

        // then
        assertThat(order(notes(lab, ONLY_STRICT))).containsExactly(OrderOutcomeKind.FAULTY);
        assertThat(outcomes(notes(lab, ONLY_STRICT))).isEmpty();
    }

    @Test
    void shouldHoldItAgainstOwnersThatSaidYesAndDidNothing() {
        // given
        var lab = new Lab();

        // when
        lab.placed(SampleJobs.strict(2), "a", "b").accept(0, 1).due();

        // then
        assertThat(lab.phase()).as("others are asked").isEqualTo(Phase.ACTIVE);
        assertThat(lab.job.wants(lab.now, lab.policy).orElseThrow().count()).isEqualTo(2);
        lab.untilDecided();
        var notes = notes(lab, ONLY_STRICT);
        assertThat(outcomes(notes)).isEqualTo(Map.of(0, OutcomeKind.CRASHED, 1, OutcomeKind.CRASHED));
        assertThat(order(notes)).isEmpty();
    }

    @Test
    void shouldHoldNothingAgainstAnUnfairBuilderForWhomNobodyWorked() {
        // given
        var lab = new Lab(Lab.POLICY.giveUpAt(1));

        // when
        lab.placed(SampleJobs.strict(2), "a", "b").accept(0, 1).due();

        // then
        assertThat(lab.phase()).isEqualTo(Phase.DECIDED);
        assertThat(order(notes(lab, ONLY_STRICT))).isEmpty();
    }

    @Test
    void shouldHoldNothingAgainstABuilderThatProvidersLeft() {
        // given
        var lab = new Lab();

        // when
        lab.placed(SampleJobs.strict(2), "a", "b").accept(0, 1).gone(0).gone(1).untilDecided();
        lab.settled();

        // then
        assertThat(order(notes(lab, ONLY_STRICT))).isEmpty();
    }

    @Test
    void shouldSayMoreOfASilentRunWhenTheNextHoldsAndNothingWhenItIsPaid() {
        // given
        var lab = new Lab();

        // when
        lab.placed(AuditStories.ALL, "cheat")
                .forges(0, 2, 4)
                .completes(0)
                .drawn(10)
                .wait(Duration.ofSeconds(300));
        lab.place("b").completes(1).drawn(10).serves().place("c", "d");
        lab.completes(2, 3).sign().settled();

        // then
        assertThat(notes(lab, ONLY_STRICT).stream()
                        .filter(note -> note instanceof OutcomeNoted noted && noted.attempt() == 0)
                        .map(note -> ((OutcomeNoted) note).kind()))
                .containsExactly(OutcomeKind.DOUBTED, OutcomeKind.CHEATED);
    }

    @Test
    void shouldNoteACrashThatNobodyElseSawAndABlameThatNobodySharesOnceTheJobIsAccepted() {
        // given
        var crashed = new Lab();
        var blamed = new Lab();
        var own = new Lab();

        // when
        crashed.placed(SampleJobs.strict(2), "a", "b").completes(0).accept(1);
        crashed.says(1, crashed.runs.get(1).fail(FailureKind.CRASHED, 139, "segfault"));
        var before = outcomes(notes(crashed, ONLY_STRICT));
        crashed.place("c").completes(2).settled();
        blamed.placed(SampleJobs.strict(2), "a", "b").completes(0).accept(1);
        blamed.says(1, blamed.runs.get(1).fail(FailureKind.BAD_DATA, 65, "no rows"));
        blamed.place("c").completes(2).settled();
        own.placed(SampleJobs.container(2), "a", "b").completes(0).accept(1);
        own.says(1, own.runs.get(1).fail(FailureKind.CRASHED, 139, "segfault"));
        own.place("c").completes(2).settled();

        // then
        assertThat(before).isEmpty();
        assertThat(outcomes(notes(crashed, ONLY_STRICT))).containsEntry(1, OutcomeKind.CRASHED);
        assertThat(outcomes(notes(blamed, ONLY_STRICT))).containsEntry(1, OutcomeKind.CRASHED);
        assertThat(outcomes(notes(own, ONLY_STRICT)))
                .as("its image may look at the machine")
                .doesNotContainKey(1);
    }

    @Test
    void shouldSayThatAnAuditorIsDoubtedWhenWhatItDeniedHolds() {
        // given
        var lab = new Lab();

        // when
        lab.placed(AuditStories.ALL, "a")
                .completes(0)
                .drawn(10)
                .serves()
                .place("b", "c")
                .completes(1)
                .accept(2);
        lab.says(2, lab.runs.get(2).fail(FailureKind.BAD_CHECKPOINT, 65, "its header is not JSON"));
        lab.place("d").completes(3).sign().settled();

        // then
        assertThat(outcomes(notes(lab, ONLY_STRICT)))
                .isEqualTo(Map.of(0, OutcomeKind.VERIFIED, 2, OutcomeKind.DOUBTED));
    }

    private static Lab ofClass() {
        var lab = new Lab();
        lab.numericClass = CLASS;
        return lab;
    }

    private static List<Address> owners(String... names) {
        return Arrays.stream(names)
                .map(name -> SampleProvider.of(name).address())
                .toList();
    }

    private static List<Address> differing(List<RecordFact> counted) {
        return counted.stream()
                .map(fact -> ((PairsCounted) fact).differing())
                .flatMap(owners -> owners == null ? Stream.of() : owners.stream())
                .toList();
    }

    private static List<RecordFact> notes(Lab lab, Predicate<Digest> binds) {
        return notes(lab, binds, _ -> true);
    }

    /** Of the whole life, fact by fact as it is decided. */
    private static List<RecordFact> notes(Lab lab, Predicate<Digest> binds, Predicate<Difference> counts) {
        var notes = new ArrayList<RecordFact>();
        lab.decisions.forEach(each -> notes.addAll(
                RecordNotes.of(each.before(), each.after(), each.facts(), lab.policy, each.at(), binds, counts)));
        return notes;
    }

    private static Map<Integer, OutcomeKind> outcomes(List<RecordFact> notes) {
        return notes.stream()
                .filter(OutcomeNoted.class::isInstance)
                .map(OutcomeNoted.class::cast)
                .collect(Collectors.toMap(OutcomeNoted::attempt, OutcomeNoted::kind));
    }

    private static List<OrderOutcomeKind> order(List<RecordFact> notes) {
        return notes.stream()
                .filter(OrderOutcomeNoted.class::isInstance)
                .map(note -> ((OrderOutcomeNoted) note).kind())
                .toList();
    }

    private static List<PairsCounted> pairs(List<RecordFact> notes) {
        return notes.stream()
                .filter(PairsCounted.class::isInstance)
                .map(PairsCounted.class::cast)
                .toList();
    }
}
