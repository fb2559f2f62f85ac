// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IEscrow} from "../interfaces/IEscrow.sol";
import {Causes} from "../libraries/Causes.sol";
import {Assignment, Commitment, JobOrder, Messages} from "../libraries/Messages.sol";
import {Orders} from "./Orders.sol";

/// @title Records
/// @notice What may be said on chain instead of by a signature, and the digests of what is signed.
abstract contract Records is IEscrow, Orders, EIP712("Perigee", "1") {
    mapping(bytes32 orderHash => bool approved) public orderApproved;
    mapping(bytes32 commitmentHash => uint64 time) public recordedAt;

    /// @inheritdoc IEscrow
    function approveOrder(JobOrder calldata order) external returns (bytes32 orderHash) {
        // Check: one's own.
        if (msg.sender != order.builder) revert Causes.NotTheBuilder(order.builder, msg.sender);
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
        if (before != 0) revert Causes.CommitmentAlreadyRecorded(commitmentHash, before);
        // Effect
        uint64 now_ = uint64(block.timestamp);
        recordedAt[commitmentHash] = now_;
        emit CommitmentRecorded(commitment.assignmentHash, commitmentHash, commitment.toBorder, commitment.seal, now_);
    }

    /// @inheritdoc IEscrow
    function hashOrder(JobOrder calldata order) public view returns (bytes32) {
        return _digest(Messages.hash(order));
    }

    /// @inheritdoc IEscrow
    function hashAssignment(Assignment calldata assignment) public view returns (bytes32) {
        return _digest(Messages.hash(assignment));
    }

    /// @inheritdoc IEscrow
    function hashCommitment(Commitment calldata commitment) public view returns (bytes32) {
        return _digest(Messages.hash(commitment));
    }

    /// @inheritdoc IEscrow
    function domainSeparator() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    function _digest(bytes32 structHash) internal view override returns (bytes32) {
        return _hashTypedDataV4(structHash);
    }
}
