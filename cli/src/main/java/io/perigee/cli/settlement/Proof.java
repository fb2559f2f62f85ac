package io.perigee.cli.settlement;

import io.perigee.cli.ethereum.Call;
import io.perigee.cli.ethereum.EpochBook;
import io.perigee.protocol.epoch.EpochLedger;
import io.perigee.protocol.epoch.Finding;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Turns what is wrong with an epoch into the calls that prove it to the contract. */
final class Proof {
    /** Lines of an owner in one call: with proofs of a tree of a million lines, 83 kB. */
    private static final int LINES_AT_ONCE = 100;

    private final EpochBook epochs;
    private final EpochLedger ledger;

    /**
     * A finding that can be proven.
     *
     * @param calls in their order; the last one ends the epoch
     */
    record Accusation(Finding finding, List<Call> calls) {}

    Proof(EpochBook epochs, EpochLedger ledger) {
        this.epochs = epochs;
        this.ledger = ledger;
    }

    /** The cheapest that there is. Of a false epoch one is always there: what one owner has too much another has too little. */
    Optional<Accusation> of(List<Finding> findings) {
        return findings.stream()
                .map(finding -> new Accusation(finding, calls(finding)))
                .filter(accusation -> !accusation.calls().isEmpty())
                .reduce((one, other) -> other.calls().size() < one.calls().size() ? other : one);
    }

    private List<Call> calls(Finding finding) {
        return switch (finding) {
            case Finding.OutOfOrder(int index) ->
                List.of(epochs.accuseLines(ledger, Math.max(0, index - 1), index + 1));
            case Finding.WrongDebit(int which, var _, var _) -> List.of(epochs.accuseDebit(ledger, which));
            case Finding.CreditTooLow(var owner, var credited, var _) -> shown(owner, credited);
            case Finding.CreditTooHigh _, Finding.AnotherRoot _, Finding.AnotherCount _ -> List.of();
        };
    }

    /** As few of the owner's lines as come to more than its credit. */
    private List<Call> shown(Address owner, Amount credited) {
        var indices = new ArrayList<Integer>();
        var sum = Amount.ZERO;
        for (int i = 0; i < ledger.lines().count() && sum.compareTo(credited) <= 0; i++) {
            if (ledger.lines().owner(i).equals(owner)) {
                indices.add(i);
                sum = sum.plus(ledger.lines().line(i).amount());
            }
        }
        var calls = new ArrayList<Call>();
        for (int from = 0; from < indices.size(); from += LINES_AT_ONCE) {
            calls.add(epochs.accuseCredit(
                    ledger, owner, indices.subList(from, Math.min(from + LINES_AT_ONCE, indices.size()))));
        }
        return calls;
    }
}
