// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IEscrow, Opening, Run} from "../interfaces/IEscrow.sol";
import {Errors} from "../libraries/Errors.sol";
import {Acceptance, Assignment, Commitment, JobOrder, Messages, Receipt, SessionKey} from "../libraries/Messages.sol";
import {Funds} from "./Funds.sol";

/// @title Evidence
/// @notice Decides whether what is shown was really ordered, assigned, accepted, committed in time, and is what was
/// sealed. It moves no money.
abstract contract Evidence is Funds, EIP712 {
    /// @dev What a proven run comes to.
    struct Proven {
        bytes32 assignmentHash;
        bytes32 answer;
        address owner;
        uint64 committedAt;
        bool receipted;
        bool strict;
        uint256 earned;
    }

    mapping(bytes32 orderHash => bool approved) public orderApproved;
    mapping(bytes32 commitmentHash => uint64 time) public recordedAt;

    // ---- what may be said on chain instead of by a signature

    /// @inheritdoc IEscrow
    function approveOrder(JobOrder calldata order) external returns (bytes32 orderHash) {
        // Check: one's own.
        if (msg.sender != order.builder) revert Errors.NotTheBuilder(order.builder, msg.sender);
        // Effect: for ever, so that a wallet that changes its mind harms nobody.
        orderHash = hashOrder(order);
        orderApproved[orderHash] = true;
        emit OrderApproved(orderHash, order.builder);
    }

    /// @inheritdoc IEscrow
    function recordCommitment(Commitment calldata commitment) external returns (bytes32 commitmentHash) {
        commitmentHash = hashCommitment(commitment);
        // Check: the first time stands.
        uint64 before = recordedAt[commitmentHash];
        if (before != 0) revert Errors.CommitmentAlreadyRecorded(commitmentHash, before);
        // Effect
        uint64 now_ = uint64(block.timestamp);
        recordedAt[commitmentHash] = now_;
        emit CommitmentRecorded(commitment.assignmentHash, commitmentHash, commitment.toBorder, commitment.seal, now_);
    }

    // ---- reading

    /// @inheritdoc IEscrow
    function hashOrder(JobOrder calldata order) public view returns (bytes32) {
        return _hashTypedDataV4(Messages.hash(order));
    }

    /// @inheritdoc IEscrow
    function hashAssignment(Assignment calldata assignment) public view returns (bytes32) {
        return _hashTypedDataV4(Messages.hash(assignment));
    }

    /// @inheritdoc IEscrow
    function hashCommitment(Commitment calldata commitment) public view returns (bytes32) {
        return _hashTypedDataV4(Messages.hash(commitment));
    }

    /// @inheritdoc IEscrow
    function domainSeparator() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    /// @inheritdoc IEscrow
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

    /// @dev The order is well formed, begun, and its builder's.
    function _checkOrder(JobOrder calldata order, bytes calldata signature) internal view returns (bytes32 orderHash) {
        orderHash = hashOrder(order);
        _checkTerms(orderHash, order);
        if (!_signed(orderHash, signature, order.builder) && !orderApproved[orderHash]) {
            revert Errors.OrderNotSigned(orderHash, order.builder);
        }
    }

    function _checkTerms(bytes32 orderHash, JobOrder calldata order) internal view {
        if (order.quorum == 0) revert Errors.QuorumZero(orderHash);
        if (order.builder == address(0) || order.hub == address(0)) revert Errors.ZeroAddress();
        if (block.timestamp < order.validAfter) revert Errors.OrderNotYetValid(order.validAfter, block.timestamp);
        if (order.deadline < order.validAfter || order.deadline - order.validAfter > maxOrder) {
            revert Errors.OrderTooLong(order.validAfter, order.deadline, maxOrder);
        }
        uint256 endsAt = uint256(order.deadline) + 6 * uint256(window);
        if (block.timestamp > endsAt) revert Errors.OrderOver(orderHash, endsAt, block.timestamp);
    }

    /// @dev The hub of the order gave this assignment, within the order's borders and times.
    function _checkAssignment(
        bytes32 orderHash,
        JobOrder calldata order,
        Assignment calldata assignment,
        bytes calldata hubSignature
    ) internal view returns (bytes32 assignmentHash) {
        assignmentHash = hashAssignment(assignment);
        if (assignment.orderHash != orderHash) revert Errors.OrderMismatch(orderHash, assignment.orderHash);
        if (
            assignment.issuedAt < order.validAfter || assignment.leaseUntil < assignment.issuedAt
                || assignment.leaseUntil > order.deadline
        ) {
            revert Errors.LeaseOutOfOrder(
                assignmentHash, assignment.issuedAt, assignment.leaseUntil, order.validAfter, order.deadline
            );
        }
        if (!_signed(assignmentHash, hubSignature, order.hub)) {
            revert Errors.HubNotSigned(assignmentHash, order.hub);
        }
    }

    /// @dev The whole of `direct`'s evidence for one run.
    function _prove(bytes32 orderHash, JobOrder calldata order, Run calldata run)
        internal
        view
        returns (Proven memory proven)
    {
        bytes32 assignmentHash = _checkAssignment(orderHash, order, run.assignment, run.hubSignature);
        _checkPlace(assignmentHash, order, run.assignment, run.opening);
        _checkKey(assignmentHash, order, run);
        bytes32 commitmentHash = _checkCommitment(assignmentHash, run);
        (proven.committedAt, proven.receipted) = _checkTime(commitmentHash, order, run);
        proven.assignmentHash = assignmentHash;
        proven.answer = _answer(run.opening.root, run.opening.outputDigest);
        proven.owner = run.assignment.owner;
        proven.strict = run.assignment.numericClass == Messages.STRICT_CLASS;
        proven.earned = earned(order, run.assignment, run.opening.border);
    }

    function _answer(bytes32 root, bytes32 outputDigest) internal pure returns (bytes32) {
        return keccak256(abi.encode(root, outputDigest));
    }

    /// @dev ECDSA only: low s, 65 bytes, never the zero address. No contract is ever asked, so none can change its mind.
    function _signed(bytes32 digest, bytes calldata signature, address by) internal pure returns (bool) {
        (address signer, ECDSA.RecoverError fault,) = ECDSA.tryRecoverCalldata(digest, signature);
        return fault == ECDSA.RecoverError.NoError && signer == by;
    }

    /// @dev The borders fit, and the opening has leaves exactly when the job has segments.
    function _checkPlace(
        bytes32 assignmentHash,
        JobOrder calldata order,
        Assignment calldata assignment,
        Opening calldata opening
    ) private pure {
        if (assignment.role != Messages.REPLICA) {
            revert Errors.RoleNotPaid(assignmentHash, assignment.role);
        }
        bool segmented = order.segments != 0;
        bool fits = segmented
            ? assignment.fromBorder < opening.border && opening.border <= assignment.toBorder
                && assignment.toBorder <= order.segments
            : assignment.fromBorder == 0 && opening.border == assignment.toBorder;
        if (!fits) {
            revert Errors.BordersOutOfRange(
                assignmentHash, assignment.fromBorder, opening.border, assignment.toBorder, order.segments
            );
        }
        if ((opening.leafCount != 0) != segmented || (!segmented && opening.root != 0)) {
            revert Errors.LeavesOutOfPlace(assignmentHash, order.segments, opening.root, opening.leafCount);
        }
    }

    /// @dev The owner stands behind the provider, lets the key speak for it at this hub, and the key took the assignment.
    function _checkKey(bytes32 assignmentHash, JobOrder calldata order, Run calldata run) private view {
        Assignment calldata assignment = run.assignment;
        SessionKey calldata key = run.key;
        if (key.owner != assignment.owner || key.provider != assignment.provider || key.hub != order.hub) {
            revert Errors.KeyMismatch(assignmentHash);
        }
        (address owner, uint64 revokedAt) = _registry.standing(assignment.provider, key.serial);
        if (owner == address(0) || owner != assignment.owner) {
            revert Errors.ProviderNotOwned(assignment.provider, assignment.owner, owner);
        }
        if (assignment.issuedAt < key.notBefore || assignment.issuedAt > key.expiresAt) {
            revert Errors.KeyNotInForce(assignmentHash, key.notBefore, assignment.issuedAt, key.expiresAt);
        }
        if (revokedAt != 0 && assignment.issuedAt >= revokedAt) {
            revert Errors.KeyRevoked(assignment.provider, key.serial, revokedAt, assignment.issuedAt);
        }
        bytes32 keyHash = _hashTypedDataV4(Messages.hash(key));
        if (!_signed(keyHash, run.keySignature, owner) && !_registry.keyRecorded(keyHash)) {
            revert Errors.KeyNotSigned(keyHash, owner);
        }
        bytes32 acceptance = _hashTypedDataV4(Messages.hash(Acceptance(assignmentHash)));
        if (!_signed(acceptance, run.acceptanceSignature, key.key)) {
            revert Errors.AcceptanceNotSigned(assignmentHash, key.key);
        }
    }

    /// @dev The seal is derived from the opening: another opening than the one sealed has no signature.
    function _checkCommitment(bytes32 assignmentHash, Run calldata run) private view returns (bytes32 commitmentHash) {
        Opening calldata o = run.opening;
        bytes32 seal = Messages.seal(assignmentHash, o.border, o.root, o.leafCount, o.outputDigest, o.salt);
        commitmentHash = _hashTypedDataV4(Messages.hash(Commitment(assignmentHash, o.border, seal)));
        if (!_signed(commitmentHash, run.commitmentSignature, run.key.key)) {
            revert Errors.CommitmentNotSigned(assignmentHash, seal, run.key.key);
        }
    }

    /// @dev Committed in time: by the hub's receipt within the lease, or, once the deadline is past, by a record made
    /// before it.
    function _checkTime(bytes32 commitmentHash, JobOrder calldata order, Run calldata run)
        private
        view
        returns (uint64 committedAt, bool receipted)
    {
        if (run.receiptSignature.length > 0) {
            bytes32 receiptHash =
                _hashTypedDataV4(Messages.hash(Receipt(commitmentHash, run.receivedAt, run.drawBlock)));
            if (!_signed(receiptHash, run.receiptSignature, order.hub)) {
                revert Errors.ReceiptNotSigned(commitmentHash, order.hub);
            }
            if (run.receivedAt > run.assignment.leaseUntil) {
                revert Errors.ReceiptLate(commitmentHash, run.receivedAt, run.assignment.leaseUntil);
            }
            return (run.receivedAt, true);
        }
        if (block.timestamp <= order.deadline) revert Errors.ReceiptMissing(commitmentHash, order.deadline);
        committedAt = recordedAt[commitmentHash];
        if (committedAt == 0) revert Errors.CommitmentNotRecorded(commitmentHash);
        if (committedAt > order.deadline) {
            revert Errors.CommitmentRecordedLate(commitmentHash, committedAt, order.deadline);
        }
    }

    function _share(uint256 price, uint256 part, uint256 whole) private pure returns (uint256) {
        // price * part may not fit a word for a hostile price; the parts are 32-bit, so divide first and carry the rest
        return (price / whole) * part + ((price % whole) * part) / whole;
    }
}
