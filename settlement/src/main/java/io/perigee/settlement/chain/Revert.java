package io.perigee.settlement.chain;

/**
 * Why a contract refuses a call.
 *
 * @param code the name of the contract's custom error, or REVERTED when it gave none that is known
 * @param detail the error with its values, for people
 */
public record Revert(String code, String detail) {
    public static final String UNKNOWN = "REVERTED";
    private static final int LONGEST = 500;

    public Revert {
        if (detail.length() > LONGEST) {
            detail = detail.substring(0, LONGEST) + "…";
        }
    }
}
