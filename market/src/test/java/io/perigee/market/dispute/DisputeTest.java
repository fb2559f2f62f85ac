package io.perigee.market.dispute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.market.dispute.Bench.Ruling;
import io.perigee.market.dispute.Bisection.Party;
import io.perigee.protocol.id.Digest;
import io.perigee.testkit.sample.Parties;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DisputeTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration LATE = Bisection.ROUND.plusSeconds(1);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 33, 63, 64})
    void shouldFindTheSameSegmentByListsAndByHalving(int lie) {
        // given a run that differs from segment lie on
        var bisection = Bisection.open(0, 64, NOW);
        int rounds = 0;

        // when
        while (bisection.found().isEmpty()) {
            var middle = bisection.middle();
            bisection = bisection.said(Party.ONE, root(middle, 65), NOW).said(Party.OTHER, root(middle, lie), NOW);
            rounds++;
        }

        // then
        assertThat(bisection.found()).contains(lie);
        assertThat(rounds).isEqualTo(6);
        assertThat(LeafLists.firstDifference(0, leaves(65), leaves(lie))).contains(lie);
    }

    @Test
    void shouldSayThatEqualListsDoNotDiffer() {
        assertThat(LeafLists.firstDifference(4, leaves(65), leaves(65))).isEmpty();
        assertThat(LeafLists.firstDifference(4, leaves(65), leaves(1))).contains(5);
        assertThatThrownBy(() -> LeafLists.firstDifference(0, leaves(65), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldMakeWhoIsSilentLose() {
        // given
        var asked = Bisection.open(0, 64, NOW).said(Party.ONE, root(32, 65), NOW);

        // then
        assertThat(asked.silent(NOW)).isEmpty();
        assertThat(asked.silent(NOW.plus(LATE))).containsExactly(Party.OTHER);
        assertThat(Bisection.open(0, 64, NOW).silent(NOW.plus(LATE))).containsExactly(Party.ONE, Party.OTHER);
        assertThat(Bisection.open(3, 4, NOW).silent(NOW.plus(LATE))).isEmpty();
    }

    @Test
    void shouldNotListenToAWordThatIsLateOrChanged() {
        // given
        var asked = Bisection.open(0, 64, NOW).said(Party.ONE, root(32, 65), NOW);

        // then
        assertThat(asked.said(Party.ONE, root(32, 1), NOW)).isEqualTo(asked);
        assertThat(asked.said(Party.OTHER, root(32, 1), NOW.plus(LATE))).isEqualTo(asked);
        var found = Bisection.open(3, 4, NOW);
        assertThat(found.said(Party.ONE, root(3, 1), NOW)).isEqualTo(found);
    }

    @Test
    void shouldTakeAStakeOnlyByFourOfFiveThenSevenOfNine() {
        assertThat(ruling(Bench.FIRST, 4, 1)).isEqualTo(Ruling.FOR_ONE);
        assertThat(ruling(Bench.FIRST, 1, 4)).isEqualTo(Ruling.FOR_OTHER);
        assertThat(ruling(Bench.FIRST, 3, 2)).isEqualTo(Ruling.APPEAL);
        assertThat(ruling(Bench.SECOND, 7, 2)).isEqualTo(Ruling.FOR_ONE);
        assertThat(ruling(Bench.SECOND, 6, 3)).isEqualTo(Ruling.NOBODY);
        assertThat(Bench.SECOND.judges()).isEqualTo(9);
        assertThat(Bench.FIRST.needed()).isEqualTo(4);
    }

    private static Ruling ruling(Bench bench, int forOne, int forOther) {
        var one = Parties.digest("one");
        var other = Parties.digest("other");
        return bench.ruling(
                one,
                other,
                Stream.concat(Collections.nCopies(forOne, one).stream(), Collections.nCopies(forOther, other).stream())
                        .toList());
    }

    private static List<Digest> leaves(int lie) {
        return IntStream.rangeClosed(1, 64)
                .mapToObj(border -> Parties.digest((border < lie ? "true " : "forged ") + border))
                .toList();
    }

    private static Digest root(int border, int lie) {
        return Parties.digest((border < lie ? "true root " : "forged root ") + border);
    }
}
