package io.perigee.api.record;

import io.perigee.market.MarketPolicy;
import io.perigee.market.reputation.Field;
import io.perigee.market.reputation.OrderOutcome;
import io.perigee.market.reputation.Outcome;
import io.perigee.market.reputation.Reputation;
import io.perigee.market.reputation.RequesterReputation;
import io.perigee.market.verification.AuditDepth;
import io.perigee.market.verification.Population;
import io.perigee.protocol.fact.OrderOutcomeKind;
import io.perigee.protocol.fact.OutcomeKind;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.rest.ClassView;
import io.perigee.protocol.rest.RecordView;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Records as they are shown: what the rules make of them, and for whose they are, what they rest on. */
final class RecordViews {
    /** The newest of each; what is older is in the numbers. */
    private static final int SHOWN = 100;

    private final MarketPolicy policy;
    private final Instant now;
    private final boolean own;

    /** @param own with the evidence, which names jobs of others and is for those alone whom it is about */
    RecordViews(MarketPolicy policy, Instant now, boolean own) {
        this.policy = policy;
        this.now = now;
        this.own = own;
    }

    RecordView of(Address address, List<OrderOutcome> orders, Map<Field, List<Outcome>> runs) {
        return new RecordView(
                address,
                builder(RequesterReputation.of(orders, now), orders),
                runs.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey(
                                Comparator.comparing(Field::imageFamily).thenComparing(Field::numericClass)))
                        .map(each -> runner(each.getKey(), each.getValue()))
                        .toList());
    }

    private RecordView.Requester builder(RequesterReputation record, List<OrderOutcome> orders) {
        return new RecordView.Requester(
                record.fairness(),
                record.crashLimit(policy.crashLimit()),
                orders(orders, OrderOutcomeKind.HONOURED),
                orders(orders, OrderOutcomeKind.FAULTY),
                orders(orders, OrderOutcomeKind.REFUSED),
                record.evidence().stream()
                        .sorted(Comparator.comparing(
                                (RequesterReputation.Weighed each) ->
                                        each.outcome().at(),
                                Comparator.reverseOrder()))
                        .limit(own ? SHOWN : 0)
                        .map(each -> new RecordView.Order(
                                each.outcome().job(),
                                each.outcome().kind(),
                                each.outcome().at(),
                                each.weight()))
                        .toList());
    }

    private RecordView.Runner runner(Field field, List<Outcome> outcomes) {
        var record = Reputation.of(outcomes, now);
        return new RecordView.Runner(
                field.numericClass(),
                field.imageFamily(),
                record.verified(),
                runs(outcomes, OutcomeKind.CRASHED),
                runs(outcomes, OutcomeKind.CHEATED),
                record.honesty(),
                record.reliability(),
                record.score(),
                AuditDepth.whole(record.verified()),
                record.evidence().stream()
                        .sorted(Comparator.comparing(
                                (Reputation.Weighed each) -> each.outcome().at(), Comparator.reverseOrder()))
                        .limit(own ? SHOWN : 0)
                        .map(each -> new RecordView.Run(
                                each.outcome().job(),
                                each.outcome().attempt(),
                                each.outcome().kind(),
                                each.outcome().at(),
                                each.weight()))
                        .toList());
    }

    private static int orders(List<OrderOutcome> orders, OrderOutcomeKind kind) {
        return (int) orders.stream().filter(each -> each.kind() == kind).count();
    }

    private static int runs(List<Outcome> outcomes, OutcomeKind kind) {
        return (int) outcomes.stream().filter(each -> each.kind() == kind).count();
    }

    static ClassView of(Population population) {
        return new ClassView(
                population.numericClass(),
                population.owners(),
                population.largestShare(),
                population.equalPairs(),
                population.unexplained(),
                population.bindsStake());
    }
}
