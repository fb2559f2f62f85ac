package io.perigee.settlement.chain;

import io.perigee.protocol.id.Digest;
import java.time.Instant;

/** The head of one block: its place, its name, the name of the one before it, and the chain's own time. */
public record Block(long number, Digest hash, Digest parent, Instant time) {}
