package io.perigee.scenarios.simulation;

import io.perigee.market.verification.Answer;
import io.perigee.market.verification.Misconduct;
import io.perigee.market.verification.Subject;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.Receipt;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.result.Opening;
import io.perigee.scenarios.simulation.adversary.Conduct;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One run, or one auditor's share of an audit. Its number is its fence. */
final class Attempt {
    enum Status {
        RUNNING,
        COMMITTED,
        ANSWERED,
        ENDED
    }

    final Assignment assignment;
    final Digest hash;
    final Owner owner;
    final Conduct conduct;
    /** What an auditor answers; of a run, what is checked. */
    final Map<Subject, Answer> answers = new LinkedHashMap<>();

    final @Nullable Attempt audited;
    Status status = Status.RUNNING;
    boolean occupies = true;
    int border;
    /** A look at it is due already. */
    boolean waits;
    /** How often auditors were looked for. */
    int looks;
    /** Vanished: only what it has uploaded can be had. */
    boolean gone;
    /** Drawn as whoever has no record yet. */
    boolean newcomer;
    /** Its hub kept the secret back, and has all run again at its own cost. */
    boolean withheld;
    /** What an auditor answers is known. */
    boolean spoke;

    /** The block that draws, as it was seen at the head. */
    @Nullable
    Digest seenAtHead;

    /** What its owner did wrong with it, if anything. */
    @Nullable
    Misconduct misconduct;

    /** When that was noted. */
    long noted;

    @Nullable
    Digest seal;

    @Nullable
    Opening opening;

    @Nullable
    Receipt receipt;

    Attempt(Assignment assignment, Digest hash, Owner owner, Conduct conduct, @Nullable Attempt audited) {
        this.assignment = assignment;
        this.hash = hash;
        this.owner = owner;
        this.conduct = conduct;
        this.audited = audited;
        this.border = assignment.toBorder();
    }

    /** What it says about a subject it was asked about. */
    Answer answer(Subject subject) {
        return Objects.requireNonNull(answers.get(subject));
    }

    int number() {
        return assignment.attempt();
    }

    boolean audits() {
        return assignment.role() == Role.AUDITOR;
    }

    /** What an auditor audits. */
    Attempt run() {
        return Objects.requireNonNull(audited);
    }

    /** Whether an auditor says something without having run anything: it makes it up, or has it from a friend. */
    boolean isIdle() {
        return switch (owner.strategy.auditing()) {
            case HONEST -> false;
            case MADE_UP, ACCUSING -> true;
            case FRIENDLY -> owner.isFriendOf(run().owner);
        };
    }

    int from() {
        return assignment.fromBorder();
    }

    int segments() {
        return border - from();
    }

    /** The machine is free for others; the bond stays until the verdict. */
    void vacate() {
        if (occupies) {
            occupies = false;
            owner.vacate();
        }
    }

    void end() {
        vacate();
        if (status != Status.ENDED) {
            status = Status.ENDED;
            owner.free(assignment.bond());
        }
    }

    Amount earned() {
        return assignment.earnedAt(border);
    }
}
