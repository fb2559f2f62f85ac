package io.perigee.market.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.matching.Match;
import io.perigee.market.matching.Matcher;
import io.perigee.market.matching.OfferView;
import io.perigee.market.matching.PlacementRequest;
import io.perigee.market.matching.PlacementRequest.Selection;
import io.perigee.market.matching.Standing;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.rest.AttemptState;
import io.perigee.protocol.rest.Outcome;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.VerificationPolicy;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two names that ask next to nothing must not be enough to end a job and to leave its builder with the blame. */
class AccusedJobTest {
    private static final JobSpec SPEC = SampleJobs.audited(VerificationPolicy.AUDIT);
    private static final List<SampleProvider> SYBILS =
            Stream.of("s1", "s2").map(name -> SampleProvider.of(name).asking(1)).toList();
    private static final List<SampleProvider> HONEST = IntStream.range(0, 10)
            .mapToObj(each -> SampleProvider.of("h" + each))
            .toList();

    private final Lab lab = new Lab();

    @ParameterizedTest
    @EnumSource(names = {"BAD_SPEC", "BAD_DATA", "CONTRACT_BROKEN", "CRASHED", "OUT_OF_MEMORY"})
    void shouldAskTheNextByStakeOnceSomebodySpokeAgainstTheJob(FailureKind kind) {
        // given
        lab.placed(SPEC, "s1").accept(0);

        // when
        lab.says(0, lab.runs.get(0).fail(kind, 65, "no"));

        // then
        assertThat(wants()).extracting(PlacementRequest::selection).containsOnly(Selection.BY_STAKE);
    }

    /** What its friend then says would clear it. */
    @Test
    void shouldAskTheNextByStakeOnceSomebodyKeptSilentAboutWhatWasDrawn() {
        // given
        lab.placed(SPEC, "s1").completes(0).drawn(10);

        // when
        while (lab.job.attempt(0).end().isEmpty()) {
            lab.due();
        }

        // then
        assertThat(lab.attempt(0)).isEqualTo(AttemptState.LOST);
        assertThat(wants()).extracting(PlacementRequest::selection).containsOnly(Selection.BY_STAKE);
    }

    @ParameterizedTest
    @EnumSource(names = {"YIELDED", "INPUT_UNAVAILABLE", "ENGINE"})
    void shouldAskTheCheapestAfterWhatIsTheProvidersOwnAffair(FailureKind kind) {
        // given
        lab.placed(SPEC, "s1").accept(0);

        // when
        lab.says(0, lab.runs.get(0).fail(kind, 75, "no"));

        // then
        assertThat(wants()).extracting(PlacementRequest::selection).containsOnly(Selection.CHEAPEST);
    }

    @Test
    void shouldChooseByWhatNeitherOfThemKnows() {
        // given
        lab.placed(SPEC, "s1").accept(0);
        lab.says(0, lab.runs.get(0).fail(FailureKind.BAD_DATA, 65, "no"));
        HubSecrets others = (order, attempt) -> Parties.digest("another " + order + attempt);

        // when
        var seed = wants().getFirst().seed();
        var other = lab.job.alternatives(lab.now, lab.policy, others).getFirst().seed();

        // then
        assertThat(seed).isNotEqualTo(other);
    }

    @Test
    void shouldChooseTheNextReplicaSoToo() {
        // given
        lab.placed(SampleJobs.strict(2), "a", "s1").accept(0, 1);

        // when
        lab.says(1, lab.runs.get(1).fail(FailureKind.CRASHED, 139, "segfault"));

        // then
        assertThat(wants()).extracting(PlacementRequest::selection).containsOnly(Selection.BY_STAKE);
    }

    /** The cheapest blames the job, and its friend, who is the next cheapest, would agree. */
    @ParameterizedTest
    @ValueSource(strings = {"one", "two", "three", "four", "five", "six"})
    void shouldNotEndAJobForTwoThatAskNextToNothing(String secret) {
        // given
        lab.secrets = (order, attempt) -> Parties.digest(secret + order + attempt);
        lab.funded(SPEC);

        // when
        lab.place(chosen()).accept(0);
        lab.says(0, lab.runs.get(0).fail(FailureKind.BAD_DATA, 65, "no"));
        var next = chosen();
        lab.place(next).accept(1);
        if (SYBILS.contains(next)) {
            lab.says(1, lab.runs.get(1).fail(FailureKind.BAD_DATA, 65, "no"));
        }
        lab.completes(1).drawn(0).serves().place("x", "y").completes(2, 3).sign();

        // then
        assertThat(lab.attempt(0)).isEqualTo(AttemptState.FAILED);
        assertThat(lab.outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(lab.winners()).containsExactly(1);
    }

    private List<PlacementRequest> wants() {
        return lab.job.alternatives(lab.now, lab.policy, lab.secrets);
    }

    private SampleProvider chosen() {
        var offered = Stream.concat(SYBILS.stream(), HONEST.stream()).toList();
        var views = offered.stream().map(AccusedJobTest::view).toList();
        var found = (Match.Found) PlacementRequest.best(wants(), request -> Matcher.match(request, SPEC, views));
        return offered.stream()
                .filter(each -> each.id().equals(found.picks().getFirst().view().provider()))
                .findFirst()
                .orElseThrow();
    }

    private static OfferView view(SampleProvider provider) {
        return new OfferView(
                provider.id(),
                provider.address(),
                provider.sessionKey(),
                provider.sessionKeySignature(),
                provider.offer(),
                Amount.of(SYBILS.contains(provider) ? 10 : 1_000_000),
                0,
                0,
                Decimal.ZERO,
                Standing.GOOD);
    }
}
