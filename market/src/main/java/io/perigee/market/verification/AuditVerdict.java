package io.perigee.market.verification;

import java.util.List;

/** What the audit of one run amounts to. */
public sealed interface AuditVerdict {

    /** Auditors are running; what they say may still change the verdict. */
    record Await() implements AuditVerdict {}

    /**
     * More auditors are wanted, for these subjects. One owner may take all that differ from each other; a subject that
     * is named twice needs two.
     *
     * @param byStake after a difference: one at a time, drawn by stake and not by price
     */
    record Wanted(List<Subject> subjects, boolean byStake) implements AuditVerdict {
        public Wanted {
            subjects = List.copyOf(subjects);
        }
    }

    /**
     * Every subject holds: the provider and q−1 other owners say the same.
     *
     * @param wrong auditors that said something else
     */
    record Held(List<Integer> wrong) implements AuditVerdict {
        public Held {
            wrong = List.copyOf(wrong);
        }
    }

    /** Against q other owners the provider's answer about a subject fell. */
    record Fell(Subject subject, List<Integer> against) implements AuditVerdict {
        public Fell {
            against = List.copyOf(against);
        }
    }

    /** All that could be paid have answered and no q of them agree: a court may decide, or nobody is punished. */
    record Open(Subject subject, List<Integer> attempts) implements AuditVerdict {
        public Open {
            attempts = List.copyOf(attempts);
        }
    }
}
