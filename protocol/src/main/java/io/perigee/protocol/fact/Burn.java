package io.perigee.protocol.fact;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;

/** What one attempt's owner lost for a contradiction. */
public record Burn(int attempt, Address owner, Amount amount) {}
