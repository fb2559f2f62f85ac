package io.perigee.cli.ethereum;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.contracts.Court;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.AbiWords;
import io.perigee.testkit.sample.Parties;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.web3j.abi.EventEncoder;
import org.web3j.abi.datatypes.Event;
import org.web3j.protocol.core.methods.response.Log;
import org.web3j.utils.Numeric;

class CaseFoldTest {
    private static final Address SOMEBODY = Parties.key("somebody").address();
    private static final Address JUDGE = Parties.key("judge").address();

    private static final Duration WINDOW = Duration.ofHours(8);
    private static final Instant LATER = Instant.EPOCH.plus(Duration.ofHours(30));

    private final CaseFold folding = new CaseFold(
            WINDOW,
            log -> log.getTopics().getFirst().equals(EventEncoder.encode(Court.CALLEDAGAIN_EVENT))
                    ? LATER
                    : Instant.EPOCH);

    @Test
    void shouldReadTheLastBorderThatTheContractTakes() {
        // when
        var found = folding.of(List.of(opened(7, (1L << 32) - 1)));

        // then
        assertThat(found).map(CaseState::border).contains((1L << 32) - 1);
    }

    @Test
    void shouldReadAllCasesButThoseThatItCannot() {
        // given: case 8 came to what no court of this release comes to
        var events = new TreeMap<BigInteger, List<Log>>();
        events.put(BigInteger.valueOf(7), List.of(opened(7, 1)));
        events.put(BigInteger.valueOf(8), List.of(opened(8, 1), closed(8, 9)));
        events.put(BigInteger.valueOf(9), List.of(opened(9, 1)));

        // when
        var cases = folding.each(events);

        // then
        assertThat(cases.found()).extracting(CaseState::id).containsExactly(7L, 9L);
        assertThat(cases.unreadable()).containsOnlyKeys(BigInteger.valueOf(8));
    }

    @Test
    void shouldSeatNobodyOnceTheCaseIsCalledAgain() {
        // given
        var events = List.of(opened(7, 1), drawn(7, JUDGE), calledAgain(7, 2));

        // when
        var found = folding.of(events).orElseThrow();

        // then
        assertThat(found.court()).isEqualTo(2);
        assertThat(found.drawn()).isFalse();
        assertThat(found.seats()).isEmpty();
    }

    @Test
    void shouldCountASecondCourtsTimesFromItsCall() {
        // given
        var found = folding.of(List.of(opened(7, 1), drawn(7, JUDGE), calledAgain(7, 2)))
                .orElseThrow();

        // when, then
        assertThat(found.drawnByAnybodyFrom()).isEqualTo(LATER.plus(WINDOW.dividedBy(8)));
        assertThat(found.stage(LATER)).isEqualTo(CaseState.Stage.TO_DRAW);
        assertThat(found.until(LATER)).isEqualTo(LATER.plus(WINDOW));
        assertThat(found.stage(LATER.plus(WINDOW))).isEqualTo(CaseState.Stage.TO_CLOSE);
    }

    @Test
    void shouldLetAnybodyDrawAtOnceWhatADrawFoundTooFewFor() {
        // given
        var found = folding.of(List.of(opened(7, 1), calledAgain(7, 1))).orElseThrow();

        // when, then
        assertThat(found.drawnByAnybodyFrom()).isEqualTo(Instant.EPOCH);
        assertThat(found.until(Instant.EPOCH)).isEqualTo(Instant.EPOCH.plus(WINDOW));
    }

    @Test
    void shouldTellWhoIsSeatedWithoutFolding() {
        // given
        var events = List.of(opened(7, 1), drawn(7, JUDGE));

        // when, then
        assertThat(CaseFold.seats(events, JUDGE)).isTrue();
        assertThat(CaseFold.seats(events, SOMEBODY)).isFalse();
    }

    private static Log opened(long id, long border) {
        var dispute = new AbiWords()
                .number(border)
                .digest(Digest.ZERO)
                .digest(Digest.ZERO)
                .digest(Digest.ZERO)
                .digest(Digest.ZERO)
                .digest(Digest.ZERO)
                .address(SOMEBODY)
                .address(SOMEBODY)
                .address(SOMEBODY)
                .address(SOMEBODY)
                .number(1);
        return log(Court.OPENED_EVENT, dispute, id, 0, 0);
    }

    /** Its court, its judges' place, until when they commit; then the one judge. */
    private static Log drawn(long id, Address judge) {
        return log(
                Court.DRAWN_EVENT,
                new AbiWords()
                        .number(1)
                        .digest(Digest.ZERO)
                        .number(128)
                        .number(60)
                        .number(1)
                        .address(judge),
                id);
    }

    private static Log calledAgain(long id, int court) {
        return log(Court.CALLEDAGAIN_EVENT, new AbiWords().number(court).number(9), id);
    }

    private static Log closed(long id, int outcome) {
        return log(Court.CLOSED_EVENT, new AbiWords().number(outcome).number(0), id);
    }

    private static Log log(Event event, AbiWords data, long... topics) {
        var log = new Log();
        var all = new java.util.ArrayList<>(List.of(EventEncoder.encode(event)));
        for (long topic : topics) {
            all.add("0x%064x".formatted(topic));
        }
        log.setTopics(all);
        log.setData(Numeric.toHexString(data.bytes()));
        log.setBlockNumber("0x1");
        return log;
    }
}
