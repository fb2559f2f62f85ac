package io.perigee.market.matching;

/** What keeps an offer from being chosen, whatever is asked: what the chain says of it at a confirmed block, or its owner's record. */
public enum Standing {
    GOOD,
    /** Its owner has not registered it. */
    UNREGISTERED,
    /** Its owner has revoked the key's serial. */
    REVOKED,
    /** Its owner was proven wrong not long ago, or is in doubt too often, in a class that it offers. */
    CONVICTED
}
