package io.perigee.settlement.intent;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.id.Digest;

/** Whoever asked for intents and wants to know that their transactions are on the way. */
@FunctionalInterface
public interface IntentListener {
    /** Called once per intent, in the transaction that notes its first sending. */
    void sent(Tx tx, Intent intent, Digest transaction);
}
