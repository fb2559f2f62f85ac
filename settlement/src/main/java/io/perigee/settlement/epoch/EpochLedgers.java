package io.perigee.settlement.epoch;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.epoch.EpochLedger;
import io.perigee.protocol.id.ContentId;
import org.jspecify.annotations.Nullable;

/** Epochs computed again from their files. The last one is kept: whoever answers or carries asks many times. */
final class EpochLedgers {
    private @Nullable ContentId held;
    private @Nullable EpochLedger ledger;

    synchronized EpochLedger of(Tx tx, Epoch epoch) {
        var known = ledger;
        if (known == null || !epoch.file().equals(held)) {
            // what is not needed any more makes room first
            ledger = null;
            known = EpochLedger.of(
                    epoch.id(), EpochBook.read(tx, epoch.file(), epoch.count()).lines());
            held = epoch.file();
            ledger = known;
        }
        return known;
    }
}
