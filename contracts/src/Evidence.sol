// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {Orders} from "./abstracts/Orders.sol";
import {Agreement} from "./interfaces/IEpochs.sol";
import {DirectCall, IEscrow, Opening, Run} from "./interfaces/IEscrow.sol";
import {IEvidence, Proven, Shown} from "./interfaces/IEvidence.sol";
import {ProviderRegistry} from "./ProviderRegistry.sol";
import {Causes} from "./libraries/Causes.sol";
import {
    Acceptance,
    Assignment,
    Commitment,
    JobOrder,
    Messages,
    Receipt,
    SessionKey,
    Verdict
} from "./libraries/Messages.sol";
import {Signature, Signatures} from "./libraries/Signatures.sol";

/// @title Evidence
/// @notice See the documentation in {IEvidence}. Made by the escrow's constructor, for that escrow alone.
contract Evidence is IEvidence, Orders {
    using Signatures for Signature;

    IEscrow private immutable _escrow;
    ProviderRegistry private immutable _registry;
    /// @dev The domain on the chain that this was made on; on another it is computed.
    bytes32 private immutable _domain;
    uint256 private immutable _chain;

    constructor(ProviderRegistry registry_, uint64 window_, uint64 maxOrder_) Orders(window_, maxOrder_) {
        _escrow = IEscrow(msg.sender);
        _registry = registry_;
        _domain = Messages.domainSeparator(msg.sender);
        _chain = block.chainid;
    }

    /// @inheritdoc IEvidence
    function direct(
        JobOrder calldata order,
        Signature calldata signature,
        Run[] calldata agreeing,
        Run[] calldata contradicting
    ) external view returns (Shown memory) {
        return _direct(order, signature, agreeing, contradicting);
    }

    /// @inheritdoc IEvidence
    function directAll(DirectCall[] calldata calls) external view returns (Shown[] memory all) {
        all = new Shown[](calls.length);
        for (uint256 i = 0; i < calls.length; ++i) {
            DirectCall calldata one = calls[i];
            all[i] = _direct(one.order, one.signature, one.agreeing, one.contradicting);
        }
    }

    /// @inheritdoc IEvidence
    function weigh(JobOrder calldata order, Signature calldata signature, Run[] calldata agreeing)
        external
        view
        returns (Shown memory)
    {
        return _weigh(order, signature, agreeing, HEARD);
    }

    /// @inheritdoc IEvidence
    function weighAll(JobOrder calldata order, Signature calldata signature, Agreement[] calldata agreements)
        external
        view
        returns (Proven[] memory)
    {
        Proven[][] memory proven = new Proven[][](agreements.length);
        for (uint256 i = 0; i < agreements.length; ++i) {
            Shown memory shown = _weigh(order, signature, agreements[i].runs, PAYABLE);
            if (shown.voices < order.quorum) {
                revert Causes.QuorumNotReached(shown.orderHash, order.quorum, shown.voices);
            }
            proven[i] = shown.agreeing;
            for (uint256 j = 0; j < i; ++j) {
                _checkTogether(agreements[j].runs[0], proven[j], agreements[i].runs[0], proven[i]);
            }
        }
        return _each(proven);
    }

    /// @inheritdoc IEvidence
    function open(JobOrder calldata order, Signature calldata signature, Run calldata run)
        external
        view
        returns (bytes32 orderHash, Proven memory proven)
    {
        orderHash = _checkOrder(order, signature, PAYABLE);
        (proven,) = _prove(orderHash, order, run);
    }

    /// @inheritdoc IEvidence
    function earned(JobOrder calldata order, Assignment calldata assignment, uint32 border)
        public
        pure
        returns (uint256)
    {
        // A job without segments is paid whole or not at all; a run's last border likewise needs no division.
        if (border == assignment.toBorder) return assignment.price;
        if (order.segments == 0 || border <= assignment.fromBorder || border > assignment.toBorder) return 0;
        return _share(assignment.price, border - assignment.fromBorder, assignment.toBorder - assignment.fromBorder);
    }

    // ---- inside

    function _digest(bytes32 structHash) internal view override returns (bytes32) {
        bytes32 domain = block.chainid == _chain ? _domain : Messages.domainSeparator(address(_escrow));
        return MessageHashUtils.toTypedDataHash(domain, structHash);
    }

    function _direct(
        JobOrder calldata order,
        Signature calldata signature,
        Run[] calldata agreeing,
        Run[] calldata contradicting
    ) private view returns (Shown memory shown) {
        shown = _weigh(order, signature, agreeing, PAYABLE);
        shown.contradicting = new Proven[](contradicting.length);
        for (uint256 i = 0; i < contradicting.length; ++i) {
            (shown.contradicting[i],) = _prove(shown.orderHash, order, contradicting[i]);
        }
    }

    function _checkOrder(JobOrder calldata order, Signature calldata signature, uint256 windows)
        private
        view
        returns (bytes32 orderHash)
    {
        orderHash = _digest(Messages.hash(order));
        _checkTerms(orderHash, order, windows);
        if (!_signed(orderHash, signature, order.builder) && !_escrow.orderApproved(orderHash)) {
            revert Causes.OrderNotSigned(orderHash, order.builder);
        }
    }

    /// @dev Counts the voices: runs, or verdicts upon the first run, whichever are more.
    function _weigh(JobOrder calldata order, Signature calldata signature, Run[] calldata runs, uint256 windows)
        private
        view
        returns (Shown memory shown)
    {
        shown.orderHash = _checkOrder(order, signature, windows);
        Proven[] memory proven = shown.agreeing = new Proven[](runs.length);
        bytes32 commitmentHash;
        uint256 verdicts = 0;
        uint256 strictVerdicts = 0;
        for (uint256 i = 0; i < runs.length; ++i) {
            if (i > 0 && runs[i].assignment.role == Messages.AUDITOR) {
                proven[i] = _proveVerdict(shown.orderHash, order, runs[i], runs[0], commitmentHash);
                ++verdicts;
                if (proven[i].strict && proven[0].strict) ++strictVerdicts;
            } else {
                bytes32 hash;
                (proven[i], hash) = _prove(shown.orderHash, order, runs[i]);
                if (i == 0) commitmentHash = hash;
                ++shown.voices;
                if (proven[i].strict) ++shown.strict;
            }
            _checkSame(runs, proven, i);
        }
        if (verdicts > shown.voices) (shown.voices, shown.strict) = (verdicts, strictVerdicts);
    }

    /// @dev The same borders and answer as the first, and an owner that none before it had.
    function _checkSame(Run[] calldata runs, Proven[] memory proven, uint256 i) private pure {
        bool same = proven[i].answer == proven[0].answer && runs[i].opening.border == runs[0].opening.border
            && (runs[i].assignment.role == Messages.AUDITOR
                || runs[i].assignment.fromBorder == runs[0].assignment.fromBorder);
        if (!same) revert Causes.AnswersDiffer(proven[i].assignmentHash);
        for (uint256 j = 0; j < i; ++j) {
            if (proven[j].owner == proven[i].owner) {
                revert Causes.OwnerTwice(proven[i].owner, proven[i].assignmentHash, proven[j].assignmentHash);
            }
        }
    }

    /// @dev As by `direct`, one after the other: one answer for the same borders, and an owner counts by one assignment.
    function _checkTogether(Run calldata a, Proven[] memory before, Run calldata b, Proven[] memory after_)
        private
        pure
    {
        if (
            a.assignment.fromBorder == b.assignment.fromBorder && a.opening.border == b.opening.border
                && before[0].answer != after_[0].answer
        ) revert Causes.AnswersDiffer(after_[0].assignmentHash);
        for (uint256 i = 0; i < before.length; ++i) {
            for (uint256 j = 0; j < after_.length; ++j) {
                (Proven memory one, Proven memory other) = (before[i], after_[j]);
                if (one.owner == other.owner && one.assignmentHash != other.assignmentHash) {
                    revert Causes.OwnerTwice(other.owner, other.assignmentHash, one.assignmentHash);
                }
            }
        }
    }

    /// @dev Each run once, where it is shown to have come furthest.
    function _each(Proven[][] memory proven) private pure returns (Proven[] memory runs) {
        uint256 count = 0;
        for (uint256 i = 0; i < proven.length; ++i) {
            count += proven[i].length;
        }
        (runs, count) = (new Proven[](count), 0);
        for (uint256 i = 0; i < proven.length; ++i) {
            for (uint256 j = 0; j < proven[i].length; ++j) {
                Proven memory one = proven[i][j];
                uint256 place = 0;
                while (place < count && runs[place].assignmentHash != one.assignmentHash) ++place;
                if (place == count) runs[count++] = one;
                else if (one.earned > runs[place].earned) runs[place] = one;
            }
        }
        assembly ("memory-safe") {
            mstore(runs, count)
        }
    }

    /// @dev An auditor, assigned and of its owner, found what the run says.
    function _proveVerdict(
        bytes32 orderHash,
        JobOrder calldata order,
        Run calldata verdict,
        Run calldata run,
        bytes32 commitmentHash
    ) private view returns (Proven memory) {
        bytes32 assignmentHash = _checkAssignment(orderHash, order, verdict.assignment, verdict.hubSignature);
        _checkKey(assignmentHash, order, verdict);
        Opening calldata found = verdict.opening;
        bytes32 digest = _digest(
            Messages.hash(Verdict(assignmentHash, commitmentHash, found.root, found.outputDigest, run.opening.border))
        );
        if (!_signed(digest, verdict.commitmentSignature, verdict.key.key)) {
            revert Causes.VerdictNotSigned(assignmentHash, commitmentHash, verdict.key.key);
        }
        return Proven({
            assignmentHash: assignmentHash,
            answer: _answer(found.root, found.outputDigest),
            owner: verdict.assignment.owner,
            committedAt: 0,
            receipted: true,
            strict: verdict.assignment.numericClass == Messages.STRICT_CLASS,
            earned: verdict.assignment.price
        });
    }

    /// @dev The whole of `direct`'s evidence for one run.
    function _prove(bytes32 orderHash, JobOrder calldata order, Run calldata run)
        private
        view
        returns (Proven memory proven, bytes32 commitmentHash)
    {
        bytes32 assignmentHash = _checkAssignment(orderHash, order, run.assignment, run.hubSignature);
        _checkPlace(assignmentHash, order, run.assignment, run.opening);
        _checkKey(assignmentHash, order, run);
        commitmentHash = _checkCommitment(assignmentHash, run);
        (proven.committedAt, proven.receipted) = _checkTime(commitmentHash, order, run);
        proven.assignmentHash = assignmentHash;
        proven.answer = _answer(run.opening.root, run.opening.outputDigest);
        proven.owner = run.assignment.owner;
        proven.strict = run.assignment.numericClass == Messages.STRICT_CLASS;
        proven.earned = earned(order, run.assignment, run.opening.border);
    }

    function _answer(bytes32 root, bytes32 outputDigest) private pure returns (bytes32) {
        return keccak256(abi.encode(root, outputDigest));
    }

    /// @dev The borders fit, and the opening has leaves exactly when the job has segments.
    function _checkPlace(
        bytes32 assignmentHash,
        JobOrder calldata order,
        Assignment calldata assignment,
        Opening calldata opening
    ) private pure {
        if (assignment.role != Messages.REPLICA) {
            revert Causes.RoleNotPaid(assignmentHash, assignment.role);
        }
        bool segmented = order.segments != 0;
        bool fits = segmented
            ? assignment.fromBorder < opening.border && opening.border <= assignment.toBorder
                && assignment.toBorder <= order.segments
            : assignment.fromBorder == 0 && opening.border == assignment.toBorder;
        if (!fits) {
            revert Causes.BordersOutOfRange(
                assignmentHash, assignment.fromBorder, opening.border, assignment.toBorder, order.segments
            );
        }
        if ((opening.leafCount != 0) != segmented || (!segmented && opening.root != 0)) {
            revert Causes.LeavesOutOfPlace(assignmentHash, order.segments, opening.root, opening.leafCount);
        }
    }

    /// @dev The owner stands behind the provider, lets the key speak for it at this hub, and the key took the assignment.
    function _checkKey(bytes32 assignmentHash, JobOrder calldata order, Run calldata run) private view {
        Assignment calldata assignment = run.assignment;
        SessionKey calldata key = run.key;
        if (key.owner != assignment.owner || key.provider != assignment.provider || key.hub != order.hub) {
            revert Causes.KeyMismatch(assignmentHash);
        }
        (address owner, uint64 revokedAt) = _registry.standing(assignment.provider, key.serial);
        if (owner == address(0) || owner != assignment.owner) {
            revert Causes.ProviderNotOwned(assignment.provider, assignment.owner, owner);
        }
        if (assignment.issuedAt < key.notBefore || assignment.issuedAt > key.expiresAt) {
            revert Causes.KeyNotInForce(assignmentHash, key.notBefore, assignment.issuedAt, key.expiresAt);
        }
        if (revokedAt != 0 && assignment.issuedAt >= revokedAt) {
            revert Causes.KeyRevoked(assignment.provider, key.serial, revokedAt, assignment.issuedAt);
        }
        bytes32 keyHash = _digest(Messages.hash(key));
        if (!_signed(keyHash, run.keySignature, owner) && !_registry.keyRecorded(keyHash)) {
            revert Causes.KeyNotSigned(keyHash, owner);
        }
        bytes32 acceptance = _digest(Messages.hash(Acceptance(assignmentHash)));
        if (!_signed(acceptance, run.acceptanceSignature, key.key)) {
            revert Causes.AcceptanceNotSigned(assignmentHash, key.key);
        }
    }

    /// @dev The seal is derived from the opening: another opening than the one sealed has no signature.
    function _checkCommitment(bytes32 assignmentHash, Run calldata run) private view returns (bytes32 commitmentHash) {
        Opening calldata o = run.opening;
        bytes32 seal = Messages.seal(assignmentHash, o.border, o.root, o.leafCount, o.outputDigest, o.salt);
        commitmentHash = _digest(Messages.hash(Commitment(assignmentHash, o.border, seal)));
        if (!_signed(commitmentHash, run.commitmentSignature, run.key.key)) {
            revert Causes.CommitmentNotSigned(assignmentHash, seal, run.key.key);
        }
    }

    /// @dev Committed in time: by the hub's receipt within the lease, or, once the deadline is past, by a record made
    /// before it.
    function _checkTime(bytes32 commitmentHash, JobOrder calldata order, Run calldata run)
        private
        view
        returns (uint64 committedAt, bool receipted)
    {
        if (run.receiptSignature.isGiven()) {
            bytes32 receiptHash = _digest(Messages.hash(Receipt(commitmentHash, run.receivedAt, run.drawBlock)));
            if (!_signed(receiptHash, run.receiptSignature, order.hub)) {
                revert Causes.ReceiptNotSigned(commitmentHash, order.hub);
            }
            if (run.receivedAt > run.assignment.leaseUntil) {
                revert Causes.ReceiptLate(commitmentHash, run.receivedAt, run.assignment.leaseUntil);
            }
            return (run.receivedAt, true);
        }
        if (block.timestamp <= order.deadline) revert Causes.ReceiptMissing(commitmentHash, order.deadline);
        committedAt = _escrow.recordedAt(commitmentHash);
        if (committedAt == 0) revert Causes.CommitmentNotRecorded(commitmentHash);
        if (committedAt > order.deadline) {
            revert Causes.CommitmentRecordedLate(commitmentHash, committedAt, order.deadline);
        }
    }

    function _share(uint256 price, uint256 part, uint256 whole) private pure returns (uint256) {
        // price * part may not fit a word for a hostile price; the parts are 32-bit, so divide first and carry the rest
        return (price / whole) * part + ((price % whole) * part) / whole;
    }
}
