package io.perigee.market.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.market.verification.Tolerance.Distance;
import io.perigee.market.verification.Tolerance.Substitute;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The distances are those measured of a model of 135 M parameters between AVX-512 and AVX2 kernels. */
class ToleranceTest {
    private static final Substitute RATE = new Substitute("learning rate x0.9999", new Distance(68_000, 240), false);
    private static final Substitute SKIP = new Substitute("a step skipped", new Distance(310_000_000, 90_000), true);
    private static final Substitute BASE = new Substitute("base of 16 bits", new Distance(120_000, 1_000), true);

    @Test
    void shouldSayWhichCheatsItCouldNotHaveSeen() {
        // given
        var tolerance = Tolerance.calibrated(honest(42_000, 2_300), List.of(RATE, SKIP), 200_000);

        // when
        var likeness = tolerance.compare(new Distance(50_000, 2_000));

        // then
        assertThat(likeness).isEqualTo(new Tolerance.Likeness(true, List.of(RATE)));
        assertThat(tolerance.usable()).isTrue();
    }

    @Test
    void shouldTellASkippedStepAndASingleWildElement() {
        var tolerance = Tolerance.calibrated(honest(42_000, 2_300), List.of(RATE, SKIP), 200_000);
        assertThat(tolerance.compare(SKIP.least()).alike()).isFalse();
        assertThat(tolerance.compare(new Distance(40_000, 9_201)).alike()).isFalse();
    }

    @Test
    void shouldNotUseAPairOfClassesThatLetsAThiefPass() {
        assertThat(Tolerance.calibrated(honest(42_000, 2_300), List.of(BASE), 200_000)
                        .usable())
                .isFalse();
    }

    @Test
    void shouldNeverAllowAnElementMoreThanTheLearningRateDoes() {
        assertThat(Tolerance.calibrated(honest(42_000, 90_000), List.of(), 200_000)
                        .element())
                .isEqualTo(200_000);
    }

    @Test
    void shouldNotCalibrateFromFewPairs() {
        var few = honest(1, 1).subList(0, Tolerance.LEAST_PAIRS - 1);
        assertThatThrownBy(() -> Tolerance.calibrated(few, List.of(), 1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<Distance> honest(long widestSketch, long widestElement) {
        var pairs = new ArrayList<Distance>();
        for (int i = 1; i <= Tolerance.LEAST_PAIRS; i++) {
            pairs.add(
                    new Distance(widestSketch * i / Tolerance.LEAST_PAIRS, widestElement * i / Tolerance.LEAST_PAIRS));
        }
        return pairs;
    }
}
