package io.perigee.market.pricing;

import io.perigee.market.verification.Reserve;
import io.perigee.market.verification.Stretch;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.VerificationPolicy;
import java.util.ArrayList;
import java.util.List;

/**
 * How many owners stand by when an audited run begins, and what its order's maximum has to cover then. With an owner for
 * each drawn segment nothing else is run again. With fewer, each runs a stretch, and what lies between is paid, too: at the
 * most, where the gaps between the drawn segments are equally wide.
 *
 * @param owners beside whoever runs it
 * @param budget of the worst draw there is
 */
public record AuditDeal(int owners, AuditBudget budget) {
    /**
     * Of a spec, those first that need most owners and cost least. One that needs more owners than another and costs as
     * much is none. Empty where the policy audits nothing.
     */
    public static List<AuditDeal> of(JobSpec spec) {
        int drawn = AuditBudget.drawn(spec);
        if (drawn == 0) {
            return List.of();
        }
        int quorum = spec.verification().quorum();
        // an auditor more than segments runs the last one beside another; so does whoever is alone to ask
        int few = quorum < 2 ? 1 : Math.ceilDiv(quorum, quorum - 1);
        var fewest = new AuditDeal(
                Math.max(Reserve.ofAudit(quorum), (quorum - 1) * Math.min(few, drawn)),
                AuditBudget.of(spec, Stretch.most(spec.borders(), drawn, Math.min(few, drawn))));
        var deals = new ArrayList<>(List.of(fewest));
        if (spec.verification().policy() == VerificationPolicy.AUDIT) {
            for (int hands = few + 1; hands <= drawn; hands++) {
                // who takes more than the fewest leaves as many as a difference may need
                int owners = (quorum - 1) * (hands + 1);
                var budget = AuditBudget.of(spec, Stretch.most(spec.borders(), drawn, hands));
                if (budget.audited() < deals.getLast().budget().audited()) {
                    deals.add(new AuditDeal(owners, budget));
                }
            }
        }
        return List.copyOf(deals.reversed());
    }
}
