package io.perigee.market.matching;

/** What the chain, at a confirmed block, says of an offer's provider and session key. */
public enum Standing {
    GOOD,
    /** Its owner has not registered it. */
    UNREGISTERED,
    /** Its owner has revoked the key's serial. */
    REVOKED
}
