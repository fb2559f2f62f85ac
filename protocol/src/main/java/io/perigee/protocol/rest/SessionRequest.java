package io.perigee.protocol.rest;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Signature;

/** Answers a challenge. */
public record SessionRequest(Address address, String nonce, Signature signature) {}
