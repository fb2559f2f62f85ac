package io.perigee.market.verification;

import java.util.List;

/**
 * One subject and who has answered about it, the provider first.
 *
 * @param votes answers of distinct attempts, the audited one's at the head
 * @param running auditors that have not answered yet
 */
public record Check(Subject subject, List<Vote> votes, int running) {
    public Check {
        votes = List.copyOf(votes);
        if (votes.isEmpty()) {
            throw new IllegalArgumentException("Expected to check what a provider answered, but got no answer");
        }
    }

    Vote provider() {
        return votes.getFirst();
    }
}
