package io.perigee.settlement.chain;

/** What a node answers when it is asked how a call would end now. */
public sealed interface Estimate {
    /** It would succeed and use about so much gas. */
    record Gas(long units) implements Estimate {}

    /** It would revert. */
    record WouldRevert(Revert revert) implements Estimate {}

    /** The sender cannot pay for the gas. */
    record NoFunds(String detail) implements Estimate {}
}
