package io.perigee.protocol.rest;

import io.perigee.protocol.id.Address;

/** Asks for a nonce to sign in with. */
public record ChallengeRequest(Address address) {}
