// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Causes} from "../libraries/Causes.sol";
import {Assignment, JobOrder, Messages} from "../libraries/Messages.sol";
import {Signature, Signatures} from "../libraries/Signatures.sol";

/// @title Orders
/// @notice What the escrow and its evidence both ask of an order and of an assignment under it.
abstract contract Orders {
    /// @dev In windows after an order's deadline: how long it can be paid, and how long a court hears of what was.
    uint256 internal constant PAYABLE = 6;
    uint256 internal constant HEARD = 8;

    uint64 internal immutable _window;
    uint64 internal immutable _maxOrder;

    constructor(uint64 window_, uint64 maxOrder_) {
        _window = window_;
        _maxOrder = maxOrder_;
    }

    /// @dev The EIP-712 digest in the escrow's domain.
    function _digest(bytes32 structHash) internal view virtual returns (bytes32);

    /// @dev The order is well formed, begun, and not over.
    /// @param windows how long after its deadline it is
    function _checkTerms(bytes32 orderHash, JobOrder calldata order, uint256 windows) internal view {
        if (order.quorum == 0) revert Causes.QuorumZero(orderHash);
        if (order.builder == address(0) || order.hub == address(0)) revert Causes.ZeroAddress();
        if (block.timestamp < order.validAfter) revert Causes.OrderNotYetValid(order.validAfter, block.timestamp);
        if (order.deadline < order.validAfter || order.deadline - order.validAfter > _maxOrder) {
            revert Causes.OrderTooLong(order.validAfter, order.deadline, _maxOrder);
        }
        uint256 endsAt = uint256(order.deadline) + windows * uint256(_window);
        if (block.timestamp > endsAt) revert Causes.OrderOver(orderHash, endsAt, block.timestamp);
    }

    /// @dev The hub of the order gave this assignment, within the order's borders and times.
    function _checkAssignment(
        bytes32 orderHash,
        JobOrder calldata order,
        Assignment calldata assignment,
        Signature calldata hubSignature
    ) internal view returns (bytes32 assignmentHash) {
        assignmentHash = _digest(Messages.hash(assignment));
        if (assignment.orderHash != orderHash) revert Causes.OrderMismatch(orderHash, assignment.orderHash);
        if (
            assignment.issuedAt < order.validAfter || assignment.leaseUntil < assignment.issuedAt
                || assignment.leaseUntil > order.deadline
        ) {
            revert Causes.LeaseOutOfOrder(
                assignmentHash, assignment.issuedAt, assignment.leaseUntil, order.validAfter, order.deadline
            );
        }
        if (!_signed(assignmentHash, hubSignature, order.hub)) {
            revert Causes.HubNotSigned(assignmentHash, order.hub);
        }
    }

    /// @dev Never by the zero address, which is who nobody is.
    function _signed(bytes32 digest, Signature calldata signature, address by) internal view returns (bool) {
        return by != address(0) && Signatures.signerOf(digest, signature) == by;
    }
}
