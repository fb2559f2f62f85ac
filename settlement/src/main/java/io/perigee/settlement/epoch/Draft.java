package io.perigee.settlement.epoch;

import io.perigee.protocol.epoch.Accounts;
import io.perigee.protocol.epoch.LineCollector;
import io.perigee.protocol.epoch.Lines;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An epoch while jobs are put into it. A job goes in whole or not at all: never more accounts than the contract settles at
 * once, never more lines than we hold, and never more of a builder's money than its allotment.
 */
final class Draft {
    private final int mostLines;
    private final Map<Address, Amount> owed;
    private final LineCollector lines = new LineCollector();
    private final Set<Address> owners = new HashSet<>();
    private final Map<Address, Amount> debits = new HashMap<>();
    private int jobs;

    /** @param owed what builders have to pay by other epochs that are not settled */
    Draft(int mostLines, Map<Address, Amount> owed) {
        this.mostLines = mostLines;
        this.owed = Map.copyOf(owed);
    }

    /**
     * A job that was decided.
     *
     * @param spent what its order has cost already
     * @param allotted what its builder has at the hub, what it asked back included
     */
    record Candidate(
            JobId job, Address builder, Digest orderHash, List<Payment> payments, Amount spent, Amount allotted) {
        Candidate {
            payments = List.copyOf(payments);
        }

        Amount sum() {
            return payments.stream().map(Payment::amount).reduce(Amount.ZERO, Amount::plus);
        }
    }

    /** What one run earns. */
    record Payment(Digest assignmentHash, Address owner, Amount amount) {}

    /** Puts it in; or says why it cannot be there, and leaves the draft as it was. */
    Optional<String> add(Candidate candidate) {
        if (!candidate.spent().isZero()) {
            return Optional.of("its order was paid in part before");
        }
        if (lines.count() + candidate.payments().size() > mostLines) {
            return Optional.of("the epoch holds %d lines and no more".formatted(mostLines));
        }
        var debit = debits.getOrDefault(candidate.builder(), Amount.ZERO).plus(candidate.sum());
        if (!candidate.allotted().covers(debit.plus(owed.getOrDefault(candidate.builder(), Amount.ZERO)))) {
            return Optional.of("the builder's allotment no longer covers it");
        }
        long newOwners = candidate.payments().stream()
                .map(Payment::owner)
                .distinct()
                .filter(owner -> !owners.contains(owner))
                .count();
        int newBuilder = debits.containsKey(candidate.builder()) ? 0 : 1;
        if (debits.size() + owners.size() + newBuilder + newOwners > Accounts.MOST) {
            return Optional.of("the epoch has %d accounts and no more".formatted(Accounts.MOST));
        }
        candidate.payments().forEach(payment -> {
            lines.add(
                    candidate.builder(),
                    candidate.orderHash(),
                    payment.assignmentHash(),
                    payment.owner(),
                    payment.amount());
            owners.add(payment.owner());
        });
        debits.put(candidate.builder(), debit);
        jobs++;
        return Optional.empty();
    }

    boolean isEmpty() {
        return jobs == 0;
    }

    int jobs() {
        return jobs;
    }

    Lines lines() {
        return lines.lines();
    }
}
