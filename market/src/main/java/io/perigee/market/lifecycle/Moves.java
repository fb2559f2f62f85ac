package io.perigee.market.lifecycle;

import static io.perigee.market.lifecycle.Phase.ACTIVE;
import static io.perigee.market.lifecycle.Phase.AUDITING;
import static io.perigee.market.lifecycle.Phase.CLOSING;
import static io.perigee.market.lifecycle.Phase.DECIDED;
import static io.perigee.market.lifecycle.Phase.DISPUTED;
import static io.perigee.market.lifecycle.Phase.FUNDED;
import static io.perigee.market.lifecycle.Phase.QUEUED;
import static io.perigee.market.lifecycle.Phase.SETTLED;
import static io.perigee.market.lifecycle.Phase.SUBMITTED;

import io.perigee.protocol.fact.AttemptEnded;
import io.perigee.protocol.fact.AttemptStarted;
import io.perigee.protocol.fact.CancelNoted;
import io.perigee.protocol.fact.CheckpointRequested;
import io.perigee.protocol.fact.CheckpointServed;
import io.perigee.protocol.fact.CreditsReserved;
import io.perigee.protocol.fact.EpochJoined;
import io.perigee.protocol.fact.EpochLeft;
import io.perigee.protocol.fact.EpochPosted;
import io.perigee.protocol.fact.FundingRefused;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.JobCancelled;
import io.perigee.protocol.fact.JobExpired;
import io.perigee.protocol.fact.JobFact;
import io.perigee.protocol.fact.JobFailed;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobQueued;
import io.perigee.protocol.fact.JobReopened;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.JobSubmitted;
import io.perigee.protocol.fact.PartAccepted;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.fact.ResultCommitted;
import io.perigee.protocol.fact.ResultDisputed;
import io.perigee.protocol.fact.ResultRevealed;
import io.perigee.protocol.fact.RevealRequested;
import io.perigee.protocol.fact.RunGivenUp;
import io.perigee.protocol.fact.SegmentsDrawn;
import io.perigee.protocol.fact.SettlementSent;
import io.perigee.protocol.fact.VerdictRefused;
import io.perigee.protocol.fact.VerdictRequested;
import io.perigee.protocol.fact.VerdictSigned;
import io.perigee.protocol.rest.AttemptState;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Every move a job and an attempt can make; there are no others. docs/lifecycle.md is written from these lists. */
public final class Moves {

    /**
     * One move of a job.
     *
     * @param from empty for the beginning
     * @param why in words, for the document
     */
    public record Move(Optional<Phase> from, Class<? extends JobFact> fact, Phase to, String why) {}

    /** One move of an attempt. */
    public record AttemptMove(
            Optional<AttemptState> from, Class<? extends JobFact> fact, AttemptState to, String why) {}

