package io.perigee.settlement.epoch;

import io.perigee.eventlog.postgres.Database;
import io.perigee.protocol.id.Address;
import io.perigee.settlement.fact.FactLog;
import java.time.Duration;
import java.time.InstantSource;

/**
 * What every part of settling by epoch works with.
 *
 * @param window W of the escrow
 * @param mostLines of an epoch; jobs beyond are paid one by one
 * @param startBlock before which nothing of the contracts is
 */
public record EpochTools(
        Database database,
        Address hub,
        Address token,
        Duration window,
        int mostLines,
        EpochEncoder encoder,
        FactLog facts,
        InstantSource clock,
        long startBlock) {}
