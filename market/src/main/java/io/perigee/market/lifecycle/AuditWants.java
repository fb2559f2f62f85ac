package io.perigee.market.lifecycle;

import io.perigee.market.MarketPolicy;
import io.perigee.market.verification.AuditVerdict;
import io.perigee.market.verification.Stretch;
import io.perigee.market.verification.Subject;
import io.perigee.protocol.spec.VerificationPolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which auditors a run lacks, and the ways to deal what is to be run again among them. Most of all an audit wants an
 * owner for each drawn segment; a market that has fewer takes fewer, who run what lies between as well, but never fewer
 * than the q that the contract asks verdicts of. A full audit takes those few at once: nothing lies between.
 */
final class AuditWants {
    private AuditWants() {}

    /** How many auditors are missing, at most. */
    static int missing(Job job) {
        return options(job, Integer.MAX_VALUE).findFirst().map(List::size).orElse(0);
    }

    /** The ways that fit into the policy's assignments, the best first, no two of one size. */
    static List<List<Stretch>> options(Job job, MarketPolicy policy) {
        int most = policy.maxAttempts() - job.used();
        return options(job, most)
                .filter(deal -> deal.size() <= most)
                .map(deal -> startable(job, deal))
                .toList();
    }

    private static List<Stretch> startable(Job job, List<Stretch> deal) {
        return job.state() instanceof State.Auditing auditing
                ? deal.stream()
                        .map(stretch -> Parts.startable(job, auditing, stretch))
                        .toList()
                : deal;
    }

    /** Those of more than so many auditors are not dealt. */
    private static Stream<List<Stretch>> options(Job job, int most) {
        if (!(job.state() instanceof State.Auditing auditing)
                || job.attempt(auditing.run()).ended()
                || auditing.audit().filter(Drawing::isServed).isEmpty()) {
            return Stream.of();
        }
        var votes = new AuditVotes(job, auditing, auditing.audit().get());
        int running = running(job);
        int few = job.quorum() - votes.standing().size() - running;
        return switch (votes.verdict()) {
            case AuditVerdict.Wanted(List<Subject> subjects, boolean byStake) when byStake -> first(subjects, running);
            // where the run fell, nobody speaks of what follows, and nobody has to
            case AuditVerdict.Wanted(List<Subject> subjects, boolean _) ->
                votes.contested() ? Stream.of() : deals(job, auditing, copies(subjects), few, most);
            case AuditVerdict.Held _ -> few <= 0 ? Stream.of() : deals(job, auditing, Map.of(), few, most);
            case AuditVerdict.Await _, AuditVerdict.Fell _, AuditVerdict.Open _ -> Stream.of();
        };
    }

    static int running(Job job) {
        return (int) job.open()
                .filter(attempt -> attempt.audits() && attempt.running())
                .count();
    }

    /**
     * One more auditor at a time, once nobody is at work, for the first segment whose answers differ: where the run fell
     * there, the rest is no matter.
     */
    private static Stream<List<Stretch>> first(List<Subject> contested, int running) {
        return running > 0
                ? Stream.of()
                : Stream.of(copies(contested).keySet().stream()
                        .limit(1)
                        .map(Stretch::of)
                        .toList());
    }

    /** How many more auditors each segment lacks; whoever runs the last one answers for the outputs as well. */
    private static Map<Integer, Integer> copies(List<Subject> missing) {
        var segments = new TreeMap<Integer, Integer>();
        var outputs = new TreeMap<Integer, Integer>();
        for (var subject : missing) {
            switch (subject) {
                case Subject.Segment(int border) -> segments.merge(border, 1, Integer::sum);
                case Subject.Output(int border) -> outputs.merge(border, 1, Integer::sum);
            }
        }
        outputs.forEach((border, count) -> segments.merge(border, count, Math::max));
        return segments;
    }

    /** Each owner more is a stretch more at least, so no two are of one size; of thousands of segments few are dealt. */
    private static Stream<List<Stretch>> deals(
            Job job, State.Auditing auditing, Map<Integer, Integer> copies, int least, int most) {
        boolean fewest = job.spec().verification().policy() == VerificationPolicy.FULL_AUDIT;
        int all = copies.size();
        var hands = fewest
                ? IntStream.rangeClosed(1, all)
                : IntStream.iterate(Math.min(all, most), each -> each >= 1, each -> each - 1);
        var deals = hands.mapToObj(each -> deal(copies, each)).filter(deal -> deal.size() >= least);
        return least > deal(copies, Math.max(1, all)).size()
                ? Stream.of(beside(cheapest(job, auditing), copies, least))
                : fewest ? deals.limit(1) : deals;
    }

    /** Of what was drawn, what takes least from where a checkpoint is; of a whole run the last, whose outputs say more. */
    private static Stretch cheapest(Job job, State.Auditing auditing) {
        return auditing.audit().orElseThrow().segments().stream()
                .map(Stretch::of)
                .min(Comparator.<Stretch>comparingInt(stretch ->
                                Parts.startable(job, auditing, stretch).length())
                        .thenComparing(Stretch::toBorder, Comparator.reverseOrder()))
                .orElseThrow();
    }

    /** Too few segments for so many owners: some run one beside each other. */
    private static List<Stretch> beside(Stretch shared, Map<Integer, Integer> copies, int least) {
        var deal = new ArrayList<>(deal(copies, Math.max(1, copies.size())));
        while (deal.size() < least) {
            deal.add(shared);
        }
        return deal;
    }

    /** Deals each segment as often as it lacks auditors, one copy of all after the other. */
    private static List<Stretch> deal(Map<Integer, Integer> copies, int hands) {
        var left = new TreeMap<>(copies);
        var deal = new ArrayList<Stretch>();
        while (!left.isEmpty()) {
            deal.addAll(Stretch.deal(new TreeSet<>(left.keySet()), Math.min(hands, left.size())));
            left.replaceAll((_, count) -> count - 1);
            left.values().removeIf(count -> count == 0);
        }
        return deal;
    }
}
