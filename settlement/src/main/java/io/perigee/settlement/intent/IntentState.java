package io.perigee.settlement.intent;

/** Where an intent stands. The names are stored; they never change. */
public enum IntentState {
    /** Nothing signed yet. */
    PLANNED,
    /** Nothing signed, because it would revert now or its last try failed; tried again later. */
    PARKED,
    /** Signed under a nonce; in the pool, or about to be. */
    SENT,
    /** Its bytes can never be mined; an empty transaction fills the nonce, then it is tried again with another. */
    VOIDING,
    /** In a block that may still be replaced. */
    MINED,
    /** In a block with enough confirmations, and it succeeded. */
    CONFIRMED,
    /** Somebody else's transaction did what it was for. */
    FULFILLED,
    /** Given up: too late for the contract, or an operator said so. */
    ABANDONED;

    public boolean isFinal() {
        return switch (this) {
            case CONFIRMED, FULFILLED, ABANDONED -> true;
            case PLANNED, PARKED, SENT, VOIDING, MINED -> false;
        };
    }
}
