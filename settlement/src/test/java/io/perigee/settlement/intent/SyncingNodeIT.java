package io.perigee.settlement.intent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.perigee.protocol.id.Address;
import io.perigee.settlement.chain.Block;
import io.perigee.settlement.chain.ChainReader;
import io.perigee.settlement.chain.ChainSender;
import io.perigee.settlement.chain.ChainUnavailable;
import io.perigee.settlement.chain.Inclusion;
import io.perigee.settlement.testing.Market;
import io.perigee.settlement.watch.PassingReader;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that was started anew and has read nothing of the chain yet, or less than we know. */
class SyncingNodeIT {
    private static final int HISTORY = 300;
    private static final long BLOCK = 1_000_000;

    private WriterBench bench;

    @BeforeEach
    void start() {
        bench = new WriterBench();
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void shouldTakeNothingBackForANodeThatKnowsLessThanWeDo() {
        // given
        confirmedLongAgo();

        // when
        var fault = catchThrowable(bench.writer(new AtBegin(bench.reader), new Blank(bench.sender))::step);

        // then
        assertThat(confirmed()).isEqualTo(HISTORY);
        assertThat(fault).isInstanceOf(ChainUnavailable.class).hasMessageContaining("" + BLOCK);
    }

    @Test
    void shouldSignNothingBeforeANodeKnowsWhatTheWatcherHasConfirmed() {
        // given
        bench.database.transact(tx -> tx.execute("INSERT INTO chain_cursor (confirmed) VALUES ($1)", BLOCK));
        var purpose = bench.plan();

        // when
        var fault = catchThrowable(bench.writer()::step);

        // then
        assertThat(fault).isInstanceOf(ChainUnavailable.class).hasMessageContaining("" + BLOCK);
        assertThat(bench.intent(purpose).state()).isEqualTo(IntentState.PLANNED);
    }

    private void confirmedLongAgo() {
        bench.database.transact(
                tx -> Stream.iterate(0L, n -> n + 1).limit(HISTORY).forEach(nonce -> {
                    var purpose = new Purpose("direct:" + nonce);
                    var word = Market.word(purpose.key());
                    IntentBook.plan(
                            tx,
                            purpose,
                            Optional.empty(),
                            WriterBench.HARMLESS,
                            bench.clock.instant(),
                            Optional.empty());
                    IntentBook.sent(tx, purpose, bench.market.payer.address(), nonce, bench.clock.instant());
                    IntentBook.confirmed(tx, purpose, new Inclusion(word, BLOCK, word, true, 1), bench.clock.instant());
                }));
    }

    private long confirmed() {
        return bench.database
                .inTransaction(tx -> tx.queryOne("SELECT count(*) AS n FROM intent WHERE state = 'CONFIRMED'"))
                .orElseThrow()
                .number("n");
    }

    private static final class AtBegin extends PassingReader {
        AtBegin(ChainReader real) {
            super(real);
        }

        @Override
        public Block head() {
            return super.block(0).orElseThrow();
        }
    }

    private static final class Blank extends PassingSender {
        Blank(ChainSender real) {
            super(real);
        }

        @Override
        public long minedCount(Address sender, long block) {
            return 0;
        }
    }
}
