package io.perigee.scheduler.draw;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.eventlog.TryLater;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.SegmentsDrawn;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.spec.VerificationPolicy;
import io.perigee.scheduler.postgres.PostgresRecordBook;
import io.perigee.scheduler.testing.OfflineMarket;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import io.perigee.testkit.sample.SampleRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs get the hash of the block that their receipts name. */
class DrawKeeperIT {
    private static final SampleProvider A = SampleProvider.of("a").asking(1);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final int CONFIRMATIONS = 2;

    private final OfflineMarket market = new OfflineMarket();
    private final Chain chain = new Chain();
    private final DrawKeeper keeper = new DrawKeeper(
            market.database, market.book, new PostgresRecordBook(), market.jobs, chain, market.head, CONFIRMATIONS);

    /** What a node would say. */
    private final class Chain implements Blocks {
        private final List<Long> asked = new ArrayList<>();
        private long head = 100;
        private boolean away;
        private Duration slow = Duration.ZERO;

        @Override
        public long head() {
            if (away) {
                throw new TryLater("The node is away");
            }
            return head;
        }

        @Override
        public Optional<Digest> hash(long number) {
            asked.add(number);
            market.nanos.addAndGet(slow.toNanos());
            return Optional.of(Parties.digest("block " + number));
        }
    }

    @AfterEach
    void close() {
        market.close();
    }

    @Test
    void shouldTellTheOthersThoughMoreAreBrokenThanItReadsAtOnce() {
        // given
        keeper.round(POLL);
        var job = sealed();
        var broken = Stream.generate(() -> market.submit(SampleJobs.strict(2)))
                .limit(101)
                .toArray(JobId[]::new);
        for (var each : broken) {
            market.change("UPDATE job SET draw_block = 50 WHERE id = $1", each.value());
        }
        market.breakJobs(broken);

        // when
        chain.head = 110;
        keeper.round(POLL);

        // then
        assertThat(market.facts(job, SegmentsDrawn.class)).singleElement().satisfies(drawn -> {
            assertThat(drawn.drawBlock()).isEqualTo(102);
            assertThat(drawn.blockHash()).isEqualTo(Parties.digest("block 102"));
        });
    }

    /** Else its provider could have known by what it is audited before it sealed. */
    @Test
    void shouldNameNoBlockWhileTheNodeIsAwayForLong() {
        // given
        keeper.round(POLL);
        chain.away = true;
        market.nanos.addAndGet(Duration.ofMinutes(11).toNanos());

        // when
        var job = sealed();

        // then
        assertThat(market.facts(job, SegmentsDrawn.class)).singleElement().satisfies(drawn -> {
            assertThat(drawn.blockHash()).isNull();
            assertThat(drawn.segments()).as("all of them").hasSize(4);
        });
    }

    /** To audit everything is more than most orders can pay: an honest run would go unpaid. */
    @Test
    void shouldDrawLaterWhatWasSealedWhileTheNodeWasAwayForAMinute() {
        // given
        keeper.round(POLL);
        chain.away = true;
        market.nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        var job = sealed();
        assertThat(market.facts(job, SegmentsDrawn.class)).isEmpty();

        // when
        chain.away = false;
        chain.head = 1_000;
        keeper.round(POLL);

        // then
        assertThat(market.facts(job, SegmentsDrawn.class))
                .singleElement()
                .satisfies(drawn -> assertThat(drawn.blockHash()).isNotNull());
        assertThat(chain.asked).allMatch(block -> block >= 160);
    }

    /** A head that is not news names no block: whoever seals meanwhile would be audited whole. */
    @Test
    void shouldKnowTheHeadThoughManyWaitAndTheNodeIsSlow() {
        // given
        keeper.round(POLL);
        var jobs = Stream.generate(this::sealed).limit(20).toList();
        chain.head = 110;
        chain.slow = Duration.ofSeconds(1);

        // when
        keeper.round(POLL);

        // then
        assertThat(chain.asked).containsExactly(102L);
        assertThat(market.head.number()).isEqualTo(110);
        assertThat(jobs).allSatisfy(job -> assertThat(market.facts(job, SegmentsDrawn.class))
                .hasSize(1));
    }

    /** An audited job whose run is sealed and opened. */
    private JobId sealed() {
        market.join(A);
        Stream.of("b", "c", "d").map(SampleProvider::of).forEach(market::join);
        var job = market.submit(SampleJobs.audited(VerificationPolicy.AUDIT));
        market.match();
        var run = SampleRun.honest(A, market.facts(job, JobAssigned.class).getFirst(), true);
        market.say(A, run.accept());
        for (int border = 1; border <= run.lastBorder(); border++) {
            market.say(A, run.commit(border));
        }
        market.say(A, run.reveal(run.lastBorder()));
        return job;
    }
}
