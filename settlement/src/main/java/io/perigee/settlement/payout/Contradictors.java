package io.perigee.settlement.payout;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.result.RunEvidence;
import io.perigee.settlement.intent.Intent;
import io.perigee.settlement.intent.IntentState;
import io.perigee.settlement.watch.ChainBook;
import java.util.Optional;

/**
 * Who can be shown as contradicting. The contract takes no evidence that holds a run whose session key was revoked when it
 * was assigned; whoever lies and revokes in time would cost the others their pay. Its bond is out of reach, theirs is not.
 */
final class Contradictors {
    private static final String REFUSAL = "KeyRevoked";

    private Contradictors() {}

    /** Without those whose keys were revoked, as confirmed blocks say. */
    static Payable within(Tx tx, Payable payable) {
        var standing = payable.contradictors().stream()
                .filter(run -> !isRevoked(tx, run))
                .toList();
        return payable.against(standing);
    }

    /** What to show instead of what the contract refused for such a key; empty while no confirmed block says whose. */
    static Optional<Payable> instead(Tx tx, Intent refused, Debt debt) {
        boolean forAKey = refused.state() == IntentState.PARKED
                && refused.reason()
                        .filter(reason -> reason.code().equals(REFUSAL))
                        .isPresent();
        return forAKey ? DebtBook.decision(tx, debt.job()).map(payable -> within(tx, payable)) : Optional.empty();
    }

    private static boolean isRevoked(Tx tx, RunEvidence run) {
        return ChainBook.isRevokedBy(tx, run.sessionKey(), run.assignment().issuedAt());
    }
}
