package io.perigee.scheduler.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.perigee.market.matching.OfferView;
import io.perigee.market.matching.Recount;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.OutcomeKind;
import io.perigee.protocol.fact.OutcomeNoted;
import io.perigee.protocol.message.NumericClass;
import io.perigee.scheduler.placing.Matchmaker;
import io.perigee.scheduler.placing.OfferLog;
import io.perigee.scheduler.testing.OfflineMarket;
import io.perigee.testkit.Ids;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import io.perigee.testkit.sample.SampleRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What it costs to read the book of offers. */
class PostgresOfferLogIT {
    private static final String ROWS_READ = """
      SELECT seq_tup_read + idx_tup_fetch AS rows FROM pg_stat_xact_user_tables WHERE relname = 'offer_change'
      """;

    private final OfflineMarket market = new OfflineMarket();

    @AfterEach
    void close() {
        market.close();
    }

    @Test
    void shouldReadTheBookAnewInProportionToWhatIsInIt() {
        // given two offers and a stake whose uses have changed ten thousand times
        var a = SampleProvider.of("a");
        market.join(a);
        market.join(SampleProvider.of("b"));
        market.match();
        market.change(
                "INSERT INTO offer_change (number, kind, subject, body, digest)"
                        + " SELECT 100 + n, 'USE', $1, format('{\"slots\":%s,\"gpus\":0}', n % 2), ''"
                        + " FROM generate_series(1, 10001) n",
                a.id().value());
        market.change("ANALYZE offer_change");

        // when
        record Read(Recount book, long rows) {}
        var read = market.database.inTransaction(tx -> {
            var changes = new PostgresOfferLog().after(tx, 0);
            return new Read(
                    new Recount(changes), tx.queryOne(ROWS_READ).orElseThrow().number("rows"));
        });

        // then
        assertThat(read.rows()).isLessThan(100);
        assertThat(read.book().offers())
                .filteredOn(view -> view.provider().equals(a.id()))
                .singleElement()
                .satisfies(view -> assertThat(view.usedSlots()).isEqualTo(1));
        assertThat(read.book().offers()).hasSize(2);
    }

    @Test
    void shouldReadTheSameBookByPages() {
        // given
        market.join(SampleProvider.of("a"));
        market.match();
        long before = market.count("offer_change");
        market.join(SampleProvider.of("b"));
        market.join(SampleProvider.of("c"));
        market.match();

        market.database.transact(tx -> {
            // when
            var paged = new PostgresOfferLog(2);
            var whole = new PostgresOfferLog();

            // then
            assertThat(paged.after(tx, 0)).hasSize(3).isEqualTo(whole.after(tx, 0));
            assertThat(paged.upTo(tx, before)).isNotEmpty().isEqualTo(whole.upTo(tx, before));
            assertThat(new Recount(paged.upTo(tx, before)).offers()).hasSize(1);
        });
    }

    /** A job seals thousands of borders, and none of them changes what its provider could take. */
    @Test
    void shouldReadNobodyAnewWhoSealedABorderBeforeTheLast() {
        // given
        var a = SampleProvider.of("a");
        var b = SampleProvider.of("b");
        market.join(a);
        market.join(b);
        var job = market.submit(SampleJobs.strict(2));
        market.match();
        var run = SampleRun.honest(
                a,
                market.facts(job, JobAssigned.class).stream()
                        .filter(each -> each.assignment().provider().equals(a.id()))
                        .findFirst()
                        .orElseThrow(),
                true);
        market.say(a, run.accept());
        market.matchmaker.freed();
        market.match();

        // when
        market.say(a, run.commit(1));

        // then
        var fresh = market.database.inTransaction(tx -> new PostgresOfferLog().fresh(tx, market.jobs.now()));
        assertThat(fresh.offers()).isEmpty();
        assertThat(fresh.stakes()).isEmpty();
    }

    /** What it placed it has said, and that a run begins changes nothing about what it holds. */
    @Test
    void shouldReadNobodyAnewForWhatMatchingPlacedItself() {
        // given
        var a = SampleProvider.of("a").withSlots(20);
        market.join(a);
        market.join(SampleProvider.of("b").withSlots(20));
        market.match();

        // when
        var jobs = Stream.generate(() -> market.submit(SampleJobs.strict(2)))
                .limit(20)
                .toList();
        market.match();
        market.facts(jobs.getFirst(), JobAssigned.class).stream()
                .filter(each -> each.assignment().provider().equals(a.id()))
                .forEach(each -> market.say(a, SampleRun.honest(a, each, true).accept()));

        // then
        var fresh = market.database.inTransaction(tx -> new PostgresOfferLog().fresh(tx, market.jobs.now()));
        assertThat(fresh.offers()).isEmpty();
        assertThat(fresh.stakes()).isEmpty();
        assertThat(used()).isEqualTo(summed()).containsValue(20L);
    }

