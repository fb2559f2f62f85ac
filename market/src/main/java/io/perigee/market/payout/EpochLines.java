package io.perigee.market.payout;

import io.perigee.protocol.epoch.LineCollector;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.result.Payable;

/** What a decided job adds to the epoch of its order: a line for each run that earns something. */
public final class EpochLines {
    private EpochLines() {}

    /**
     * False when a job is left out of its epoch: a bond is to burn, which only {@code direct} does, or it would pay as a
     * run what the contract takes for none, and whoever posts a line that nobody can prove loses a bond for it.
     */
    public static boolean suffice(JobOrder order, Payable payable) {
        return payable.links().stream()
                .noneMatch(link -> link.contradictors().stream().anyMatch(run -> Payouts.burns(order, run, link))
                        || link.winners().stream()
                                .anyMatch(run -> run.assignment().role() != Role.REPLICA));
    }

    /**
     * Adds the lines of an order of which nothing was paid before. Nobody's bond burns by an epoch: contradictors are for
     * {@code direct}.
     *
     * @throws IllegalArgumentException when the order is marked {@code direct} and so is in no epoch
     */
    public static void add(JobOrder order, Payable payable, Domain domain, LineCollector into) {
        if (order.direct()) {
            throw new IllegalArgumentException(
                    "Expected to pay job '%s' by epoch, but its order is marked direct".formatted(order.jobId()));
        }
        var orderHash = order.digest(domain);
        var payouts = Payouts.plan(order, payable).payouts();
        var assignments = Payouts.paid(payable);
        for (int i = 0; i < payouts.size(); i++) {
            if (!payouts.get(i).amount().isZero()) {
                var assignment = assignments.get(i);
                into.add(
                        order.builder(),
                        orderHash,
                        assignment.digest(domain),
                        assignment.owner(),
                        payouts.get(i).amount());
            }
        }
    }
}
