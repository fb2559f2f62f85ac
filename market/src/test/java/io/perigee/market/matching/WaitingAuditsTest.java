package io.perigee.market.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.kind.ClassDemand;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

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
        assertThat(audits.inTheWay(found(Y), this::of, NOW)).isEmpty();
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

    private void offers(OfferView... views) {
        offers.clear();
        offers.addAll(List.of(views));
    }

    private void waits(JobId job, SampleProvider ran, long ceiling) {
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
        audits.waits(job, List.of(request), SPEC, LATER, offers);
    }

    private Optional<JobId> inTheWay(SampleProvider chosen) {
        return audits.inTheWay(found(chosen), this::of, NOW);
    }

    private Match.Found found(SampleProvider chosen) {
        var view = offers.stream()
                .filter(each -> each.provider().equals(chosen.id()))
                .findFirst()
                .orElseThrow();
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
