package io.perigee.market.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.kind.ClassDemand;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.offer.Gpu;
import io.perigee.protocol.offer.Offer;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which slots are kept for audits, and for how long. */
class WaitingAuditsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(600);
    private static final JobSpec SPEC = SampleJobs.strict(2);
    private static final JobId FIRST = job(1);
    private static final JobId SECOND = job(2);

    private static final SampleProvider X = SampleProvider.of("x");
    private static final SampleProvider Y = SampleProvider.of("y");
    private static final SampleProvider Z = SampleProvider.of("z");

    private final List<OfferView> offers = new ArrayList<>();
    private JobSpec spec = SPEC;
    private final WaitingAudits audits = new WaitingAudits();

    @Test
    void shouldKeepTheLastSlotOfAnOwnerForWhoWaitsForAnotherBesides() {
        // given a run of x that wants two, of whom one is free
        offers(SampleView.of(X), SampleView.of(Y), SampleView.of(Z, 1));

        // when
        waits(FIRST, X, 5_000);

        // then
        assertThat(inTheWay(Y)).contains(FIRST);
        assertThat(inTheWay(X)).as("it cannot audit itself").isEmpty();
    }

    @Test
    void shouldKeepNothingWhereTheOwnerHasOneMore() {
        // given
        var wide = Y.withSlots(3);
        offers(SampleView.of(X), SampleView.of(wide), SampleView.of(Z, 1));

        // when
        waits(FIRST, X, 5_000);
        waits(SECOND, X, 5_000);

        // then two audits want one slot each, and there are three
        assertThat(inTheWay(wide)).isEmpty();
        offers(SampleView.of(X), SampleView.of(wide, 1), SampleView.of(Z, 1));
        assertThat(inTheWay(wide)).contains(FIRST);
    }

    /** Else whoever orders what nobody can audit would stop a class. */
    @Test
    void shouldKeepNothingForAnAuditThatNobodyCouldServe() {
        // given a third owner that asks more than the audit can pay
        offers(SampleView.of(X), SampleView.of(Y), SampleView.of(Z.asking(1L << 40), 1));

        // when
        waits(FIRST, X, 5_000);

        // then
        assertThat(inTheWay(Y)).isEmpty();
    }

    @Test
    void shouldKeepNothingOfAnOwnerThatAsksMoreThanTheAuditCanPay() {
        // given
        var dear = SampleProvider.of("dear").asking(1L << 40);
        offers(SampleView.of(X), SampleView.of(Y, 1), SampleView.of(Z, 1), SampleView.of(dear));

        // when
        waits(FIRST, X, 5_000);

        // then
        assertThat(inTheWay(dear)).isEmpty();
    }

    @Test
    void shouldKeepItNoLongerThanToItsTime() {
        // given
        offers(SampleView.of(X), SampleView.of(Y), SampleView.of(Z, 1));
        waits(FIRST, X, 5_000);

        // when
        boolean freed = audits.keepOnly(Set.of(FIRST), LATER);

        // then
        assertThat(freed).isTrue();
        assertThat(audits.inTheWay(found(Y), SPEC, this::of, NOW)).isEmpty();
        assertThat(audits.unknown(List.of(FIRST, SECOND))).containsExactly(SECOND);
        assertThat(audits.keepOnly(Set.of(FIRST), LATER)).as("once").isFalse();
    }

    @Test
    void shouldKeepNothingForWhoFoundItsAuditors() {
        // given
        offers(SampleView.of(X), SampleView.of(Y), SampleView.of(Z, 1));
        waits(FIRST, X, 5_000);

        // when
        boolean freed = audits.keepOnly(Set.of(), NOW);

        // then
        assertThat(freed).isTrue();
        assertThat(audits.isEmpty()).isTrue();
        assertThat(inTheWay(Y)).isEmpty();
    }

    @Test
    void shouldSayThatItKeepsLessOnceNobodyCouldServeIt() {
        // given
        offers(SampleView.of(X), SampleView.of(Y), SampleView.of(Z, 1));
        waits(FIRST, X, 5_000);
        offers(SampleView.of(X), SampleView.of(Y));

        // when
        boolean less = waits(FIRST, X, 5_000);

        // then
        assertThat(less).isTrue();
        assertThat(inTheWay(Y)).isEmpty();
        assertThat(waits(FIRST, X, 5_000)).as("once").isFalse();
    }

    @Test
    void shouldKeepNothingOnceAnOfferIsGoneThatItNeeds() {
        // given
        offers(SampleView.of(X), SampleView.of(Y), SampleView.of(Z, 1));
        waits(FIRST, X, 5_000);
        offers(SampleView.of(X), SampleView.of(Y));

        // when
        boolean freed = audits.recheck(offers, NOW);

        // then
        assertThat(freed).isTrue();
        assertThat(inTheWay(Y)).isEmpty();
        assertThat(audits.recheck(offers, NOW)).as("once").isFalse();
    }

    @Test
    void shouldLookOnceAtOneThatWantsNobody() {
        // when
        boolean freed = audits.keepsNothing(FIRST);

        // then
        assertThat(freed).isFalse();
        assertThat(audits.unknown(List.of(FIRST, SECOND))).containsExactly(SECOND);
        audits.keepOnly(Set.of(SECOND), NOW);
        assertThat(audits.unknown(List.of(FIRST))).containsExactly(FIRST);
    }

    /** A slot without a GPU is of no use to an audit that needs one. */
    @ParameterizedTest
    @CsvSource({"1, false", "2, true"})
    void shouldCountTheGpusThatARunLeaves(int gpus, boolean kept) {
        // given an owner of three slots and two GPUs
        spec = ofGpus(1);
        var wide = withGpus(SampleView.of(Y.withSlots(3)), 2);
        offers(withGpus(SampleView.of(X), 1), wide, withGpus(SampleView.of(Z, 1), 1));
        waits(FIRST, X, 5_000);

        // when
        var inTheWay = audits.inTheWay(found(Y), ofGpus(gpus), this::of, NOW);

        // then
        assertThat(inTheWay.isPresent()).isEqualTo(kept);
    }

    /** Whose slots were made fewer while they were in use has none, and not fewer than none. */
    @Test
    void shouldNotCountUsedSlotsThatAreNoMoreAgainstOthers() {
        // given
        var overfull = SampleView.of(Y.withSlots(1), 3);
        var second = SampleView.of(SampleProvider.of("y2").ownedBy("y").withSlots(2));
        offers(SampleView.of(X), overfull, second, SampleView.of(Z, 1));
        waits(FIRST, X, 5_000);

        // when
        var inTheWay = audits.inTheWay(foundAt(second), SPEC, this::of, NOW);

        // then
        assertThat(inTheWay).isEmpty();
    }

    private static JobSpec ofGpus(int count) {
        return SampleJobs.withResources(
                SPEC, new JobSpec.Resources(new JobSpec.GpuNeed(count, 0, List.of()), 1, 1_000_000_000, 1_000_000_000));
    }

    private static OfferView withGpus(OfferView view, int count) {
        var had = view.offer();
        var offer = new Offer(
                had.hardware(),
                had.numericClasses(),
                had.images(),
                had.perMillionTokens(),
                had.perHour(),
                had.slots(),
                had.memory(),
                had.disk(),
                had.cpus(),
                Collections.nCopies(count, new Gpu("Any", 80_000_000_000L, "9.0", "1")),
                had.region());
        return new OfferView(
                view.provider(),
                view.owner(),
                view.sessionKey(),
                view.sessionKeySignature(),
                offer,
                view.freeStake(),
                view.usedSlots(),
                view.usedSlots(),
                view.reputation(),
                view.standing());
    }

    private void offers(OfferView... views) {
        offers.clear();
        offers.addAll(List.of(views));
    }

    private boolean waits(JobId job, SampleProvider ran, long ceiling) {
        var request = new PlacementRequest(
                2,
                Set.of(ran.address()),
                new ClassDemand.Fixed(NumericClass.STRICT),
                null,
                PlacementRequest.Selection.BY_STAKE,
                Amount.of(ceiling),
                100,
                NOW,
                NOW.plusSeconds(60),
                Digest.ZERO);
        return audits.waits(job, List.of(request), spec, LATER, offers);
    }

    private Optional<JobId> inTheWay(SampleProvider chosen) {
        return audits.inTheWay(found(chosen), SPEC, this::of, NOW);
    }

    private Match.Found found(SampleProvider chosen) {
        var view = offers.stream()
                .filter(each -> each.provider().equals(chosen.id()))
                .findFirst()
                .orElseThrow();
        return foundAt(view);
    }

    private static Match.Found foundAt(OfferView view) {
        return new Match.Found(
                NumericClass.STRICT,
                Stream.of(view).map(each -> new Match.Pick(each, Amount.of(1))).toList());
    }

    private List<OfferView> of(Address owner) {
        return offers.stream().filter(view -> view.owner().equals(owner)).toList();
    }

    private static JobId job(int number) {
        return new JobId(new UUID(0x7000L, Long.MIN_VALUE | number));
    }
}
