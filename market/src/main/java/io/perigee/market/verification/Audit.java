package io.perigee.market.verification;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;

/**
 * The audit and full-audit policies. One provider ran; each drawn subject is decided as replicas are, by {@link
 * Replicate}: the provider's answer counts as one, q distinct owners that agree win, a difference brings one more
 * auditor at a time, and at most 2q−1 answer. So an auditor is never believed alone.
 */
public final class Audit {
    private Audit() {}

    /**
     * Puts the checks of one run together. The worst decides: fallen, then open, then what is still missing. Of several
     * differences one is decided after the other: the first that falls convicts, and the rest need not be run again.
     */
    public static AuditVerdict verdict(int quorum, List<Check> checks) {
        var missing = new ArrayList<Subject>();
        var contested = new ArrayList<Subject>();
        var wrong = new TreeSet<Integer>();
        AuditVerdict open = null;
        boolean awaits = false;
        for (var check : checks) {
            switch (Replicate.verdict(quorum, quorum, check.votes(), check.running())) {
                case Verdict.Agreed agreed
                when fell(check, agreed) -> {
                    return new AuditVerdict.Fell(check.subject(), agreed.winners());
                }
                case Verdict.Agreed agreed -> wrong.addAll(agreed.contradictors());
                case Verdict.Await _ -> awaits = true;
                case Verdict.More(int count, boolean _) -> missing.addAll(repeated(check.subject(), count));
                case Verdict.Split _ -> contested.add(check.subject());
                case Verdict.Hopeless hopeless -> open = new AuditVerdict.Open(check.subject(), hopeless.attempts());
            }
        }
        if (open != null) {
            return open;
        }
        if (!contested.isEmpty() && !awaits) {
            return new AuditVerdict.Wanted(contested.subList(0, 1), true);
        }
        if (!missing.isEmpty()) {
            return new AuditVerdict.Wanted(missing, false);
        }
        return awaits ? new AuditVerdict.Await() : new AuditVerdict.Held(List.copyOf(wrong));
    }

    private static boolean fell(Check check, Verdict.Agreed agreed) {
        return !agreed.winners().contains(check.provider().attempt());
    }

    private static List<Subject> repeated(Subject subject, int count) {
        return Collections.nCopies(count, subject);
    }
}
