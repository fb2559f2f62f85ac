package io.perigee.protocol.epoch;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;

/**
 * What one builder pays by an epoch.
 *
 * @param lines how many of the epoch's lines are its; they stand together, in the order of the debits
 */
public record Debit(Address builder, int lines, Amount amount) {}
