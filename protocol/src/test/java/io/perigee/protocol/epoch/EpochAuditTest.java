package io.perigee.protocol.epoch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The settler that lies: each lie is found, and with it the lines that prove it. */
class EpochAuditTest {
    private static final Lines LINES = SampleEpoch.lines(11, 60);
    private static final Accounts ACCOUNTS = Accounts.of(LINES);
    private static final Digest ROOT = LineTree.of(LINES).root();

    @Test
    void shouldFindNothingInATrueEpoch() {
        assertThat(EpochAudit.findings(LINES, ROOT, ACCOUNTS)).isEmpty();
    }

    @Test
    void shouldFindAFileOfAnotherRootAndAnotherCount() {
        // when
        var found = EpochAudit.findings(SampleEpoch.lines(11, 59), ROOT, ACCOUNTS);

        // then
        assertThat(found)
                .hasAtLeastOneElementOfType(Finding.AnotherRoot.class)
                .contains(new Finding.AnotherCount(60, 59));
    }

    @Test
    void shouldAskNoCreditsOfLinesThatAreNotThosePosted() {
        // when: nobody of the file is credited
        var found = EpochAudit.findings(LINES, Digest.ZERO, new Accounts(ACCOUNTS.debits(), List.of()));

        // then
        assertThat(found).containsExactly(new Finding.AnotherRoot(Digest.ZERO, ROOT));
    }

    @Test
    void shouldFindALineTwice() {
        // given
        var rows = LINES.rows().clone();
        System.arraycopy(rows, Lines.at(5), rows, Lines.at(6), Lines.WIDTH);

        // then
        assertThat(findings(rows)).contains(new Finding.OutOfOrder(6));
    }

    @Test
    void shouldFindAWrongSumAndAWrongFirstSum() {
        // given
        var rows = LINES.rows().clone();
        rows[Lines.at(0) + Lines.WIDTH - 1]++;

        // then
        assertThat(findings(rows)).contains(new Finding.OutOfOrder(0), new Finding.OutOfOrder(1));
    }

    @Test
    void shouldFindADebitThatItsLinesDoNotComeTo() {
        // given
        var debits = new ArrayList<>(ACCOUNTS.debits());
        var last = debits.removeLast();
        var more = new Debit(last.builder(), last.lines(), last.amount().plus(Amount.of(1)));
        debits.add(more);

        // when
        var found = EpochAudit.findings(LINES, ROOT, new Accounts(debits, ACCOUNTS.credits()));

        // then
        assertThat(found).containsExactly(new Finding.WrongDebit(debits.size() - 1, more, last.amount()));
    }

    @Test
    void shouldFindTheOwnerLeftOutAndTheOneWhoHasItsMoney() {
        // given
        var credits = new ArrayList<>(ACCOUNTS.credits());
        var left = credits.removeFirst();
        var thief = new Credit(Address.parse("0x" + "ff".repeat(20)), left.amount());
        credits.add(thief);

        // when
        var found = EpochAudit.findings(LINES, ROOT, new Accounts(ACCOUNTS.debits(), credits));

        // then
        assertThat(found)
                .containsExactly(
                        new Finding.CreditTooLow(left.owner(), Amount.ZERO, left.amount()),
                        new Finding.CreditTooHigh(thief.owner(), thief.amount(), Amount.ZERO));
    }

    @Test
    void shouldReadLinesThatComeToMoreThanFits() {
        // given
        var lines = SampleEpoch.lines(11, 4_000);
        var rows = lines.rows().clone();
        for (int i = 0; i < lines.count(); i++) {
            rows[Lines.at(i) + Lines.AMOUNT] = (byte) 0xff;
        }
        var large = new Lines(rows, lines.count());

        // then
        assertThat(EpochAudit.findings(large, LineTree.of(large).root(), Accounts.of(lines)))
                .hasAtLeastOneElementOfType(Finding.OutOfOrder.class);
        assertThat(Accounts.of(large).fit()).isFalse();
    }

    @Test
    void shouldRefuseAccountsInAnyOtherForm() {
        // given
        var bytes = ACCOUNTS.encoded();

        // then
        assertThatThrownBy(() -> Accounts.decode(Arrays.copyOf(bytes, bytes.length - 1)))
                .isInstanceOf(InvalidValue.class);
        assertThatThrownBy(() -> Accounts.decode(Arrays.copyOf(bytes, bytes.length + 32)))
                .isInstanceOf(InvalidValue.class);
        assertThatThrownBy(() -> Accounts.decode(new byte[0])).isInstanceOf(InvalidValue.class);
        bytes[2 * 32] = 1;
        assertThatThrownBy(() -> Accounts.decode(bytes)).isInstanceOf(InvalidValue.class);
    }

    private static List<Finding> findings(byte[] rows) {
        var lines = new Lines(rows, LINES.count());
        return EpochAudit.findings(lines, LineTree.of(lines).root(), Accounts.of(lines));
    }
}
