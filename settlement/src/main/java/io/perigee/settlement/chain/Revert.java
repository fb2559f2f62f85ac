package io.perigee.settlement.chain;

import java.util.Set;

/**
 * Why a call is not carried out.
 *
 * @param code the name of the contract's custom error, or REVERTED when it gave none that is known; where it was not the
 *     contract that refused, one of the other codes here
 * @param detail the error with its values, for people
 */
public record Revert(String code, String detail) {
    public static final String UNKNOWN = "REVERTED";
    /** The sender cannot pay the gas. */
    public static final String GAS_FUNDS = "GAS_FUNDS";
    /** No node takes its bytes. */
    public static final String REFUSED_BY_NODE = "REFUSED_BY_NODE";
    /** Its nonce was filled by an empty transaction. */
    public static final String VOIDED = "VOIDED";
    /** Its nonce was used by another program. */
    public static final String NONCE_TAKEN = "NONCE_TAKEN";

    /** The contract took it no more before it was mined. */
    public static final String TOO_LATE = "TOO_LATE";
    /** The node did not say how it would end. */
    public static final String NOT_ESTIMATED = "NOT_ESTIMATED";

    private static final Set<String> OTHERS =
            Set.of(GAS_FUNDS, REFUSED_BY_NODE, VOIDED, NONCE_TAKEN, TOO_LATE, NOT_ESTIMATED);
    private static final int LONGEST = 500;

    public Revert {
        if (detail.length() > LONGEST) {
            detail = detail.substring(0, LONGEST) + "…";
        }
    }

    /** False when it was the node, or the sender's own account. */
    public boolean isOfTheContract() {
        return !OTHERS.contains(code);
    }
}
