package io.perigee.protocol.rest;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Origin;

/**
 * Asks for a nonce to sign in with.
 *
 * @param origin that the caller connects to
 */
public record ChallengeRequest(Address address, Origin origin) {}
