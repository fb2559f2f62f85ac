package io.perigee.market.lifecycle;

import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.AttemptEnded;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.result.RunEvidence;
import java.time.Instant;
import java.util.Optional;

/**
 * One run of a job by one provider.
 *
 * <p>Its number is its fence: numbers only grow, and whoever speaks for a number that ended is refused.
 */
public record Attempt(
        int number,
        Assignment assignment,
        Signature hubSignature,
        SessionKey sessionKey,
        Signature sessionKeySignature,
        AttemptStatus status) {

    public Address owner() {
        return assignment.owner();
    }

    /** Runs segments of another's run again. */
    public boolean audits() {
        return assignment.role() == Role.AUDITOR;
    }

    /** The border of all it was assigned. */
    public int lastBorder() {
        return assignment.toBorder();
    }

    /** Assigned, running or committed: its answer is still to come. */
    public boolean running() {
        return switch (status) {
            case AttemptStatus.Assigned _, AttemptStatus.Running _, AttemptStatus.Committed _ -> true;
            case AttemptStatus.Revealed _, AttemptStatus.Ended _ -> false;
        };
    }

    public boolean ended() {
        return status instanceof AttemptStatus.Ended;
    }

    /** Whether it holds the provider's machine: from the assignment to the last border's seal. */
    public boolean occupies() {
        return switch (status) {
            case AttemptStatus.Assigned _, AttemptStatus.Running _ -> true;
            case AttemptStatus.Committed _, AttemptStatus.Revealed _, AttemptStatus.Ended _ -> false;
        };
    }

    public Optional<AttemptEnd> end() {
        return status instanceof AttemptStatus.Ended ended ? Optional.of(ended.end()) : Optional.empty();
    }

    /** Why it failed; empty unless it ended as FAILED. */
    public Optional<FailureKind> failure() {
        return status instanceof AttemptStatus.Ended ended ? ended.kind() : Optional.empty();
    }

    public Optional<Work> done() {
        return status.done();
    }

    Attempt in(AttemptStatus next) {
        return new Attempt(number, assignment, hubSignature, sessionKey, sessionKeySignature, next);
    }

    Attempt ended(AttemptEnded fact, Instant at, Silence silence) {
        return in(new AttemptStatus.Ended(
                fact.end(),
                Optional.ofNullable(fact.kind()),
                Optional.ofNullable(fact.exitCode()),
                fact.detail(),
                at,
                silence,
                status.done()));
    }

    /** All that proves this run up to a border; empty unless it sealed and opened that border. */
    public Optional<RunEvidence> evidence(int border) {
        return done().flatMap(work -> work.receiptAt(border)
                .flatMap(receipted -> work.openingAt(border).map(opened -> evidence(work, receipted, opened))));
    }

    private RunEvidence evidence(Work work, Work.Receipted receipted, Work.Opened opened) {
        return new RunEvidence(
                assignment,
                hubSignature,
                work.acceptance(),
                sessionKey,
                sessionKeySignature,
                receipted.commitment(),
                receipted.commitmentSignature(),
                receipted.receipt(),
                receipted.receiptSignature(),
                opened.opening(),
                opened.segments());
    }
}
