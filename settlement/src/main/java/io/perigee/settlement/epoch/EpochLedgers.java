package io.perigee.settlement.epoch;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.epoch.EpochFileFault;
import io.perigee.protocol.epoch.EpochLedger;
import io.perigee.protocol.id.ContentId;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Epochs computed again from their files. The last one is kept: whoever answers or carries asks many times. One whose file
 * cannot be read is set aside for a while, so that it is said once and keeps nothing else back.
 */
final class EpochLedgers {
    private static final Duration SET_ASIDE = Duration.ofMinutes(5);

    private final InstantSource clock;
    private final Map<ContentId, Instant> aside = new HashMap<>();
    private @Nullable ContentId held;
    private @Nullable EpochLedger ledger;

    EpochLedgers(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Empty while its file is set aside.
     *
     * @throws IllegalStateException when it is set aside just now
     */
    synchronized Optional<EpochLedger> of(Tx tx, Epoch epoch) {
        var known = ledger;
        if (known != null && epoch.file().equals(held)) {
            return Optional.of(known);
        }
        var until = aside.get(epoch.file());
        if (until != null && clock.instant().isBefore(until)) {
            return Optional.empty();
        }
        // what is not needed any more makes room first
        ledger = null;
        known = read(tx, epoch);
        aside.remove(epoch.file());
        held = epoch.file();
        ledger = known;
        return Optional.of(known);
    }

    private EpochLedger read(Tx tx, Epoch epoch) {
        try {
            var read = EpochLedger.of(
                    epoch.id(), EpochBook.read(tx, epoch.file(), epoch.count()).lines());
            if (!read.content().root().equals(epoch.root())) {
                throw new IllegalStateException(
                        "its lines have the root " + read.content().root());
            }
            return read;
        } catch (EpochFileFault | IllegalStateException | NoSuchElementException | UncheckedIOException e) {
            aside.put(epoch.file(), clock.instant().plus(SET_ASIDE));
            throw new IllegalStateException(
                    "Expected to read the file %s of epoch %s, but %s: without it no demand of the epoch is answered and it is not settled; set aside for %d min"
                            .formatted(epoch.file(), epoch.id(), e.getMessage(), SET_ASIDE.toMinutes()),
                    e);
        }
    }
}