    private static final List<Move> JOB = List.of(
            move(null, JobSubmitted.class, SUBMITTED, "intake accepted the signed order"),
            move(SUBMITTED, JobFunded.class, FUNDED, "the allotment covers the order's maximum, which is now reserved"),
            move(SUBMITTED, FundingRefused.class, SUBMITTED, "the allotment does not cover it"),
            move(SUBMITTED, JobFailed.class, DECIDED, "funding was refused, or the order is invalid"),
            move(SUBMITTED, JobCancelled.class, DECIDED, "the builder cancelled; nothing is owed"),
            move(SUBMITTED, JobExpired.class, DECIDED, "nobody reserved the money in time"),
            move(FUNDED, JobAssigned.class, ACTIVE, "matching found all replicas at once"),
            move(FUNDED, JobQueued.class, QUEUED, "too few offers fit; the reasons are kept"),
            move(FUNDED, JobCancelled.class, DECIDED, "the builder cancelled; nothing is owed"),
            move(FUNDED, JobExpired.class, DECIDED, "matching did not look in time"),
            move(QUEUED, JobQueued.class, QUEUED, "other reasons than before"),
            move(QUEUED, JobAssigned.class, ACTIVE, "offers that fit came"),
            move(QUEUED, JobCancelled.class, DECIDED, "the builder cancelled; nothing is owed"),
            move(QUEUED, JobExpired.class, DECIDED, "the queue deadline passed"),
            move(QUEUED, AttemptStarted.class, QUEUED, "an auditor of a run that is out took its assignment"),
            move(QUEUED, ResultCommitted.class, QUEUED, "an auditor of a run that is out sealed its own leaves"),
            move(QUEUED, ResultRevealed.class, QUEUED, "an auditor of a run that is out opened them for the next"),
            move(QUEUED, AttemptEnded.class, QUEUED, "an auditor of a run that is out is let go, or lost"),
            move(ACTIVE, JobAssigned.class, ACTIVE, "one more replica was placed"),
            move(ACTIVE, AttemptStarted.class, ACTIVE, "a provider took its assignment"),
            move(ACTIVE, ResultCommitted.class, ACTIVE, "a border was sealed and receipted"),
            move(ACTIVE, ResultRevealed.class, ACTIVE, "the last border's seal was opened"),
            move(ACTIVE, AttemptEnded.class, ACTIVE, "an attempt is over"),
            move(ACTIVE, JobQueued.class, ACTIVE, "a replacement is missing; the others go on"),
            move(ACTIVE, JobQueued.class, QUEUED, "every attempt was lost and no replacement fits"),
            move(ACTIVE, ResultDisputed.class, DISPUTED, "all have answered and the answers differ"),
            move(ACTIVE, RevealRequested.class, CLOSING, "the job ends early and a quorum has sealed a part of it"),
            move(ACTIVE, ResultAccepted.class, DECIDED, "a quorum of distinct owners agreed"),
            move(
                    ACTIVE,
                    JobFailed.class,
                    DECIDED,
                    "a quorum blamed the job, it crashed too often, or nobody can decide"),
            move(ACTIVE, JobCancelled.class, DECIDED, "the builder cancelled before a quorum had sealed anything"),
            move(ACTIVE, JobExpired.class, DECIDED, "time is up and no quorum has sealed anything"),
            move(
                    ACTIVE,
                    CheckpointServed.class,
                    ACTIVE,
                    "the provider of an audited job uploaded a checkpoint unasked"),
            move(ACTIVE, ResultRevealed.class, AUDITING, "the one run of an audited job is open"),
            move(AUDITING, SegmentsDrawn.class, AUDITING, "the block that draws is confirmed, or stayed unknown"),
            move(AUDITING, CheckpointRequested.class, AUDITING, "a drawn segment starts from this checkpoint"),
            move(AUDITING, CheckpointServed.class, AUDITING, "the provider uploaded it"),
            move(AUDITING, JobAssigned.class, AUDITING, "an auditor was placed, drawn by stake"),
            move(AUDITING, JobQueued.class, AUDITING, "nobody fits who could audit; the reasons are kept"),
            move(AUDITING, AttemptStarted.class, AUDITING, "an auditor took its assignment"),
            move(AUDITING, ResultCommitted.class, AUDITING, "an auditor sealed its own leaves"),
            move(AUDITING, ResultRevealed.class, AUDITING, "an auditor opened them"),
            move(AUDITING, ResultDisputed.class, AUDITING, "a segment's answers differ; one more auditor is asked"),
            move(AUDITING, AttemptEnded.class, AUDITING, "an attempt is over"),
            move(AUDITING, VerdictRequested.class, AUDITING, "the run holds; its auditors are to sign for it"),
            move(AUDITING, VerdictSigned.class, AUDITING, "an auditor signed"),
            move(AUDITING, VerdictRefused.class, AUDITING, "an auditor does not sign; another takes its place"),
            move(AUDITING, ResultAccepted.class, DECIDED, "the run holds, and q owners signed for it"),
            move(
                    AUDITING,
                    JobReopened.class,
                    ACTIVE,
                    "the run fell, its checkpoints were not served, or its auditors cannot run it again"),
            move(AUDITING, JobFailed.class, DECIDED, "nobody can decide, or too many runs fell"),
            move(
                    AUDITING,
                    JobExpired.class,
                    DECIDED,
                    "nobody came who could audit, or what was done in time is audited"),
            move(
                    AUDITING,
                    JobCancelled.class,
                    DECIDED,
                    "the part that was done before is audited, and paid if it holds"),
            move(
                    ACTIVE,
                    RunGivenUp.class,
                    AUDITING,
                    "the run of an audited job is lost, and it had opened a part, which is audited"),
            move(
                    AUDITING,
                    PartAccepted.class,
                    ACTIVE,
                    "what a run that was given up left holds, and the next one goes on from there"),
            move(
                    AUDITING,
                    CancelNoted.class,
                    AUDITING,
                    "the builder cancelled while a part is audited, with which the job ends now"),
            move(DISPUTED, JobQueued.class, DISPUTED, "nobody fits who could decide; the reasons are kept"),
            move(DISPUTED, JobReopened.class, ACTIVE, "one more replica, drawn by stake, will decide"),
            move(DISPUTED, AttemptEnded.class, DISPUTED, "an attempt is over"),
            move(DISPUTED, RevealRequested.class, CLOSING, "the job ends early; what is undisputed gets opened"),
            move(DISPUTED, JobFailed.class, DECIDED, "nobody came who could decide, and nothing is undisputed"),
            move(DISPUTED, JobCancelled.class, DECIDED, "the builder cancelled, and nothing is undisputed"),
            move(CLOSING, RevealRequested.class, CLOSING, "another replica is asked for the same border"),
            move(CLOSING, ResultRevealed.class, CLOSING, "a replica opened the border"),
            move(
                    CLOSING,
                    ResultRevealed.class,
                    AUDITING,
                    "the run of an audited job opened its part, which is audited before it is paid"),
            move(
                    CLOSING,
                    RunGivenUp.class,
                    AUDITING,
                    "the run had opened in passing all that it sealed, or opens no more than it had"),
            move(CLOSING, AttemptEnded.class, CLOSING, "an attempt is over"),
            move(CLOSING, JobCancelled.class, DECIDED, "the part on which a quorum agrees is paid"),
            move(CLOSING, JobExpired.class, DECIDED, "the part on which a quorum agrees is paid"),
            move(CLOSING, JobFailed.class, DECIDED, "the part on which a quorum agrees is paid"),
            move(DECIDED, SettlementSent.class, DECIDED, "a transaction was broadcast"),
            move(DECIDED, EpochJoined.class, DECIDED, "its order's epoch will pay it"),
            move(DECIDED, EpochPosted.class, DECIDED, "its epoch is on the chain, and may be looked at"),
            move(DECIDED, EpochLeft.class, DECIDED, "no epoch pays it; its evidence goes to the contract by itself"),
            move(DECIDED, CreditsReserved.class, DECIDED, "the contract checked the evidence; the credits mature"),
            move(DECIDED, JobSettled.class, SETTLED, "the money is where it belongs"));

