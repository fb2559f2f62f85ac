package io.perigee.market.lifecycle;

import io.perigee.protocol.id.Digest;

/**
 * The secrets that the hub mixes into its draws. One attempt of one order always has the same, so that a hub that starts
 * again knows what it has committed to, and nothing needs to be stored. Never logged; shown with the verdict.
 */
@FunctionalInterface
public interface HubSecrets {
    Digest secret(Digest orderHash, int attempt);
}
