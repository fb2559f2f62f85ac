package io.perigee.settlement.watch;

import java.time.Instant;
import java.util.Optional;

/**
 * Where the watcher stands.
 *
 * @param head the node's newest block
 * @param confirmed the last block whose events count
 * @param lastGood when it last went through
 * @param rollbacks reorganisations seen
 * @param deepRollbacks those that reached below the confirmed block: confirmations are too few for this chain
 * @param trouble why it stands still, when it does
 */
public record WatchStatus(
        long head,
        long confirmed,
        Optional<Instant> lastGood,
        long rollbacks,
        long deepRollbacks,
        Optional<String> trouble) {
    static WatchStatus initial() {
        return new WatchStatus(-1, -1, Optional.empty(), 0, 0, Optional.empty());
    }

    WatchStatus at(long newHead, long newConfirmed, Instant now) {
        return new WatchStatus(newHead, newConfirmed, Optional.of(now), rollbacks, deepRollbacks, Optional.empty());
    }

    WatchStatus rolledBack(boolean deep) {
        return new WatchStatus(head, confirmed, lastGood, rollbacks + 1, deepRollbacks + (deep ? 1 : 0), trouble);
    }

    WatchStatus stuck(String why) {
        return new WatchStatus(head, confirmed, lastGood, rollbacks, deepRollbacks, Optional.of(why));
    }
}