    private static final List<AttemptMove> ATTEMPT = List.of(
            attempt(null, JobAssigned.class, AttemptState.ASSIGNED, "the hub signed an assignment"),
            attempt(
                    AttemptState.ASSIGNED,
                    AttemptStarted.class,
                    AttemptState.RUNNING,
                    "the provider's session key accepted"),
            attempt(AttemptState.ASSIGNED, AttemptEnded.class, AttemptState.DECLINED, "the provider does not want it"),
            attempt(
                    AttemptState.ASSIGNED,
                    AttemptEnded.class,
                    AttemptState.LOST,
                    "not taken in time, or the provider is gone, or its key was revoked before"),
            attempt(AttemptState.ASSIGNED, AttemptEnded.class, AttemptState.FAILED, "it could not start"),
            attempt(AttemptState.ASSIGNED, AttemptEnded.class, AttemptState.CANCELLED, "the job ended"),
            attempt(AttemptState.RUNNING, ResultCommitted.class, AttemptState.RUNNING, "a border was sealed"),
            attempt(AttemptState.RUNNING, ResultCommitted.class, AttemptState.COMMITTED, "the last border was sealed"),
            attempt(
                    AttemptState.RUNNING,
                    ResultRevealed.class,
                    AttemptState.RUNNING,
                    "a part was opened in passing, or because the job ends early"),
            attempt(
                    AttemptState.RUNNING,
                    RunGivenUp.class,
                    AttemptState.REVEALED,
                    "it is lost, and the part it had opened is audited"),
            attempt(
                    AttemptState.COMMITTED,
                    RunGivenUp.class,
                    AttemptState.REVEALED,
                    "it did not open the whole in time, and the part it had opened is audited"),
            attempt(
                    AttemptState.RUNNING,
                    ResultRevealed.class,
                    AttemptState.REVEALED,
                    "the part with which an audited job ends early was opened"),
            attempt(
                    AttemptState.RUNNING,
                    AttemptEnded.class,
                    AttemptState.LOST,
                    "the provider is gone, or did not open in time, or its key was revoked before"),
            attempt(AttemptState.RUNNING, AttemptEnded.class, AttemptState.FAILED, "the work failed, or took too long"),
            attempt(
                    AttemptState.RUNNING,
                    AttemptEnded.class,
                    AttemptState.YIELDED,
                    "the provider stopped by its own will"),
            attempt(
                    AttemptState.RUNNING,
                    AttemptEnded.class,
                    AttemptState.REJECTED,
                    "its opening is no opening of its seal, or contradicts a quorum"),
            attempt(AttemptState.RUNNING, AttemptEnded.class, AttemptState.VERIFIED, "its part agrees with a quorum"),
            attempt(AttemptState.RUNNING, AttemptEnded.class, AttemptState.CANCELLED, "the job ended without it"),
            attempt(
                    AttemptState.COMMITTED,
                    ResultRevealed.class,
                    AttemptState.REVEALED,
                    "the last border's seal was opened"),
            attempt(
                    AttemptState.COMMITTED,
                    ResultRevealed.class,
                    AttemptState.COMMITTED,
                    "a part was opened because the job ends early"),
            attempt(
                    AttemptState.COMMITTED,
                    AttemptEnded.class,
                    AttemptState.LOST,
                    "it did not open in time, or its key was revoked before"),
            attempt(
                    AttemptState.COMMITTED,
                    AttemptEnded.class,
                    AttemptState.FAILED,
                    "it could not deliver what it sealed"),
            attempt(
                    AttemptState.COMMITTED,
                    AttemptEnded.class,
                    AttemptState.REJECTED,
                    "its opening is no opening of its seal, or contradicts a quorum"),
            attempt(AttemptState.COMMITTED, AttemptEnded.class, AttemptState.VERIFIED, "its part agrees with a quorum"),
            attempt(AttemptState.COMMITTED, AttemptEnded.class, AttemptState.CANCELLED, "the job ended without it"),
            attempt(
                    AttemptState.REVEALED,
                    ResultRevealed.class,
                    AttemptState.REVEALED,
                    "a part was opened because the job ends early"),
            attempt(AttemptState.REVEALED, AttemptEnded.class, AttemptState.VERIFIED, "it agrees with a quorum"),
            attempt(
                    AttemptState.REVEALED,
                    AttemptEnded.class,
                    AttemptState.REJECTED,
                    "it contradicts a quorum, a segment of it fell, or it opened a part falsely"),
            attempt(
                    AttemptState.REVEALED,
                    AttemptEnded.class,
                    AttemptState.LOST,
                    "it did not open a part, serve a checkpoint that can be run on from or sign a verdict in time, or its key was revoked before"),
            attempt(
                    AttemptState.REVEALED,
                    AttemptEnded.class,
                    AttemptState.CANCELLED,
                    "the job ended without a verdict on it"));

