package io.perigee.protocol.rest;

import java.time.Instant;

/** A nonce, good once and until it expires; sign {@link WalletLogin#message}. */
public record Challenge(String nonce, String message, Instant expiresAt) {}
