package io.perigee.settlement.watch;

import io.perigee.protocol.id.Digest;

/** An event and where it stands. */
public record Seen(ChainEvent event, long block, int index, Digest transaction) {}
