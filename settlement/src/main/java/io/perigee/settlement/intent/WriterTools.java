package io.perigee.settlement.intent;

import io.perigee.eventlog.postgres.Database;
import io.perigee.protocol.id.Address;
import io.perigee.settlement.chain.ChainReader;
import io.perigee.settlement.chain.ChainSender;
import io.perigee.settlement.chain.Wallet;
import java.time.InstantSource;

/** What every part of the writer works with. */
public record WriterTools(
        Database database,
        ChainReader reader,
        ChainSender sender,
        Wallet wallet,
        FeePolicy fees,
        WriterLimits limits,
        InstantSource clock,
        IntentListener listener,
        WriterAlarms alarms) {

    Address address() {
        return wallet.address();
    }
}
