package io.perigee.market.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.matching.FairShare.Claim;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.JobId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FairShareTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final long PATIENCE = FairShare.PATIENCE.toSeconds();

    @Test
    void shouldServeTheLongestWaitingOfThoseWhoHoldTheSame() {
        var claims = List.of(claim(1, 1, 3), claim(2, 2, 1), claim(3, 3, 2));

        assertThat(order(claims, Map.of())).containsExactly(2, 3, 1);
    }

    @Test
    void shouldNotLetAFloodKeepOthersOut() {
        // given a thousand jobs of one builder, and one of another that came a second later
        var claims = new ArrayList<>(
                IntStream.range(0, 1_000).mapToObj(at -> claim(at, 1, 0)).toList());
        claims.add(claim(1_000, 2, 1));

        // when
        var order = order(claims, Map.of());

        // then
        assertThat(order.indexOf(1_000)).isEqualTo(1);
    }

    /** Its run is done and unpaid; whatever its builder holds by now, it had its turn. */
    @Test
    void shouldPutAuditsFirstAndThemInTheOrderOfTheirJobs() {
        var claims = List.of(claim(1, 1, 0), audit(2, 2, 9), audit(3, 3, 8));

        assertThat(order(claims, Map.of(builder(2), 50, builder(3), 50))).containsExactly(3, 2, 1);
    }

    @Test
    void shouldPutWhoHoldsMuchBehindWhoHoldsLittle() {
        var claims = List.of(claim(1, 1, 0), claim(2, 2, 5));

        assertThat(order(claims, Map.of(builder(1), 4))).containsExactly(2, 1);
        assertThat(order(claims, Map.of(builder(1), 4, builder(2), 4))).containsExactly(1, 2);
    }

    @Test
    void shouldStarveNobodyHoweverManyNewNamesCome() {
        // given a builder that holds ten units, and a stranger with a new name every second
        int held = 10;
        var claims = new ArrayList<>(List.of(claim(0, 1, 0)));
        IntStream.rangeClosed(1, 1_000).forEach(second -> claims.add(claim(second, 1 + second, second)));

        // when
        var order = order(claims, Map.of(builder(1), held));

        // then only those pass it that came within ten patiences
        assertThat(order.subList(0, order.indexOf(0))).hasSizeLessThanOrEqualTo((int) (held * PATIENCE));
        assertThat(order.subList(order.indexOf(0) + 1, order.size())).contains((int) (held * PATIENCE) + 1);
    }

    @Test
    void shouldOrderEqualsByASeedThatFavoursNobody() {
        // given two builders that ask at once, again and again
        int first = 0;
        for (int round = 0; round < 2_000; round++) {
            var claims = List.of(claim(2 * round, 1, 0), claim(2 * round + 1, 2, 0));
            first += order(claims, Map.of()).getFirst() % 2;
        }

        assertThat(first).isBetween(880, 1_120);
    }

    @Test
    void shouldNotDependOnTheOrderInWhichClaimsAreGiven() {
        // given
        var random = new Random(7);
        var claims = new ArrayList<>(IntStream.range(0, 300)
                .mapToObj(at -> claim(at, random.nextInt(9), random.nextInt(20)))
                .toList());
        var expected = order(claims, Map.of(builder(3), 2));

        // when
        Collections.shuffle(claims, random);

        // then
        assertThat(order(claims, Map.of(builder(3), 2))).isEqualTo(expected);
    }

    private static List<Integer> order(List<Claim> claims, Map<Address, Integer> held) {
        return FairShare.order(claims, held).stream()
                .map(claim -> (int) claim.job().value().getLeastSignificantBits())
                .toList();
    }

    private static Claim audit(int number, int builder, int second) {
        var claim = claim(number, builder, second);
        return new Claim(claim.job(), claim.builder(), claim.since(), true, claim.units());
    }

    private static Claim claim(int number, int builder, int second) {
        return new Claim(
                new JobId(new UUID(0x7000L, Long.MIN_VALUE | number)),
                builder(builder),
                NOW.plusSeconds(second),
                false,
                2);
    }

    private static Address builder(int number) {
        return Address.parse("0x%040x".formatted(number + 1));
    }
}
