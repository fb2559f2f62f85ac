package io.perigee.settlement.watch;

import io.perigee.settlement.chain.ChainLog;
import java.util.Optional;

/** Reads the events of our contracts; empty for those that move no money. */
@FunctionalInterface
public interface EventDecoder {
    Optional<ChainEvent> decode(ChainLog log);
}
