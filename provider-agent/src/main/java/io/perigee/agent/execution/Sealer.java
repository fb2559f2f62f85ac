package io.perigee.agent.execution;

import io.perigee.agent.gateway.Refs;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Signatures;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.gateway.HubMessage.ReceiptGiven;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Acceptance;
import io.perigee.protocol.message.Commitment;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.message.Verdict;
import io.perigee.protocol.result.MerkleTree;
import io.perigee.protocol.result.Opening;
import io.perigee.protocol.result.Salts;
import io.perigee.protocol.result.Seal;
import org.jspecify.annotations.Nullable;

/**
 * Makes what an attempt signs. Everything is derived from the record and the session key, so making it twice, or after
 * a restart, gives the same bytes.
 */
final class Sealer {
    private final KeyPair key;
    private final Domain domain;

    Sealer(KeyPair key, Domain domain) {
        this.key = key;
        this.domain = domain;
    }

    /** Whether what it makes is this attempt's; made by another key it would contradict what that one said. */
    boolean isFor(AttemptRecord attempt) {
        return attempt.isBy(key.address());
    }

    AgentMessage.Accept accept(AttemptRecord attempt) {
        var hash = attempt.assignmentHash();
        return new AgentMessage.Accept(
                Refs.of(hash, "accept"), attempt.work().jobId(), hash, key.sign(new Acceptance(hash).digest(domain)));
    }

    /** @param outputs the outputs' manifest at the last border, nothing before it */
    Opening opening(AttemptRecord attempt, int border, @Nullable ContentId outputs) {
        var leaves = attempt.segments().stream()
                .filter(segment -> segment.border() <= border)
                .map(segment -> segment.leaf(attempt.work().assignment().orderHash()))
                .toList();
        var tree = MerkleTree.of(leaves);
        return new Opening(
                tree.root(),
                tree.leafCount(),
                outputs == null ? Digest.ZERO : outputs.digest(),
                Salts.derive(key, attempt.assignmentHash(), border));
    }

    Commitment commitment(AttemptRecord attempt, int border, @Nullable ContentId outputs) {
        var hash = attempt.assignmentHash();
        return new Commitment(hash, border, Seal.of(hash, border, opening(attempt, border, outputs)));
    }

    AgentMessage.Commit commit(AttemptRecord attempt, int border, @Nullable ContentId outputs) {
        var commitment = commitment(attempt, border, outputs);
        return new AgentMessage.Commit(
                Refs.of(attempt.assignmentHash(), "commit-" + border),
                attempt.work().jobId(),
                commitment,
                key.sign(commitment.digest(domain)));
    }

    AgentMessage.Reveal reveal(
            AttemptRecord attempt, int border, @Nullable ContentId outputs, @Nullable ContentId checkpoint) {
        return new AgentMessage.Reveal(
                Refs.of(attempt.assignmentHash(), "reveal-" + border),
                attempt.work().jobId(),
                attempt.assignmentHash(),
                border,
                opening(attempt, border, outputs),
                attempt.segments().stream()
                        .filter(segment -> segment.border() <= border)
                        .toList(),
                attempt.audits() ? null : outputs,
                attempt.audits() ? null : checkpoint);
    }

    /**
     * @param asked whether the hub asks for it, which it does also for one that it was given in passing: that came before
     *     its leaf was open, and a message that the hub has heard already is no answer
     */
    AgentMessage.Checkpoint checkpoint(AttemptRecord attempt, int border, ContentId uploaded, boolean asked) {
        return new AgentMessage.Checkpoint(
                Refs.of(attempt.assignmentHash(), (asked ? "asked-checkpoint-" : "checkpoint-") + border),
                attempt.work().jobId(),
                attempt.assignmentHash(),
                border,
                uploaded);
    }

    AgentMessage.VerdictSigned verdict(AttemptRecord attempt, Verdict verdict) {
        return new AgentMessage.VerdictSigned(
                Refs.of(attempt.assignmentHash(), "verdict"),
                attempt.work().jobId(),
                verdict,
                key.sign(verdict.digest(domain)));
    }

    /** One word for each run that was shown, however often it was. */
    AgentMessage.VerdictRefused refusal(AttemptRecord attempt, Commitment shown, Judgement.Refused refused) {
        return new AgentMessage.VerdictRefused(
                Refs.of(attempt.assignmentHash(), "refused-" + refused.reason() + "-" + shown.digest(domain)),
                attempt.work().jobId(),
                attempt.assignmentHash(),
                refused.reason(),
                Text.bounded(refused.detail(), Failure.LONGEST_DETAIL));
    }

    Judgement judge(AttemptRecord attempt, HubMessage.VerdictRequest request) {
        return Judgement.of(attempt, request, domain);
    }

    AgentMessage.Failed failed(AttemptRecord attempt, Phase.Failed failure) {
        return new AgentMessage.Failed(
                Refs.of(attempt.assignmentHash(), "failed"),
                attempt.work().jobId(),
                attempt.assignmentHash(),
                failure.kind(),
                failure.exitCode(),
                failure.detail());
    }

    /**
     * Whether the hub of the order signed this receipt, for a commitment that this attempt made, and in time: only with such
     * a one the contract pays for what is opened.
     */
    boolean isGenuine(AttemptRecord attempt, ReceiptGiven message) {
        return isOwn(attempt, message.commitment())
                && message.receipt().receivedAt() <= attempt.work().assignment().leaseUntil()
                && message.receipt()
                        .commitmentHash()
                        .equals(message.commitment().digest(domain))
                && Signatures.isBy(
                        attempt.work().order().hub(), message.receipt().digest(domain), message.hubSignature());
    }

    private boolean isOwn(AttemptRecord attempt, Commitment commitment) {
        int border = commitment.toBorder();
        if (attempt.segmented() && (border <= attempt.fromBorder() || border > attempt.reached())) {
            return false;
        }
        if (border < attempt.toBorder()) {
            return commitment.equals(commitment(attempt, border, null));
        }
        return switch (attempt.phase()) {
            case Phase.Preparing _, Phase.Running _, Phase.Resuming _, Phase.Finishing _ -> false;
            case Phase.Sealed(var outputs) -> commitment.equals(commitment(attempt, border, outputs));
            case Phase.Finished(var outputs, var _) -> commitment.equals(commitment(attempt, border, outputs));
            // it may have sealed the whole before; nothing is opened for it any more
            case Phase.Halted _, Phase.Opened _, Phase.Failed _, Phase.Closed _ -> true;
        };
    }
}
