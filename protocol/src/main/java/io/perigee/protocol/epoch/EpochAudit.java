package io.perigee.protocol.epoch;

import io.perigee.protocol.id.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Compares what was posted with what a file's lines come to. Whether each line could be paid by {@code direct} is not asked here. */
public final class EpochAudit {
    /** So many lines out of order are told of; one is enough to accuse. */
    private static final int MOST = 20;

    private EpochAudit() {}

    /**
     * Everything wrong; empty when the epoch is what its lines say.
     *
     * @param root as it was posted
     * @param accounts as they were posted
     */
    public static List<Finding> findings(Lines lines, Digest root, Accounts accounts) {
        var found = new ArrayList<Finding>();
        var computed = LineTree.of(lines).root();
        if (!computed.equals(root)) {
            found.add(new Finding.AnotherRoot(root, computed));
        }
        if (accounts.lines() != lines.count()) {
            found.add(new Finding.AnotherCount(accounts.lines(), lines.count()));
        }
        outOfOrder(lines, found);
        debits(lines, accounts, found);
        credits(lines, accounts, found);
        return List.copyOf(found);
    }

    private static void outOfOrder(Lines lines, List<Finding> found) {
        int told = 0;
        for (int i = 0; i < lines.count() && told < MOST; i++) {
            if (!lines.follows(i)) {
                found.add(new Finding.OutOfOrder(i));
                told++;
            }
        }
    }

    private static void debits(Lines lines, Accounts accounts, List<Finding> found) {
        long end = 0;
        for (int which = 0; which < accounts.debits().size(); which++) {
            var debit = accounts.debits().get(which);
            end += debit.lines();
            if (end > lines.count()) {
                return;
            }
            int last = (int) end - 1;
            if (!lines.builder(last).equals(debit.builder()) || !lines.sum(last).equals(debit.amount())) {
                found.add(new Finding.WrongDebit(which, debit, lines.sum(last)));
            }
        }
    }

    private static void credits(Lines lines, Accounts accounts, List<Finding> found) {
        var earned = Accounts.of(lines);
        var owners = new TreeSet<>(earned.credits().stream().map(Credit::owner).toList());
        accounts.credits().forEach(credit -> owners.add(credit.owner()));
        for (var owner : owners) {
            var posted = accounts.creditOf(owner);
            var due = earned.creditOf(owner);
            if (due.compareTo(posted) > 0) {
                found.add(new Finding.CreditTooLow(owner, posted, due));
            } else if (due.compareTo(posted) < 0) {
                found.add(new Finding.CreditTooHigh(owner, posted, due));
            }
        }
    }
}
