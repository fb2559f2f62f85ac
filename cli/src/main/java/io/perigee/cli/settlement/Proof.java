package io.perigee.cli.settlement;

import io.perigee.cli.ethereum.Call;
import io.perigee.cli.ethereum.EpochBook;
import io.perigee.protocol.epoch.EpochLedger;
import io.perigee.protocol.epoch.Finding;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import java.util.ArrayList;
import java.util.HashMap;
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
        for (var finding : findings) {
            var call = once(finding);
            if (call.isPresent()) {
                return Optional.of(new Accusation(finding, List.of(call.get())));
            }
        }
        return credit(findings);
    }

    private Optional<Call> once(Finding finding) {
        return switch (finding) {
            case Finding.OutOfOrder(int index) ->
                Optional.of(epochs.accuseLines(ledger, Math.max(0, index - 1), index + 1));
            case Finding.WrongDebit(int which, var _, var _) -> Optional.of(epochs.accuseDebit(ledger, which));
            case Finding.CreditTooLow _, Finding.CreditTooHigh _, Finding.AnotherRoot _, Finding.AnotherCount _ ->
                Optional.empty();
        };
    }

    /** Lines of an owner as far as they were read. */
    private static final class Shown {
        private final Finding.CreditTooLow finding;
        private final List<Integer> indices = new ArrayList<>();
        private Amount sum = Amount.ZERO;

        Shown(Finding.CreditTooLow finding) {
            this.finding = finding;
        }

        /** They come to more than the credit. */
        boolean proven() {
            return sum.compareTo(finding.credited()) > 0;
        }

        void add(int index, Amount amount) {
            indices.add(index);
            sum = sum.plus(amount);
        }
    }

    /**
     * As few of an owner's lines as come to more than its credit, by one pass over all lines, however many owners have too
     * little: up to the first whose lines fit one call, or else to the end.
     */
    private Optional<Accusation> credit(List<Finding> findings) {
        var owners = new HashMap<Address, Shown>();
        for (var finding : findings) {
            if (finding instanceof Finding.CreditTooLow low) {
                owners.put(low.owner(), new Shown(low));
            }
        }
        Shown best = null;
        for (int i = 0; i < ledger.lines().count() && !owners.isEmpty(); i++) {
            var shown = owners.get(ledger.lines().owner(i));
            if (shown == null) {
                continue;
            }
            shown.add(i, ledger.lines().line(i).amount());
            if (shown.proven()) {
                owners.remove(shown.finding.owner());
                best = best == null || shown.indices.size() < best.indices.size() ? shown : best;
                if (best.indices.size() <= LINES_AT_ONCE) {
                    break;
                }
            }
        }
        return Optional.ofNullable(best).map(shown -> new Accusation(shown.finding, calls(shown)));
    }

    private List<Call> calls(Shown shown) {
        var calls = new ArrayList<Call>();
        for (int from = 0; from < shown.indices.size(); from += LINES_AT_ONCE) {
            calls.add(epochs.accuseCredit(
                    ledger,
                    shown.finding.owner(),
                    shown.indices.subList(from, Math.min(from + LINES_AT_ONCE, shown.indices.size()))));
        }
        return calls;
    }
}
