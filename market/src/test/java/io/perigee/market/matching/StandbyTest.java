package io.perigee.market.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.kind.ClassDemand;
import io.perigee.protocol.fact.NoMatchReason;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.offer.ImageClass;
import io.perigee.protocol.offer.Offer;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What begins only while others could look at it, by the scan and by the index. */
class StandbyTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final JobSpec SPEC = SampleJobs.strict(2);

    /** A way of matching. */
    enum Way {
        SCAN {
            @Override
            Match match(PlacementRequest request, List<OfferView> offers) {
                return Matcher.match(request, SPEC, offers);
            }
        },
        INDEX {
            @Override
            Match match(PlacementRequest request, List<OfferView> offers) {
                var index = new OfferIndex();
                offers.forEach(index::put);
                return index.match(request, SPEC);
            }
        };

        abstract Match match(PlacementRequest request, List<OfferView> offers);
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeginNothingThatNobodyCouldAudit(Way way) {
        // given one that is cheapest, another owner, and a third that cannot put up what an auditor must
        var offers = List.of(cheapest(), view("b", 1_000_000, 0), view("c", 1, 0));

        // when
        var match = way.match(oneWithTwoBehind(), offers);

        // then
        assertThat(((Match.None) match).reasons())
                .extracting(NoMatchReason::constraint)
                .containsExactly("stake", "verification.auditors");
        assertThat(way.match(oneWithTwoBehind().alone(), offers)).isInstanceOf(Match.Found.class);
    }

    @ParameterizedTest
    @EnumSource
    void shouldCountAnAuditorThatIsBusyNow(Way way) {
        // when
        var match =
                way.match(oneWithTwoBehind(), List.of(cheapest(), view("b", 1_000_000, 1), view("c", 1_000_000, 1)));

        // then
        assertThat(match).isInstanceOf(Match.Found.class);
    }

    /** Nobody vouches for itself. */
    @ParameterizedTest
    @EnumSource
    void shouldNotCountAnotherMachineOfTheOwnerThatRuns(Way way) {
        // given
        var more = view(SampleProvider.of("a2").ownedBy("a"), 1_000_000, 0);

        // when
        var match = way.match(oneWithTwoBehind(), List.of(cheapest(), view("b", 1_000_000, 0), more));

        // then
        assertThat(match).isInstanceOf(Match.None.class);
    }

    @ParameterizedTest
    @EnumSource
    void shouldGoToTheClassInWhichItCanBeAudited(Way way) {
        // given a class that is cheaper, of one owner alone
        var lonely = Parties.digest("lonely");
        var shared = Parties.digest("shared");
        var offers = List.of(
                inClass(lonely, "x", 1),
                inClass(shared, "a", 200_000),
                inClass(shared, "b", 300_000),
                inClass(shared, "c", 400_000));
        var request = request(new ClassDemand.OfImage(SPEC.image(), false));

        // when
        var match = (Match.Found) way.match(request, offers);

        // then
        assertThat(match.numericClass()).isEqualTo(shared);
        assertThat(match.picks())
                .extracting(pick -> pick.view().provider())
                .containsExactly(SampleProvider.of("a").id());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldChooseTheSameByScanAndByIndex(long seed) {
        // given
        var market = new RandomMarket(seed);
        var index = new OfferIndex();
        for (int number = 0; number < 60; number++) {
            index.put(market.offer(20));
        }
        for (int round = 0; round < 200; round++) {
            var wanted = market.wanted();
            var request = wanted.request().standby(new PlacementRequest.Standby(1 + round % 4, 100));

            // when
            var match = index.match(request, wanted.spec());

            // then
            assertThat(match).as("seed %d", seed).isEqualTo(Matcher.match(request, wanted.spec(), index.views()));
        }
    }

    private static PlacementRequest oneWithTwoBehind() {
        return request(new ClassDemand.Fixed(NumericClass.STRICT));
    }

    private static PlacementRequest request(ClassDemand demand) {
        return new PlacementRequest(
                1,
                Set.of(),
                demand,
                null,
                PlacementRequest.Selection.CHEAPEST,
                Amount.of(5_000),
                100,
                NOW,
                NOW.plusSeconds(60),
                Digest.ZERO,
                new PlacementRequest.Standby(2, 100));
    }

    private static OfferView cheapest() {
        return view(SampleProvider.of("a").asking(1), 1_000_000, 0);
    }

    private static OfferView view(String name, long stake, int usedSlots) {
        return view(SampleProvider.of(name), stake, usedSlots);
    }

    private static OfferView view(SampleProvider provider, long stake, int usedSlots) {
        return view(provider, provider.offer(), stake, usedSlots);
    }

    private static OfferView view(SampleProvider provider, Offer offer, long stake, int usedSlots) {
        return new OfferView(
                provider.id(),
                provider.address(),
                provider.sessionKey(),
                provider.sessionKeySignature(),
                offer,
                Amount.of(stake),
                usedSlots,
                0,
                Decimal.ZERO,
                Standing.GOOD);
    }

    private static OfferView inClass(Digest numericClass, String name, long price) {
        var provider = SampleProvider.of(name).asking(price);
        var o = provider.offer();
        return view(
                provider,
                new Offer(
                        o.hardware(),
                        List.of(numericClass),
                        List.of(new ImageClass(SPEC.image(), numericClass, "avx2", false, 0)),
                        o.perMillionTokens(),
                        o.perHour(),
                        o.slots(),
                        o.memory(),
                        o.disk(),
                        o.cpus(),
                        o.gpus(),
                        o.region()),
                1_000_000,
                0);
    }
}
