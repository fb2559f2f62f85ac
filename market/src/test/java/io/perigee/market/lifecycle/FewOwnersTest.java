package io.perigee.market.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.matching.Match;
import io.perigee.market.matching.Matcher;
import io.perigee.market.matching.OfferView;
import io.perigee.market.matching.PlacementRequest;
import io.perigee.market.matching.Standing;
import io.perigee.market.pricing.AuditDeal;
import io.perigee.market.pricing.PriceQuote;
import io.perigee.market.pricing.Pricing;
import io.perigee.market.verification.Stretch;
import io.perigee.protocol.fact.NoMatchReason;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.rest.AttemptState;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.VerificationPolicy;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With fewer auditors than drawn segments what lies between is run and paid, too: a run begins only where that is covered. */
class FewOwnersTest {
    private static final JobSpec LONG = SampleJobs.withPrice(
            SampleJobs.withSegments(SampleJobs.audited(VerificationPolicy.AUDIT), 64), 1_000_000_000);

    private static final List<SampleProvider> OWNERS = List.of("a", "b", "c", "d", "e", "f", "g").stream()
            .map(name -> SampleProvider.of(name).asking(10_000_000))
            .toList();

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7})
    void shouldPayWhateverIsDrawnWithTheMaximumThatWasQuoted(int owners) {
        // given
        var market = views(OWNERS.subList(0, owners));
        var maximum = quote(LONG, market).maximum();
        var spec = SampleJobs.withPrice(LONG, maximum.value().longValueExact());
        var lab = new Lab().funded(spec);
        var run = found(lab, market);
        lab.place(provider(run.picks().getFirst().view())).completes(0);
        var sealed = lab.job;
        var others = market.stream()
                .filter(view ->
                        !view.provider().equals(run.picks().getFirst().view().provider()))
                .toList();

        for (int draw = 0; draw < 50; draw++) {
            lab.job = sealed;

            // when
            lab.input(new JobInput.DrawBlockKnown(Lab.HEAD + 2, Parties.digest("block " + draw), 0));
            lab.serves();

            // then
            assertThat(PlacementRequest.best(wants(lab), request -> Matcher.match(request, spec, others)))
                    .as("draw %d of %d owners", draw, owners)
                    .isInstanceOf(Match.Found.class);
        }
    }

    @Test
    void shouldNotBeginWithTheMaximumOfAMarketThatHasMoreOwners() {
        // given
        var maximum = quote(LONG, views(OWNERS)).maximum();
        var spec = SampleJobs.withPrice(LONG, maximum.value().longValueExact());
        var three = views(OWNERS.subList(0, 3));

        // when
        var match =
                PlacementRequest.best(wants(new Lab().funded(spec)), request -> Matcher.match(request, spec, three));

        // then
        assertThat(((Match.None) match).reasons())
                .extracting(NoMatchReason::constraint)
                .contains("price.max");
    }

    @Test
    void shouldSayInTheQuoteWhyFewOwnersAreDearer() {
        // when
        var few = quote(LONG, views(OWNERS.subList(0, 3)));
        var many = quote(LONG, views(OWNERS));

        // then
        assertThat(many.warnings()).isEmpty();
        assertThat(few.maximum()).isGreaterThan(many.maximum());
        assertThat(few.warnings())
                .singleElement()
                .asString()
                .contains(
                        "6 owners beside the one that runs it",
                        "with 2 each audits a stretch",
                        many.maximum().toString());
    }

    @Test
    void shouldQuoteTheLeastMaximumWithWhichItBegins() {
        // given
        var three = views(OWNERS.subList(0, 3));
        long maximum = quote(LONG, three).maximum().value().longValueExact();

        // when
        var enough = quote(SampleJobs.withPrice(LONG, maximum), three);
        var little = quote(SampleJobs.withPrice(LONG, maximum - 64), three);

        // then
        assertThat(enough.reasons()).isEmpty();
        assertThat(little.reasons()).extracting(NoMatchReason::constraint).contains("price.max");
        assertThat(little.maximum()).isEqualTo(Amount.of(maximum));
    }

    /** The hub asks who audits for 20 segments' cost and who runs for a price; the quote asked all for a price. */
    @Test
    void shouldQuoteWhatTheHubBegins() {
        // given eight segments, so an auditor's bond is two prices and a half, and stakes of one and a half
        var spec = SampleJobs.withPrice(
                SampleJobs.withSegments(SampleJobs.audited(VerificationPolicy.AUDIT), 8), 1_000_000_000);
        long price = Pricing.attempt(spec, OWNERS.getFirst().offer()).value().longValueExact();
        var poor = views(OWNERS, price * 3 / 2, 0);
        var oneBusy = new ArrayList<>(views(OWNERS.subList(0, 1), price * 3, 0));
        oneBusy.addAll(views(OWNERS.subList(1, 3), price * 3, 1));

        // then
        assertThat(quote(spec, poor).reasons())
                .extracting(NoMatchReason::constraint)
                .contains("verification.auditors");
        assertThat(quote(spec, oneBusy).reasons()).isEmpty();
        for (var market : List.of(poor, oneBusy)) {
            var match = PlacementRequest.best(
                    wants(new Lab().funded(spec)), request -> Matcher.match(request, spec, market));
            assertThat(match instanceof Match.Found)
                    .isEqualTo(quote(spec, market).reasons().isEmpty());
        }
    }

    /** Each way to deal runs at the most what is priced, and some draw takes all of it. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldPriceTheWorstDraw(long seed) {
        var random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            int segments = 2 + random.nextInt(12);
            int drawn = 2 + random.nextInt(Math.min(4, segments - 1));
            int auditors = 1 + random.nextInt(drawn);
            int worst = 0;
            for (int mask = 0; mask < 1 << (segments - 1); mask++) {
                if (Integer.bitCount(mask) == drawn - 1) {
                    var ends = new TreeSet<>(List.of(segments));
                    for (int at = 0; at < segments - 1; at++) {
                        if ((mask >> at & 1) == 1) {
                            ends.add(at + 1);
                        }
                    }
                    worst = Math.max(
                            worst,
                            Stretch.deal(ends, auditors).stream()
                                    .mapToInt(Stretch::length)
                                    .sum());
                }
            }
            assertThat(Stretch.most(segments, drawn, auditors))
                    .as("seed %d: %d of %d, %d auditors", seed, drawn, segments, auditors)
                    .isEqualTo(worst);
        }
    }

    @Test
    void shouldAskForNoMoreOwnersWhereFewerCostTheSame() {
        assertThat(AuditDeal.of(SampleJobs.audited(VerificationPolicy.AUDIT)))
                .extracting(AuditDeal::owners)
                .containsExactly(2);
        assertThat(AuditDeal.of(LONG)).extracting(AuditDeal::owners).containsExactly(6, 5, 4, 2);
        assertThat(AuditDeal.of(SampleJobs.strict(2))).isEmpty();
    }

    /** What lies between two drawn segments is run again, too, and nobody else is asked for it. */
    @Test
    void shouldHearAnAuditorThatDiffersWhereNobodyDrew() {
        // given one stretch over a forged segment that was not drawn
        var spec = SampleJobs.withPrice(SampleJobs.withSegments(LONG, 32), 1_000_000_000);
        var lab = new Lab().placed(spec, "cheat").forges(0, 15, 15).completes(0);
        var sealed = lab.job;
        for (int draw = 0; stretches(lab).noneMatch(stretch -> stretch.covers(15)) || isDrawn(lab, 15); draw++) {
            lab.job = sealed;
            lab.input(new JobInput.DrawBlockKnown(Lab.HEAD + 2, Parties.digest("block " + draw), 10));
            lab.serves();
        }
        lab.place("b", "c");
        int finder = AuditVotes.stretch(lab.job.attempt(1)).covers(15) ? 1 : 2;

        // when
        lab.completes(1, 2);
        lab.place("d").completes(3);

        // then
        assertThat(AuditVotes.stretch(lab.job.attempt(3)))
                .as("it begins where a checkpoint is")
                .isEqualTo(new Stretch(lab.job.attempt(finder).assignment().fromBorder(), 15));
        assertThat(lab.attempt(0)).isEqualTo(AttemptState.REJECTED);
        lab.place("e").completes(4).drawn(10).serves();
        while (lab.job.wants(lab.now, lab.policy).isPresent()) {
            int more = wants(lab).getLast().count();
            int first = lab.job.attempts().size();
            lab.place(List.of("f", "g", "h", "i").subList(0, more).toArray(String[]::new));
            IntStream.range(first, first + more).forEach(lab::completes);
        }
        lab.sign();
        assertThat(lab.winners()).containsExactly(4);
        assertThat(lab.payable().verdicts())
                .extracting(audit -> audit.run().assignment().attempt())
                .as("who found it is paid")
                .contains(finder);
    }

    private static Stream<Stretch> stretches(Lab lab) {
        return lab.job.state() instanceof State.Auditing auditing
                        && auditing.audit().isPresent()
                ? AuditWants.options(lab.job, lab.policy).getLast().stream()
                : Stream.of();
    }

    private static boolean isDrawn(Lab lab, int segment) {
        return lab.job.state() instanceof State.Auditing auditing
                && auditing.audit()
                        .filter(file -> file.segments().contains(segment))
                        .isPresent();
    }

    private static List<PlacementRequest> wants(Lab lab) {
        return lab.job.alternatives(lab.now, lab.policy, lab.secrets);
    }

    private static Match.Found found(Lab lab, List<OfferView> market) {
        var match = PlacementRequest.best(wants(lab), request -> Matcher.match(request, lab.job.spec(), market));
        assertThat(match).isInstanceOf(Match.Found.class);
        return (Match.Found) match;
    }

    private static PriceQuote quote(JobSpec spec, List<OfferView> market) {
        return Pricing.quote(spec, null, Parties.BUILDER.address(), market, Lab.POLICY, Lab.START);
    }

    private static SampleProvider provider(OfferView view) {
        return OWNERS.stream()
                .filter(each -> each.id().equals(view.provider()))
                .findFirst()
                .orElseThrow();
    }

    private static List<OfferView> views(List<SampleProvider> owners) {
        return views(owners, 1_000_000_000, 0);
    }

    private static List<OfferView> views(List<SampleProvider> owners, long stake, int used) {
        return owners.stream()
                .map(each -> new OfferView(
                        each.id(),
                        each.address(),
                        each.sessionKey(),
                        each.sessionKeySignature(),
                        each.offer(),
                        Amount.of(stake),
                        used,
                        0,
                        Decimal.ZERO,
                        Standing.GOOD))
                .toList();
    }
}
