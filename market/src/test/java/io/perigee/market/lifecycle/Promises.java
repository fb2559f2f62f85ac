package io.perigee.market.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.payout.Payouts;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.Role;
import java.util.stream.Stream;

/** What holds of every decision, whatever came before it. */
final class Promises {
    private Promises() {}

    /** @return how it ended, in words */
    static String kept(Lab lab, State.Decided decided) {
        var end = decided.outcome()
                + (decided.payable().owesNothing() ? " owes nothing" : " paid")
                + (decided.payable().parts() == null ? "" : " in parts");
        var order = lab.job.order();
        var payable = decided.payable();
        assertThat(lab.job.open()).as("open attempts of a decided job").isEmpty();
        var due = payable.links().stream()
                .flatMap(link -> Stream.concat(
                        link.winners().stream().map(run -> run.assignment().earnedAt(link.toBorder())),
                        link.verdicts().stream()
                                .map(audit -> audit.run().assignment().price())))
                .reduce(Amount.ZERO, Amount::plus);
        assertThat(order.maxPayment().covers(due)).as("%s is covered", due).isTrue();
        assertThat(Payouts.plan(order, payable).paid()).isEqualTo(due);
        assertThat(payable.assignments()).extracting(Assignment::owner).doesNotHaveDuplicates();
        if (!payable.owesNothing()) {
            int voices = lab.job.audited()
                    ? payable.verdicts().size()
                    : payable.winners().size();
            assertThat(voices).isGreaterThanOrEqualTo(order.quorum());
            assertThat(payable.winners())
                    .extracting(run -> run.opening().root())
                    .containsOnly(payable.winners().getFirst().opening().root());
            assertThat(payable.links().stream().flatMap(link -> link.winners().stream()))
                    .as("runs, which the contract pays as such")
                    .extracting(run -> run.assignment().role())
                    .containsOnly(Role.REPLICA);
            assertThat(payable.winners())
                    .extracting(run -> run.commitment().toBorder())
                    .containsOnly(payable.toBorder());
        }
        payable.contradictors().forEach(run -> assertThat(
                        run.opening().agreesWith(payable.winners().getFirst().opening()))
                .isFalse());
        return end;
    }
}
