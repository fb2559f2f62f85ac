package io.perigee.market.verification;

import io.perigee.protocol.id.Address;

/** One replica's answer, and who stands behind it. */
public record Vote(int attempt, Address owner, Answer answer) {}
