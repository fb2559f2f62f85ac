package io.perigee.settlement.chain;

/** What a node answers to signed bytes. Only {@link Refused} says that these bytes cannot be mined as they are. */
public sealed interface Submission {
    /** In the node's pool, now or already before. */
    record Accepted() implements Submission {}

    /** A transaction with this nonce is mined already; which one, only receipts tell. */
    record NonceUsed() implements Submission {}

    /** Another transaction with this nonce is in the pool and pays too much to be replaced by this one. */
    record Underpriced(String detail) implements Submission {}

    /** The sender cannot pay for the gas; the same bytes are good once it can. */
    record NoFunds(String detail) implements Submission {}

    /** These bytes will never be taken: too little gas, too large, wrong chain. */
    record Refused(String detail) implements Submission {}

    /** Refused in words that nobody knows: whether these bytes can be mined, and whether another node takes them, is open. */
    record Unclear(String detail) implements Submission {}
}
