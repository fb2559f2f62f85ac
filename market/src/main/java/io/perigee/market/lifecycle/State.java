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
     * @param border up to which it is open: the job's last, or that of the part that is paid when the job ends early
     * @param early why the job ends with this audit whatever comes of it; empty when the whole is audited
     * @param since when it was opened
     * @param audit empty until the segments are drawn
     * @param reasons why a missing auditor was not placed; empty when none is missing
     */
    record Auditing(
            int run,
            int border,
            Optional<Early> early,
            Instant since,
            Optional<AuditFile> audit,
            List<NoMatchReason> reasons)
            implements State {
        public Auditing {
            reasons = List.copyOf(reasons);
        }

        @Override
        public Phase phase() {
            return Phase.AUDITING;
        }

        Auditing with(AuditFile file) {
            return new Auditing(run, border, early, since, Optional.of(file), reasons);
        }

        Auditing because(List<NoMatchReason> others) {
            return new Auditing(run, border, early, since, audit, others);
        }
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
