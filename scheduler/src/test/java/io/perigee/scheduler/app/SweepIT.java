package io.perigee.scheduler.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.matching.FairShare;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.JobId;
import io.perigee.scheduler.placing.Matchmaker;
import io.perigee.scheduler.placing.PlacingQueue;
import io.perigee.scheduler.postgres.PostgresOfferLog;
import io.perigee.scheduler.postgres.PostgresPlacingQueue;
import io.perigee.scheduler.postgres.PostgresRecordBook;
import io.perigee.scheduler.testing.OfflineMarket;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How often all that waits is read. */
class SweepIT {
    private static final Duration SWEEP = Duration.ofSeconds(5);

    private final OfflineMarket market = new OfflineMarket();
    private final Counted queue = new Counted();
    private final Matchmaker matchmaker = new Matchmaker(
            market.database,
            market.book,
            queue,
            new PostgresOfferLog(),
            new PostgresRecordBook(),
            market.jobs,
            new SimpleMeterRegistry());
    private final Placing placing = new Placing(matchmaker, SWEEP, market.nanos::get);

    @AfterEach
    void close() {
        market.close();
    }

    @Test
    void shouldReadAllThatWaitsOnceInASweepHoweverOftenItIsWoken() {
        // given
        round();
        var before = queue.sweeps;

        // when
        for (int wake = 0; wake < 10; wake++) {
            market.nanos.addAndGet(Duration.ofMillis(400).toNanos());
            matchmaker.wanted();
            round();
        }

        // then
        assertThat(queue.sweeps - before).isZero();
        market.nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(round()).isEqualTo(SWEEP);
        assertThat(queue.sweeps - before).isEqualTo(1);
    }

    /** Another scheduler died between a commit and its look. */
    @Test
    void shouldPlaceWhatNobodyAnnouncedWithTheNextSweep() {
        // given
        round();
        market.join(SampleProvider.of("a"));
        market.join(SampleProvider.of("b"));
        var job = market.submit(SampleJobs.strict(2));

        // when
        market.nanos.addAndGet(SWEEP.toNanos());
        round();

        // then
        assertThat(market.facts(job, JobAssigned.class)).hasSize(2);
    }

    /** As a loop does, until there is a pause. */
    private Duration round() {
        Duration pause;
        do {
            pause = placing.run();
        } while (pause.isZero());
        return pause;
    }

    /** Counts who reads all. */
    private static final class Counted implements PlacingQueue {
        private final PlacingQueue queue = new PostgresPlacingQueue();
        private int sweeps;

        @Override
        public List<FairShare.Claim> wanting(Tx tx, Set<JobId> named, int perBuilder) {
            return queue.wanting(tx, named, perBuilder);
        }

        @Override
        public Set<JobId> wanting(Tx tx) {
            sweeps++;
            return queue.wanting(tx);
        }

        @Override
        public Set<JobId> lackingAuditors(Tx tx, int most) {
            return queue.lackingAuditors(tx, most);
        }

        @Override
        public void looked(Tx tx, JobId job, Instant now) {
            queue.looked(tx, job, now);
        }

        @Override
        public Map<Address, Integer> held(Tx tx, Set<Address> builders) {
            return queue.held(tx, builders);
        }

        @Override
        public void placed(Tx tx, Placed placed) {
            queue.placed(tx, placed);
        }

        @Override
        public List<Placed> placements(Tx tx, JobId job) {
            return queue.placements(tx, job);
        }

        @Override
        public List<Envelope> facts(Tx tx, JobId job) {
            return queue.facts(tx, job);
        }
    }
}
