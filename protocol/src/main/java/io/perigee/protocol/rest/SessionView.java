package io.perigee.protocol.rest;

import java.time.Instant;

/** A bearer token. */
public record SessionView(String token, Instant expiresAt) {}
