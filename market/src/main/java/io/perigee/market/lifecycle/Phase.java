package io.perigee.market.lifecycle;

import io.perigee.protocol.rest.JobState;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The states of a job by name, with the owner and the deadline of each. */
public enum Phase {
    SUBMITTED(Stage.SETTLEMENT, "deadlines.queue after submission", "JobExpired"),
    FUNDED(Stage.SCHEDULER, "deadlines.queue after submission", "JobExpired"),
    QUEUED(Stage.SCHEDULER, "deadlines.queue after submission or after the last attempt was lost", "JobExpired"),
    ACTIVE(
            Stage.SCHEDULER,
            "the earliest of its attempts' deadlines; while a replica is missing, deadlines.queue after the last attempt ended",
            "AttemptEnded, or CLOSING"),
    AUDITING(
            Stage.SCHEDULER,
            "until the draw, the last instant at which an audit still fits before the order's deadline, but at least the draw"
                    + " timeout after the run was opened; deadlines.upload for each checkpoint that was asked for, one after the other, and after a verdict was;"
                    + " its auditors' deadlines; while an auditor is missing, the last instant at which one may be assigned; for the part of a run that was given up, deadlines.queue after the last of all that",
            "all is drawn; or the run is LOST and the job reopens; or AttemptEnded; or JobExpired"),
    DISPUTED(Stage.SCHEDULER, "deadlines.queue after the split", "CLOSING"),
    CLOSING(
            Stage.SCHEDULER,
            "the closing timeout and deadlines.upload after the openings were asked for, no longer than the leases of those asked",
            "the end it was asked for"),
    DECIDED(Stage.SETTLEMENT, "the order's deadline + 9 W, after which the money is free on chain", "JobSettled"),
    SETTLED(null, "none: final", "");

    private final Optional<Stage> owner;
    private final String deadline;
    private final String whenDue;

    Phase(@Nullable Stage owner, String deadline, String whenDue) {
        this.owner = Optional.ofNullable(owner);
        this.deadline = deadline;
        this.whenDue = whenDue;
    }

    /** Who has the baton; empty for the final state. */
    public Optional<Stage> owner() {
        return owner;
    }

    public String deadline() {
        return deadline;
    }

    /** The fact or state that the deadline leads to. */
    public String whenDue() {
        return whenDue;
    }

    /** The state's name towards users; a job that is audited or closing shows as active. */
    public JobState wire() {
        return switch (this) {
            case SUBMITTED -> JobState.SUBMITTED;
            case FUNDED -> JobState.FUNDED;
            case QUEUED -> JobState.QUEUED;
            case ACTIVE, AUDITING, CLOSING -> JobState.ACTIVE;
            case DISPUTED -> JobState.DISPUTED;
            case DECIDED -> JobState.DECIDED;
            case SETTLED -> JobState.SETTLED;
        };
    }
}
