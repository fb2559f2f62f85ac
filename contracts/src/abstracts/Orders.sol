// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {Errors} from "../libraries/Errors.sol";
import {Assignment, JobOrder, Messages} from "../libraries/Messages.sol";

/// @title Orders
/// @notice What the escrow and its evidence both ask of an order and of an assignment under it.
abstract contract Orders {
    uint64 internal immutable _window;
    uint64 internal immutable _maxOrder;

    constructor(uint64 window_, uint64 maxOrder_) {
        _window = window_;
        _maxOrder = maxOrder_;
    }

    /// @dev The EIP-712 digest in the escrow's domain.
    function _digest(bytes32 structHash) internal view virtual returns (bytes32);

    /// @dev The order is well formed, begun, and not over.
    function _checkTerms(bytes32 orderHash, JobOrder calldata order) internal view {
        if (order.quorum == 0) revert Errors.QuorumZero(orderHash);
        if (order.builder == address(0) || order.hub == address(0)) revert Errors.ZeroAddress();
        if (block.timestamp < order.validAfter) revert Errors.OrderNotYetValid(order.validAfter, block.timestamp);
        if (order.deadline < order.validAfter || order.deadline - order.validAfter > _maxOrder) {
            revert Errors.OrderTooLong(order.validAfter, order.deadline, _maxOrder);
        }
        uint256 endsAt = uint256(order.deadline) + 6 * uint256(_window);
        if (block.timestamp > endsAt) revert Errors.OrderOver(orderHash, endsAt, block.timestamp);
    }

    /// @dev The hub of the order gave this assignment, within the order's borders and times.
    function _checkAssignment(
        bytes32 orderHash,
        JobOrder calldata order,
        Assignment calldata assignment,
        bytes calldata hubSignature
    ) internal view returns (bytes32 assignmentHash) {
        assignmentHash = _digest(Messages.hash(assignment));
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

    /// @dev ECDSA only: low s, 65 bytes, never the zero address. No contract is ever asked, so none can change its mind.
    function _signed(bytes32 digest, bytes calldata signature, address by) internal pure returns (bool) {
        (address signer, ECDSA.RecoverError fault,) = ECDSA.tryRecoverCalldata(digest, signature);
        return fault == ECDSA.RecoverError.NoError && signer == by;
    }
}
