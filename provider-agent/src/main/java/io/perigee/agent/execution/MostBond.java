package io.perigee.agent.execution;

import io.perigee.protocol.id.Amount;
import java.util.Optional;

/**
 * The most of the owner's stake that one assignment may put at risk: a hub that turned false could otherwise burn all of it
 * by one small job. An auditor's bond is of so many segments, so it is the more of the whole price the fewer there are.
 *
 * @param percent of what this agent asks for the whole job
 * @param amount whatever the job's price is; none where the owner says nothing
 */
public record MostBond(int percent, Optional<Amount> amount) {
    public MostBond {
        if (percent < 0) {
            throw new IllegalArgumentException(
                    "Expected perigee.agent.most-bond-percent of at least 0, but got " + percent);
        }
    }

    /** @param asked what this agent asks for the whole job */
    Amount of(Amount asked) {
        var relative = asked.mulDivCeil(percent, 100);
        return amount.filter(most -> relative.compareTo(most) > 0).orElse(relative);
    }
}
