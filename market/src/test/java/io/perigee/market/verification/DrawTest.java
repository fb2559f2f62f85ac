package io.perigee.market.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.perigee.protocol.id.Digest;
import io.perigee.protocol.result.Draw;
import io.perigee.protocol.spec.VerificationPolicy;
import io.perigee.testkit.sample.Parties;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DrawTest {
    private static final int RUNS = 8_000;

    @Test
    void shouldDrawFewOfTheKnownMoreOfNewcomersAndAllWhereAllMatters() {
        assertThat(AuditDepth.of(VerificationPolicy.AUDIT, 64, 9)).isEqualTo(4);
        assertThat(AuditDepth.of(VerificationPolicy.AUDIT, 64, 10)).isEqualTo(2);
        assertThat(AuditDepth.of(VerificationPolicy.AUDIT, 3, 0)).isEqualTo(3);
        assertThat(AuditDepth.of(VerificationPolicy.FULL_AUDIT, 64, 10)).isEqualTo(64);
        assertThat(AuditDepth.of(VerificationPolicy.REPLICATE, 64, 0)).isZero();
    }

    @Test
    void shouldGiveEverybodyTheSameSegmentsAndNobodyASecondDraw() {
        // given
        var seed = seed("one");

        // when
        var drawn = Draw.segments(seed, 10, 74, 4);

        // then
        assertThat(drawn).hasSize(4).isEqualTo(Draw.segments(seed, 10, 74, 4));
        assertThat(drawn).allSatisfy(border -> assertThat(border).isBetween(11, 74));
    }

    @Test
    void shouldChangeWithTheBlockTheSecretAndTheSeal() {
        var block = Parties.digest("block");
        var secret = Parties.digest("secret");
        var seal = Parties.digest("seal");
        assertThat(Set.of(
                        Draw.seed(block, secret, seal),
                        Draw.seed(secret, secret, seal),
                        Draw.seed(block, block, seal),
                        Draw.seed(block, secret, block)))
                .hasSize(4);
        assertThat(Draw.commitmentTo(secret)).isNotEqualTo(secret);
    }

    @Test
    void shouldDrawEverySegmentEquallyOften() {
        // given
        int n = 16;

        // when
        Map<Integer, Long> counts = IntStream.range(0, RUNS)
                .boxed()
                .flatMap(i -> Draw.segments(seed("run " + i), 0, n, 2).stream())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

        // then five standard deviations around 1000
        assertThat(counts).hasSize(n);
        assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(840L, 1_160L));
    }

    @Test
    void shouldCatchAPartialForgerAsOftenAsTheFormulaSays() {
        // given 16 of 64 segments forged: D = 1 - C(48,2)/C(64,2)
        double expected = 1 - 48.0 * 47 / (64 * 63);

        // when
        long caught = IntStream.range(0, RUNS)
                .filter(i -> Draw.segments(seed("forger " + i), 0, 64, 2).first() <= 16)
                .count();

        // then
        assertThat((double) caught / RUNS).isCloseTo(expected, within(0.03));
    }

    @Test
    void shouldAuditEverythingWhenTheSecretIsWithheld() {
        assertThat(Draw.all(2, 5)).containsExactly(3, 4, 5);
        assertThatThrownBy(() -> Draw.segments(seed("x"), 2, 5, 4)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Digest seed(String name) {
        return Draw.seed(Parties.digest("block"), Parties.digest("secret"), Parties.digest(name));
    }
}
