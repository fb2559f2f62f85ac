package io.perigee.market.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.id.Digest;
import io.perigee.protocol.result.Opening;
import io.perigee.protocol.result.SegmentHashes;
import io.perigee.testkit.sample.Parties;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PrefixesTest {

    @Test
    void shouldFindTheHighestBorderThatAQuorumSealed() {
        assertThat(Prefixes.highest(List.of(sealed(0, 1, 2, 3), sealed(1, 1, 2)), 2))
                .contains(new Prefixes.Prefix(2, List.of(0, 1)));
        assertThat(Prefixes.highest(List.of(sealed(0, 1, 3), sealed(1, 2)), 2)).isEmpty();
        assertThat(Prefixes.highest(List.of(sealed(0, 4)), 1)).contains(new Prefixes.Prefix(4, List.of(0)));
        assertThat(Prefixes.highest(List.of(), 1)).isEmpty();
    }

    @Test
    void shouldStopBeforeTheFirstKnownDifference() {
        assertThat(Prefixes.highest(List.of(open(0, 9), open(1, 3)), 2))
                .contains(new Prefixes.Prefix(2, List.of(0, 1)));
        assertThat(Prefixes.highest(List.of(open(0, 9), open(1, 1)), 2)).isEmpty();
    }

    @Test
    void shouldLeaveOutWhoIsKnownToDiffer() {
        assertThat(Prefixes.highest(List.of(open(0, 9), open(1, 1), sealed(2, 1, 2)), 2))
                .contains(new Prefixes.Prefix(2, List.of(0, 2)));
    }

    @Test
    void shouldTellOutputsApartUnderOneRoot() {
        // given equal leaves with other outputs
        var one = open(0, 9);
        var other = new Prefixes.Runner(
                1, Parties.key("o1").address(), one.sealed(), one.leaves(), Map.of(4, opening("other outputs")));

        // when
        var prefix = Prefixes.highest(List.of(one, other), 2);

        // then
        assertThat(prefix).contains(new Prefixes.Prefix(3, List.of(0, 1)));
    }

    private static Prefixes.Runner sealed(int attempt, Integer... borders) {
        return new Prefixes.Runner(
                attempt,
                Parties.key("o" + attempt).address(),
                new TreeSet<>(Arrays.asList(borders)),
                List.of(),
                Map.of());
    }

    /** Sealed and opened up to border 4; honest before {@code lieFrom}. */
    private static Prefixes.Runner open(int attempt, int lieFrom) {
        var leaves = IntStream.rangeClosed(1, 4)
                .mapToObj(border -> {
                    var content = Parties.content((border < lieFrom ? "honest " : "forged ") + border);
                    return new SegmentHashes(border, content, content, content, content);
                })
                .toList();
        return new Prefixes.Runner(
                attempt,
                Parties.key("o" + attempt).address(),
                IntStream.rangeClosed(1, 4).boxed().collect(Collectors.toCollection(TreeSet::new)),
                leaves,
                Map.of(4, opening(lieFrom > 4 ? "honest" : "forged")));
    }

    private static Opening opening(String flavour) {
        return new Opening(Parties.digest("root"), 4, Parties.digest(flavour), Digest.ZERO);
    }
}