    private Moves() {}

    public static List<Move> job() {
        return JOB;
    }

    public static List<AttemptMove> attempt() {
        return ATTEMPT;
    }

    static void require(@Nullable Phase from, JobFact fact, Phase to) {
        var known = JOB.stream()
                .anyMatch(move -> move.from().equals(Optional.ofNullable(from))
                        && move.fact().equals(fact.getClass())
                        && move.to() == to);
        if (!known) {
            throw new IllegalStateException("Expected a known move, but got %s from %s to %s"
                    .formatted(fact.getClass().getSimpleName(), from, to));
        }
    }

    static void require(@Nullable AttemptState from, JobFact fact, AttemptState to) {
        var known = ATTEMPT.stream()
                .anyMatch(move -> move.from().equals(Optional.ofNullable(from))
                        && move.fact().equals(fact.getClass())
                        && move.to() == to);
        if (!known) {
            throw new IllegalStateException("Expected a known move of an attempt, but got %s from %s to %s"
                    .formatted(fact.getClass().getSimpleName(), from, to));
        }
    }

    private static Move move(@Nullable Phase from, Class<? extends JobFact> fact, Phase to, String why) {
        return new Move(Optional.ofNullable(from), fact, to, why);
    }

    private static AttemptMove attempt(
            @Nullable AttemptState from, Class<? extends JobFact> fact, AttemptState to, String why) {
        return new AttemptMove(Optional.ofNullable(from), fact, to, why);
    }
}
