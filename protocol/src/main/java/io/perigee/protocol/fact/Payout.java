package io.perigee.protocol.fact;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;

/** What one attempt earned. The payee is the owner unless the chain says otherwise. */
public record Payout(int attempt, Address owner, Address payee, Amount amount) {}
