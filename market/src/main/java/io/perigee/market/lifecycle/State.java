package io.perigee.market.lifecycle;

import io.perigee.protocol.fact.NoMatchReason;
import io.perigee.protocol.rest.Outcome;
import io.perigee.protocol.result.Payable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where a job stands, with the data that this state has. */
public sealed interface State {

    Phase phase();

    /**
     * Whether attempts start, seal and open. While nobody runs a job, auditors of a run before may still be at work, and
     * right of the next.
     */
    default boolean isAtWork() {
        return switch (this) {
            case Queued _, Active _, Auditing _ -> true;
            case Submitted _, Funded _, Disputed _, Closing _, Decided _, Settled _ -> false;
        };
    }

    /** Intake let it in; settlement has to reserve the money. */
    record Submitted(Instant until) implements State {
        @Override
        public Phase phase() {
            return Phase.SUBMITTED;
        }
    }

    /** The money is reserved; matching has not looked yet. */
    record Funded(Instant until) implements State {
        @Override
        public Phase phase() {
            return Phase.FUNDED;
        }
    }

    /** Nobody fits yet. */
    record Queued(Instant until, List<NoMatchReason> reasons) implements State {
        public Queued {
            reasons = List.copyOf(reasons);
        }

        @Override
        public Phase phase() {
            return Phase.QUEUED;
        }
    }

    /**
     * Attempts run or have answered.
     *
     * @param reasons why a missing replica was not placed; empty when none is missing
     */
    record Active(List<NoMatchReason> reasons) implements State {
        public Active {
            reasons = List.copyOf(reasons);
        }

        @Override
        public Phase phase() {
            return Phase.ACTIVE;
        }
    }

    /** All have answered and differ; one more replica is wanted. */
    record Disputed(Instant since, int border, List<Integer> attempts, List<NoMatchReason> reasons) implements State {
        public Disputed {
            attempts = List.copyOf(attempts);
            reasons = List.copyOf(reasons);
        }

        @Override
        public Phase phase() {
            return Phase.DISPUTED;
        }
    }

    /**
     * One run is open and is being audited: segments are drawn, their checkpoints served, the segments run again by
     * others, and the verdicts signed.
     *
     * @param run the attempt that is audited
     * @param border up to which it is open: the job's last, or that of a part
     * @param aim what follows when it holds
     * @param since when it was opened
     * @param audit empty until the segments are drawn
     * @param reasons why a missing auditor was not placed; empty when none is missing
     */
    record Auditing(int run, int border, Aim aim, Instant since, Optional<AuditFile> audit, List<NoMatchReason> reasons)
            implements State {
        public Auditing {
            reasons = List.copyOf(reasons);
        }

        @Override
        public Phase phase() {
            return Phase.AUDITING;
        }

        Auditing with(AuditFile file) {
            return new Auditing(run, border, aim, since, Optional.of(file), reasons);
        }

        Auditing because(List<NoMatchReason> others) {
            return new Auditing(run, border, aim, since, audit, others);
        }

        /** Why the job ends with this audit, whatever comes of it. */
        Optional<Early> early() {
            return switch (aim) {
                case Aim.Whole() -> Optional.empty();
                case Aim.Ends(Early early) -> Optional.of(early);
                case Aim.GoesOn(var _, var cancelled) -> cancelled;
            };
        }

        /** Whether its provider is not waited for: what it left is audited, and the job goes on, unless it was cancelled. */
        boolean goesOn() {
            return aim instanceof Aim.GoesOn;
        }

        /** With the end of this audit the job ends, too. */
        Auditing cancelled() {
            if (!(aim instanceof Aim.GoesOn(String reason, var _))) {
                throw new IllegalStateException(
                        "Expected to note a cancel while a part is audited, but the aim is " + aim);
            }
            var after = new Aim.GoesOn(reason, Optional.of(new Early(Ending.CANCELLED, phase())));
            return new Auditing(run, border, after, since, audit, reasons);
        }
    }

    /** What an audit is for. */
    sealed interface Aim {
        /** The whole is done: it is accepted, or another runs it. */
        record Whole() implements Aim {}

        /** The job ends with it: the part is paid if it holds. */
        record Ends(Early early) implements Aim {}

        /**
         * Its run was given up: the part is paid if it holds and another goes on from there, else from where this began.
         *
         * @param cancelled the job ends then instead, because its builder cancelled meanwhile
         */
        record GoesOn(String reason, Optional<Early> cancelled) implements Aim {}
    }

    /**
     * Why a job ends before the whole was done.
     *
     * @param from the state it was in
     */
    record Early(Ending ending, Phase from) {}

    /**
     * The job ends early; replicas open what they sealed up to a border, so that it can be paid.
     *
     * @param from the state it was in
     * @param asked attempts that were asked to open the border
     */
    record Closing(Ending ending, Phase from, int border, Set<Integer> asked, Instant since) implements State {
        public Closing {
            asked = Set.copyOf(asked);
        }

        @Override
        public Phase phase() {
            return Phase.CLOSING;
        }
    }

    /** The verdict is in; settlement moves the money. */
    record Decided(Outcome outcome, Payable payable) implements State {
        @Override
        public Phase phase() {
            return Phase.DECIDED;
        }
    }

    /** Final. */
    record Settled(Outcome outcome) implements State {
        @Override
        public Phase phase() {
            return Phase.SETTLED;
        }
    }
}