    @Test
    void shouldKnowWhatIsInUseThoughTwoPlaceAndLooksFailAndAttemptsEnd() {
        // given
        var providers = Stream.of("a", "b", "c")
                .map(name -> SampleProvider.of(name).withSlots(9))
                .toList();
        providers.forEach(market::join);
        var other = new Matchmaker(
                market.database,
                market.book,
                new PostgresPlacingQueue(),
                new PostgresOfferLog(),
                new PostgresRecordBook(),
                market.jobs,
                new SimpleMeterRegistry());
        var schedulers = List.of(market.matchmaker, other);
        var states = new ArrayList<Map<String, Long>>();
        var sums = new ArrayList<Map<String, Long>>();

        // when
        for (int step = 0; step < 12; step++) {
            var job = market.submit(SampleJobs.strict(2));
            if (step % 4 == 1) {
                market.breakJobs(market.submit(SampleJobs.strict(2)));
            }
            round(schedulers.get(step % 2));
            if (step % 3 == 2) {
                market.facts(job, JobAssigned.class).forEach(each -> providers.stream()
                        .filter(one -> one.id().equals(each.assignment().provider()))
                        .forEach(one -> market.say(
                                one, SampleRun.honest(one, each, true).decline())));
                round(schedulers.get((step + 1) % 2));
                // who declined is asked again
                market.clock.advance(OfferView.ASIDE);
            }
            states.add(used());
            sums.add(summed());
        }

        // then
        assertThat(states).isEqualTo(sums);
        assertThat(sums.getLast().values())
                .allSatisfy(slots -> assertThat(slots).isPositive());
    }

    private static void round(Matchmaker matchmaker) {
        matchmaker.wanted();
        matchmaker.freed();
        while (matchmaker.round()) {
            // until there is nothing more to look at
        }
    }

    /** Slots and free stake as the log has them, by provider and owner. */
    private Map<String, Long> used() {
        var book = new Recount(market.database.reading(tx -> new PostgresOfferLog().after(tx, 0)));
        var used = new HashMap<String, Long>();
        for (var view : book.offers()) {
            used.put(view.provider().value(), (long) view.usedSlots());
            used.put(view.owner().value(), view.freeStake().value().longValueExact());
        }
        return used;
    }

    /** The same as the ledger of attempts gives them. */
    private Map<String, Long> summed() {
        return market.database.reading(tx -> tx.query("""
              SELECT p.id AS subject, count(a) AS amount FROM provider p LEFT JOIN attempt a ON a.provider = p.id AND a.occupies
              GROUP BY p.id
              UNION ALL
              SELECT s.owner, (s.amount - coalesce(sum(a.bond), 0))::bigint
              FROM stake s LEFT JOIN attempt a ON a.owner = s.owner AND a.bonded GROUP BY s.owner, s.amount
              """)).stream()
                .collect(Collectors.toMap(row -> row.string("subject"), row -> row.number("amount")));
    }

    @Test
    void shouldReadRecordsAnewOnlyWhereSomethingWasNoted() {
        // given an owner of whom something bad was noted
        var a = SampleProvider.of("a").withSlots(4);
        market.join(a);
        market.join(SampleProvider.of("b").withSlots(4));
        note(a, OutcomeKind.CRASHED);
        note(a, OutcomeKind.VERIFIED);
        var log = new PostgresOfferLog();
        look(log);
        long first = log.read();

        // when it says again what it offers, and when something more is noted of it
        market.hear("gateway", a.online());
        var said = look(log);
        long second = log.read();
        note(a, OutcomeKind.CRASHED);
        var noted = look(log);

        // then
        assertThat(first).isEqualTo(2);
        assertThat(said.offers()).containsKey(a.id());
        assertThat(second).isEqualTo(first);
        assertThat(log.read()).isEqualTo(second + 3);
        assertThat(noted.offers().get(a.id()).orElseThrow().reliability()).isEqualTo(500_000);
    }

    /** What it read may never have been so. */
    @Test
    void shouldReadRecordsAnewAfterATransactionThatDidNotCommit() {
        // given
        var a = SampleProvider.of("a");
        market.join(a);
        note(a, OutcomeKind.CRASHED);
        var log = new PostgresOfferLog();
        market.database.inTransaction(tx -> log.fresh(tx, market.jobs.now()));

        // when
        look(log);

        // then
        assertThat(log.read()).isEqualTo(2);
    }

    private OfferLog.Fresh look(PostgresOfferLog log) {
        var fresh = market.database.inTransaction(tx -> log.fresh(tx, market.jobs.now()));
        log.committed();
        return fresh;
    }

    private void note(SampleProvider provider, OutcomeKind kind) {
        market.database.transact(tx -> new PostgresRecordBook()
                .note(
                        tx,
                        List.of(new OutcomeNoted(
                                Ids.jobId(),
                                0,
                                provider.address(),
                                NumericClass.STRICT,
                                "strict",
                                kind,
                                market.jobs.now()))));
    }

    @Test
    void shouldReadTheBookAsItStoodAtAnyNumber() {
        // given
        market.join(SampleProvider.of("a"));
        market.match();
        market.join(SampleProvider.of("b"));
        market.match();
        var log = new PostgresOfferLog();

        // when
        var sizes = market.database.inTransaction(tx -> LongStream.rangeClosed(0, 4)
                .mapToObj(number -> new Recount(log.upTo(tx, number)).offers().size())
                .toList());

        // then
        assertThat(sizes.getFirst()).isZero();
        assertThat(sizes).isSorted().endsWith(2);
    }
}
