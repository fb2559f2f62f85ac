package io.perigee.protocol.epoch;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;

/** What one owner earns by an epoch. */
public record Credit(Address owner, Amount amount) {}
