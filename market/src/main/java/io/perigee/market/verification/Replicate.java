package io.perigee.market.verification;

import io.perigee.market.pricing.Pricing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * The replicate policy: so many replicas run the whole job; q of distinct owners that agree win; on a mismatch one more
 * at a time, and at most 2q−1 that answer, which is what the order's maximum covers. Replicas that were lost, declined
 * or failed by their own fault do not count.
 *
 * <p>An answer stands only when nobody is running: whoever was started and is honest gets paid, and a late
 * contradiction is still heard. Every running attempt has a deadline, so this waits for nobody for ever.
 */
public final class Replicate {
    private Replicate() {}

    /**
     * Counts.
     *
     * @param replicas how many are started at first
     * @param quorum q, at most {@code replicas}
     * @param votes the answers so far, in the order of attempts
     * @param running how many attempts have not answered yet
     */
    public static Verdict verdict(int replicas, int quorum, List<Vote> votes, int running) {
        var groups = groups(votes);
        int best = groups.values().stream().mapToInt(Replicate::owners).max().orElse(0);
        if (best >= quorum) {
            return running > 0 ? new Verdict.Await() : agreed(groups, quorum);
        }
        int left = Math.max(0, Pricing.payableReplicas(quorum) - votes.size() - running);
        if (best + running + left < quorum) {
            return running > 0 ? new Verdict.Await() : new Verdict.Hopeless(attempts(votes));
        }
        if (groups.size() > 1) {
            return running > 0 ? new Verdict.Await() : new Verdict.Split(attempts(votes));
        }
        int missing = Math.min(replicas - votes.size() - running, left);
        return missing > 0 ? new Verdict.More(missing, best + running < quorum) : new Verdict.Await();
    }

    private static Verdict agreed(Map<Answer, List<Vote>> groups, int quorum) {
        // two groups cannot both reach q: at most 2q-1 replicas answer
        var winner = groups.entrySet().stream()
                .filter(group -> owners(group.getValue()) >= quorum)
                .findFirst()
                .orElseThrow();
        var contradictors = groups.entrySet().stream()
                .filter(group -> contradicts(group.getKey(), winner.getKey()))
                .flatMap(group -> group.getValue().stream())
                .map(Vote::attempt)
                .sorted()
                .toList();
        return new Verdict.Agreed(winner.getKey(), attempts(winner.getValue()), contradictors);
    }

    private static boolean contradicts(Answer one, Answer other) {
        return one instanceof Answer.Result a
                && other instanceof Answer.Result b
                && a.fromBorder() == b.fromBorder()
                && a.border() == b.border()
                && !a.equals(b);
    }

    private static Map<Answer, List<Vote>> groups(List<Vote> votes) {
        var groups = new LinkedHashMap<Answer, List<Vote>>();
        votes.forEach(vote ->
                groups.computeIfAbsent(vote.answer(), _ -> new ArrayList<>()).add(vote));
        return groups;
    }

    private static int owners(List<Vote> votes) {
        var owners = new LinkedHashSet<>();
        votes.forEach(vote -> owners.add(vote.owner()));
        return owners.size();
    }

    private static List<Integer> attempts(List<Vote> votes) {
        return votes.stream().map(Vote::attempt).toList();
    }
}
