package io.perigee.market.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.protocol.result.Draw;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class StretchTest {

    @Test
    void shouldRunNothingElseWhereEachSegmentHasItsAuditor() {
        assertThat(Stretch.deal(segments(3, 9, 64), 3))
                .containsExactly(new Stretch(2, 3), new Stretch(8, 9), new Stretch(63, 64));
    }

    @Test
    void shouldCutAtTheWidestGaps() {
        assertThat(Stretch.deal(segments(3, 5, 40, 44, 64), 2)).containsExactly(new Stretch(2, 5), new Stretch(39, 64));
        assertThat(Stretch.deal(segments(3, 5, 40, 44, 64), 3))
                .containsExactly(new Stretch(2, 5), new Stretch(39, 44), new Stretch(63, 64));
    }

    @Test
    void shouldHalveWhatHasNoGaps() {
        assertThat(Stretch.deal(Draw.all(0, 8), 2)).containsExactly(new Stretch(0, 4), new Stretch(4, 8));
    }

    @Test
    void shouldDealEverySegmentToExactlyOneHoweverManyThereAre() {
        var drawn = segments(1, 2, 7, 19, 20, 33);
        for (int auditors = 1; auditors <= drawn.size(); auditors++) {
            var deal = Stretch.deal(drawn, auditors);
            assertThat(deal).hasSize(auditors);
            for (int segment : drawn) {
                assertThat(deal).filteredOn(stretch -> stretch.covers(segment)).hasSize(1);
            }
        }
    }

    @Test
    void shouldRefuseToDealToNobodyOrToMoreThanThereIs() {
        assertThatThrownBy(() -> Stretch.deal(segments(1, 2), 0)).hasMessageContaining("Expected to deal 2 segments");
        assertThatThrownBy(() -> Stretch.deal(segments(1, 2), 3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Stretch(2, 2)).hasMessageContaining("at least one segment");
    }

    private static SortedSet<Integer> segments(Integer... borders) {
        return new TreeSet<>(List.of(borders));
    }
}
