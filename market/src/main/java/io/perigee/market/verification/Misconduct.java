package io.perigee.market.verification;

import io.perigee.protocol.fact.OutcomeKind;

/**
 * What somebody did not do right, and what that costs. Crash and cheat are different ledgers: a power cut must not be
 * punished as fraud, and fraud must not pass for a power cut. Where nobody can tell it is a doubt, and what holds later may.
 */
public enum Misconduct {
    /** The lease ended without a commitment, or the machine vanished: what is sealed and holds is still paid. */
    CRASHED(Ledger.CRASH, false, false, false),
    /** Committed, and did not open: as a crash, and nothing of it is paid. */
    WITHHELD_REVEAL(Ledger.CRASH, true, false, false),
    /**
     * A drawn checkpoint was not served, and a second fetcher found the same: silence never beats being caught. Only here does
     * a provider know what was drawn of it, and a machine that dies by chance seldom dies here.
     */
    UNSERVED_CHECKPOINT(Ledger.DOUBT, true, true, false),
    /** It sealed a segment that q owners could not run at all: its checkpoint is none, or the job cannot be run there. */
    UNREPEATABLE_SEGMENT(Ledger.DOUBT, true, true, false),
    /** Its opening is not what it sealed. */
    WRONG_OPENING(Ledger.CHEAT, true, true, true),
    /** A drawn segment fell against q other owners. */
    DIFFERING_SEGMENT(Ledger.CHEAT, true, true, true),
    /** The outputs do not come from the committed checkpoint. */
    DIFFERING_OUTPUT(Ledger.CHEAT, true, true, true),
    /** Two openings of one (assignment, border), or two leaves with one border under a root: it proves itself. */
    EQUIVOCATION(Ledger.CHEAT, true, true, true),
    /**
     * An auditor's answer fell against q auditors of other owners than the run's, or against the run that holds after the
     * one it denied, or missed a planted check.
     */
    WRONG_AUDIT(Ledger.CHEAT, true, true, true),
    /** An auditor's answer fell because the run that it audits is one of those that deny it: its provider has friends, or not. */
    DENIED_AUDIT(Ledger.DOUBT, true, false, false);

    /** As what it goes into an owner's record. */
    public enum Ledger {
        CRASH(OutcomeKind.CRASHED),
        DOUBT(OutcomeKind.DOUBTED),
        CHEAT(OutcomeKind.CHEATED);

        private final OutcomeKind kind;

        Ledger(OutcomeKind kind) {
            this.kind = kind;
        }

        public OutcomeKind kind() {
            return kind;
        }
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
                pay, bond && punishes, stake && punishes, !isOfAnAuditor(), punishes ? ledger : Ledger.CRASH);
    }

    private boolean isOfAnAuditor() {
        return this == WRONG_AUDIT || this == DENIED_AUDIT;
    }

    /**
     * As what a run goes into the record once others have finished the work. Who differs from what holds has forged, however
     * it ended. Who fell, and then another run held that says the same, may have been accused; and the other may be its
     * friend, so it is not cleared. Who was silent is: after it the next is drawn by stake, and is seldom a friend.
     */
    public Ledger ledger(boolean bindsStake, Hindsight hindsight) {
        var first = sanction(bindsStake).ledger();
        return switch (hindsight) {
            case NOTHING -> first;
            case SAME ->
                this == UNSERVED_CHECKPOINT
                        ? Ledger.CRASH
                        : first == Ledger.CHEAT && restsOnBits() ? Ledger.DOUBT : first;
            case OTHER -> bindsStake ? Ledger.CHEAT : first;
        };
    }

    private boolean restsOnBits() {
        return switch (this) {
            case DIFFERING_SEGMENT, DIFFERING_OUTPUT, WRONG_AUDIT, DENIED_AUDIT, UNREPEATABLE_SEGMENT -> true;
            case CRASHED, WITHHELD_REVEAL, UNSERVED_CHECKPOINT, WRONG_OPENING, EQUIVOCATION -> false;
        };
    }
}
