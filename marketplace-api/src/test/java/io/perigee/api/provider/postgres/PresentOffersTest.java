package io.perigee.api.provider.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.eventlog.TryLater;
import io.perigee.market.kind.PeopledClasses;
import io.perigee.market.reputation.Field;
import io.perigee.market.reputation.Outcome;
import io.perigee.market.reputation.Reputation;
import io.perigee.protocol.fact.OutcomeKind;
import io.perigee.protocol.id.Digest;
import io.perigee.testkit.Ids;
import io.perigee.testkit.sample.Parties;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PresentOffersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Instant now = Instant.parse("2026-06-01T12:00:00Z");
    private int read;

    private Duration takes = Duration.ZERO;
    private Runnable meanwhile = () -> {};
    private Runnable beside = () -> {};

    private LiveOffers anew() {
        read++;
        now = now.plus(takes);
        meanwhile.run();
        return new LiveOffers(List.of(), PeopledClasses.NONE, true);
    }

    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    };

    private final PresentOffers offers =
            new PresentOffers(this::anew, _ -> Optional.empty(), _ -> Map.of(), task -> beside = task, PATIENCE, clock);

    @Test
    void shouldReadOnceForAllWhoAskWithinASecond() {
        // when
        offers.live();
        offers.live();
        now = now.plusMillis(999);
        offers.live();

        // then
        beside.run();
        assertThat(read).isEqualTo(1);
    }

    @Test
    void shouldReadAnewAfterASecondAndLetNobodyWait() {
        // given
        offers.live();

        // when
        now = now.plusSeconds(1);
        offers.live();
        offers.live();
        int before = read;
        beside.run();

        // then
        assertThat(before).isEqualTo(1);
        assertThat(read).isEqualTo(2);
    }

    @Test
    void shouldReadForNoMoreThanATwentiethOfTheTime() {
        // given
        takes = Duration.ofMillis(200);
        offers.live();

        // when
        now = now.plusMillis(3_700);
        offers.live();
        beside.run();
        int before = read;
        now = now.plusMillis(200);
        offers.live();
        beside.run();

        // then
        assertThat(before).isEqualTo(1);
        assertThat(read).isEqualTo(2);
    }

    @Test
    void shouldNotUseWhatIsTooOld() {
        // given
        offers.live();

        // when
        now = now.plusSeconds(10);
        offers.live();

        // then
        assertThat(read).isEqualTo(2);
    }

    @Test
    void shouldReadAnewAtOnceWhenAnOfferHasChanged() {
        // given
        offers.live();

        // when
        offers.changed();
        offers.live();

        // then
        assertThat(read).isEqualTo(2);
    }

    @Test
    void shouldReadAgainWhatChangedWhileItWasRead() {
        // given
        meanwhile = offers::changed;
        offers.live();
        meanwhile = () -> {};

        // when
        offers.live();

        // then
        assertThat(read).isEqualTo(2);
    }

    @Test
    void shouldReadOnceForAllWhoAskAtATime() {
        // given: nothing is known yet, and to read it takes a while
        var asking = new CountDownLatch(8);
        meanwhile = () -> wait(asking);

        // when
        var asked = inParallel(asking, offers::live);

        // then
        assertThat(asked).hasSize(8);
        assertThat(read).isEqualTo(1);
    }

    @Test
    void shouldReadRecordsOnceForAllWhoAskAboutThem() {
        // given
        var asking = new CountDownLatch(8);
        var reads = new AtomicInteger();
        var field = new Field(Parties.BUILDER.address(), Digest.ZERO, "strict");
        var record = Reputation.of(List.of(new Outcome(Ids.jobId(), 0, OutcomeKind.VERIFIED, now)), now);
        var records = new FamilyRecords(
                families -> {
                    wait(asking);
                    reads.incrementAndGet();
                    return families.contains("strict") ? Map.of(field, record) : Map.of();
                },
                new OneAtATime(PATIENCE),
                clock);

        // when
        var asked = inParallel(asking, () -> records.of(Set.of("strict")));
        records.of(Set.of("strict", "other"));
        int before = reads.get();
        now = now.plusSeconds(5);
        records.of(Set.of("strict", "other"));

        // then
        assertThat(asked)
                .hasSize(8)
                .allSatisfy(each -> assertThat(each.get(field).score()).isEqualTo(record.score()));
        assertThat(before).isEqualTo(2);
        assertThat(reads).hasValue(3);
    }

    private static <T> List<T> inParallel(CountDownLatch asking, Supplier<T> ask) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = IntStream.range(0, 8)
                    .mapToObj(_ -> CompletableFuture.supplyAsync(
                            () -> {
                                asking.countDown();
                                return ask.get();
                            },
                            threads))
                    .toList();
            return answers.stream().map(CompletableFuture::join).toList();
        }
    }

    private static void wait(CountDownLatch asking) {
        try {
            assertThat(asking.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldReadAgainAfterAFailure() {
        // given
        offers.live();
        now = now.plusSeconds(1);
        offers.live();
        meanwhile = () -> {
            throw new TryLater("away");
        };
        beside.run();
        meanwhile = () -> {};

        // when
        offers.live();
        beside.run();

        // then
        assertThat(read).isEqualTo(3);
    }
}
