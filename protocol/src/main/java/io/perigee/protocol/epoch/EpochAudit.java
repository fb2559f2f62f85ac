package io.perigee.protocol.epoch;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Compares what was posted with what a file's lines come to. Whether each line could be paid by {@code direct} is not asked here. */
public final class EpochAudit {
    /** So many lines out of order are told of; one is enough to accuse. */
    private static final int MOST = 20;

    private EpochAudit() {}

    /**
     * Everything wrong; empty when the epoch is what its lines say. Of lines that are not those posted, credits are not asked:
     * they can accuse nobody.
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
        boolean posted = found.isEmpty();
        outOfOrder(lines, found);
        debits(lines, accounts, found);
        if (posted) {
            credits(lines, accounts, found);
        }
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
        var earned = byOwner(Accounts.of(lines));
        var credited = byOwner(accounts);
        var owners = new TreeSet<>(earned.keySet());
        owners.addAll(credited.keySet());
        for (var owner : owners) {
            var posted = credited.getOrDefault(owner, Amount.ZERO);
            var due = earned.getOrDefault(owner, Amount.ZERO);
            if (due.compareTo(posted) > 0) {
                found.add(new Finding.CreditTooLow(owner, posted, due));
            } else if (due.compareTo(posted) < 0) {
                found.add(new Finding.CreditTooHigh(owner, posted, due));
            }
        }
    }

    /** The first of an owner's counts, should a post name it twice. */
    private static Map<Address, Amount> byOwner(Accounts accounts) {
        var amounts = new HashMap<Address, Amount>();
        accounts.credits().forEach(credit -> amounts.putIfAbsent(credit.owner(), credit.amount()));
        return amounts;
    }
}
