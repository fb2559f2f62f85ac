package io.perigee.market.verification;

/**
 * What somebody did not do right, and what that costs. Crash and cheat are different ledgers: a power cut must not be
 * punished as fraud, and fraud must not pass for a power cut.
 */
public enum Misconduct {
    /** The lease ended without a commitment, or the machine vanished: what is sealed and holds is still paid. */
    CRASHED(Ledger.CRASH, false, false, false),
    /** Committed, and did not open: as a crash, and nothing of it is paid. */
    WITHHELD_REVEAL(Ledger.CRASH, true, false, false),
    /** A drawn checkpoint was not served, and a second fetcher found the same: silence never beats being caught. */
    UNSERVED_CHECKPOINT(Ledger.CRASH, true, true, false),
    /** Its opening is not what it sealed. */
    WRONG_OPENING(Ledger.CHEAT, true, true, true),
    /** A drawn segment fell against q other owners. */
    DIFFERING_SEGMENT(Ledger.CHEAT, true, true, true),
    /** The outputs do not come from the committed checkpoint. */
    DIFFERING_OUTPUT(Ledger.CHEAT, true, true, true),
    /** Two openings of one (assignment, border), or two leaves with one border under a root: it proves itself. */
    EQUIVOCATION(Ledger.CHEAT, true, true, true),
    /** An auditor's answer fell against q other owners, or missed a planted check. */
    WRONG_AUDIT(Ledger.CHEAT, true, true, true);

    /** Which of an owner's two records it goes into. */
    public enum Ledger {
        CRASH,
        CHEAT
    }

    /**
     * What is taken and what happens next.
     *
     * @param stake whether the whole stake is at risk and not only the attempt's bond
     * @param reopens whether another provider is asked; always from the last verified border
     */
    public record Sanction(boolean pay, boolean bond, boolean stake, boolean reopens, Ledger ledger) {}

    private final Ledger ledger;
    private final boolean pay;
    private final boolean bond;
    private final boolean stake;

    Misconduct(Ledger ledger, boolean pay, boolean bond, boolean stake) {
        this.ledger = ledger;
        this.pay = pay;
        this.bond = bond;
        this.stake = stake;
    }

    /**
     * What it costs in a class.
     *
     * @param bindsStake {@link Population#bindsStake}; what rests on a comparison of bits costs no bond without it
     */
    public Sanction sanction(boolean bindsStake) {
        boolean punishes = bindsStake || !restsOnBits();
        return new Sanction(
                pay, bond && punishes, stake && punishes, this != WRONG_AUDIT, punishes ? ledger : Ledger.CRASH);
    }

    private boolean restsOnBits() {
        return this == DIFFERING_SEGMENT || this == DIFFERING_OUTPUT || this == WRONG_AUDIT;
    }
}
