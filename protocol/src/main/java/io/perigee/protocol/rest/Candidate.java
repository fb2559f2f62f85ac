package io.perigee.protocol.rest;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ProviderId;

/** An offer that fits, cheapest first. */
public record Candidate(ProviderId provider, Address owner, Amount price) {}
