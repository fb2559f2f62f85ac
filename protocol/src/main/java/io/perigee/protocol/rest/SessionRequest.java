package io.perigee.protocol.rest;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Origin;
import io.perigee.protocol.id.Signature;

/**
 * Answers a challenge.
 *
 * @param origin the one in the signed text
 */
public record SessionRequest(Address address, Origin origin, String nonce, Signature signature) {}
