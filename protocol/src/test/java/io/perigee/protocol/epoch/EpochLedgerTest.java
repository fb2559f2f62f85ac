package io.perigee.protocol.epoch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class EpochLedgerTest {
    private static final Address ONE = Address.parse("0x" + "11".repeat(20));
    private static final Digest ORDER = Digest.parse("0x" + "22".repeat(32));

    @Test
    void shouldProveEveryLineAtItsPlaceWhateverTheirNumber() {
        for (int count = 1; count <= 70; count++) {
            // given
            var lines = SampleEpoch.lines(count, count);

            // when
            var ledger = EpochLedger.of(SampleEpoch.ID, lines);

            // then
            for (int i = 0; i < count; i++) {
                assertThat(climb(lines.line(i), i, ledger.proof(i)))
                        .isEqualTo(ledger.content().root());
            }
        }
    }

    @Test
    void shouldSortThousandsAsObjectsWouldBeSorted() {
        // given
        var collector = SampleEpoch.collector(5, 20_000);

        // when
        var lines = collector.lines();

        // then
        var all = lines.range(0, lines.count());
        assertThat(all)
                .isSortedAccordingTo(Comparator.comparing(Line::builder)
                        .thenComparing(Line::orderHash)
                        .thenComparing(Line::assignmentHash));
        assertThat(EpochAudit.findings(lines, LineTree.of(lines).root(), Accounts.of(lines)))
                .isEmpty();
    }

    @Test
    void shouldBalanceAccounts() {
        // when
        var accounts = Accounts.of(SampleEpoch.lines(3, 5_000));

        // then
        var credited = accounts.credits().stream().map(Credit::amount).reduce(Amount.ZERO, Amount::plus);
        assertThat(accounts.total()).isEqualTo(credited);
        assertThat(accounts.lines()).isEqualTo(5_000);
        assertThat(accounts.fit()).isTrue();
    }

    @Test
    void shouldShowAnOrderWithTheLinesAroundIt() {
        // given
        var ledger = EpochLedger.of(SampleEpoch.ID, SampleEpoch.lines(4, 40));
        var line = ledger.lines().line(10);

        // when
        var shown = ledger.stretchOf(line.builder(), line.orderHash());

        // then
        assertThat(ledger.pays(line.builder(), line.orderHash())).isTrue();
        assertThat(shown.from()).isEqualTo(9);
        assertThat(shown.lines()).containsExactlyElementsOf(ledger.lines().range(9, 13));
        assertThat(shown.proofs()).hasSize(4 * 6);
    }

    @Test
    void shouldShowTheGapWhereAnOrderWouldStand() {
        // given
        var ledger = EpochLedger.of(SampleEpoch.ID, SampleEpoch.lines(4, 40));
        var builder = ledger.lines().builder(0);

        // when
        var first = ledger.stretchOf(Address.ZERO, ORDER);
        var within = ledger.stretchOf(builder, ORDER);

        // then
        assertThat(ledger.pays(builder, ORDER)).isFalse();
        assertThat(first.lines()).containsExactly(ledger.lines().line(0));
        assertThat(within.lines()).hasSizeBetween(1, 2);
    }

    @Test
    void shouldRefuseAnAssignmentPaidTwice() {
        // given
        var collector = new LineCollector();
        collector.add(ONE, ORDER, ORDER, ONE, Amount.of(1));
        collector.add(ONE, ORDER, ORDER, ONE, Amount.of(2));

        // then
        assertThatThrownBy(collector::lines)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("twice");
    }

    @Test
    void shouldRefuseSumsThatDoNotFit() {
        // given
        var collector = new LineCollector();
        var most = new Amount(BigInteger.TWO.pow(120).subtract(BigInteger.ONE));
        for (int i = 0; i < 257; i++) {
            collector.add(ONE, ORDER, Keccak256.hash(new byte[] {(byte) i, (byte) (i >> 8)}), ONE, most);
        }

        // then
        assertThatThrownBy(collector::lines).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> collector.add(ONE, ORDER, ORDER, ONE, most.plus(Amount.of(1))))
                .isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> collector.add(ONE, ORDER, ORDER, ONE, Amount.ZERO))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void shouldHaveNoTreeWithoutLines() {
        assertThatThrownBy(() -> LineTree.of(new LineCollector().lines())).isInstanceOf(IllegalArgumentException.class);
    }

    private static Digest climb(Line line, int index, List<Digest> proof) {
        var node = Keccak256.hash(
                line.builder().bytes(),
                line.orderHash().bytes(),
                line.assignmentHash().bytes(),
                line.owner().bytes(),
                number(line.amount(), 15),
                number(line.sum(), 16));
        for (int level = 0; level < proof.size(); level++) {
            var sibling = proof.get(level);
            node = (index >>> level & 1) == 0
                    ? Keccak256.hash(node.bytes(), sibling.bytes())
                    : Keccak256.hash(sibling.bytes(), node.bytes());
        }
        return node;
    }

    private static byte[] number(Amount amount, int width) {
        return HexFormat.of().parseHex(("%0" + 2 * width + "x").formatted(amount.value()));
    }
}
