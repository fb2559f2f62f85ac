package io.perigee.market.verification;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/**
 * What one auditor must do: the subjects it answers for, by itself, before it sees what the provider says.
 *
 * @param auditor counts the auditors of this run from 0
 */
public record AuditTask(int auditor, List<Subject> subjects) {
    public AuditTask {
        subjects = List.copyOf(subjects);
    }

    /**
     * Deals the drawn segments to auditors. Each goes to q−1 of them, who with the provider are the q owners that must
     * agree; so with q = 2 the extra compute is k/n. At least q owners audit where there is enough to deal, and the one
     * with least to do derives the output again.
     */
    public static List<AuditTask> deal(SortedSet<Integer> drawn, int quorum, int lastBorder) {
        int each = quorum - 1;
        int auditors = Math.max(each, Math.min(quorum, drawn.size() * each));
        var hands = new ArrayList<List<Subject>>();
        for (int i = 0; i < auditors; i++) {
            hands.add(new ArrayList<>());
        }
        int next = 0;
        for (var border : drawn) {
            for (int copy = 0; copy < each; copy++) {
                hands.get(next++ % auditors).add(new Subject.Segment(border));
            }
        }
        for (int copy = 0; copy < each; copy++) {
            hands.get(next++ % auditors).add(new Subject.Output(lastBorder));
        }
        var tasks = new ArrayList<AuditTask>();
        hands.forEach(hand -> tasks.add(new AuditTask(tasks.size(), hand)));
        return List.copyOf(tasks);
    }
}
