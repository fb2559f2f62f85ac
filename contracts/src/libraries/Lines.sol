// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Causes} from "./Causes.sol";

/// @notice One payment of an epoch: a builder pays an owner for one assignment under one order.
/// @param amount below 2^120
/// @param sum what the builder pays by this line and all its lines before, in the token's smallest unit
struct Line {
    address builder;
    bytes32 orderHash;
    bytes32 assignmentHash;
    address owner;
    uint128 amount;
    uint128 sum;
}

/// @notice Lines that stand one after another, shown: all of one order, and those around them.
/// @param from the index of the first line shown
/// @param proofs for one line after the other: the siblings on its way to the root, from below
struct Stretch {
    uint32 from;
    Line[] lines;
    bytes32[] proofs;
}

/// @title Lines
/// @notice An epoch's lines stand sorted by (builder, order, assignment) in a tree whose places count: line i is the i-th leaf
/// from the left, all leaves equally deep. So nothing can hide between two lines shown, and no line has two values.
///
/// The tree is as deep as its lines need: log2 of their count, rounded up; of one line the leaf is the root. Places after the
/// last line hold zero, not a hash of anything, up to the full width 2^depth; a parent of two zeros is the hash of two zeros.
/// No line can be shown there: its place would not be below the count.
library Lines {
    /// @dev Reverts unless all lines shown stand where they are said to, under this root, of `count` lines.
    function check(Stretch calldata shown, bytes32 root, uint256 count) internal pure {
        if (shown.lines.length == 0) revert Causes.LineOutOfRange(shown.from, 0, count);
        for (uint256 k = 0; k < shown.lines.length; ++k) {
            check(shown.lines[k], shown.from + k, proofAt(shown.proofs, k, count), root, count);
        }
    }

    /// @dev The k-th of the proofs that stand one after another. All leaves are equally deep.
    function proofAt(bytes32[] calldata proofs, uint256 k, uint256 count) internal pure returns (bytes32[] calldata) {
        uint256 depth = Math.log2(count, Math.Rounding.Ceil);
        if (proofs.length < (k + 1) * depth) revert Causes.LineOutOfRange(k, proofs.length, count);
        return proofs[k * depth:(k + 1) * depth];
    }

    /// @dev Reverts unless this line stands at this place.
    function check(Line calldata line, uint256 index, bytes32[] calldata proof, bytes32 root, uint256 count)
        internal
        pure
    {
        // Check: there is such a place, its leaf is as deep as all others, and its amount has one form.
        uint256 depth = proof.length;
        if (index >= count || depth != Math.log2(count, Math.Rounding.Ceil)) {
            revert Causes.LineOutOfRange(index, depth, count);
        }
        if (line.amount > type(uint120).max) revert Causes.LineNotProven(index, root);
        // 135 bytes, one less than Keccak takes at once; an inner node's hash is of 64, so no leaf is one
        bytes32 node = keccak256(
            abi.encodePacked(
                line.builder, line.orderHash, line.assignmentHash, line.owner, uint120(line.amount), line.sum
            )
        );
        for (uint256 level = 0; level < depth; ++level) {
            node = (index >> level) & 1 == 0 ? pair(node, proof[level]) : pair(proof[level], node);
        }
        if (node != root) revert Causes.LineNotProven(index, root);
    }

    function pair(bytes32 left, bytes32 right) internal pure returns (bytes32 node) {
        assembly ("memory-safe") {
            mstore(0x00, left)
            mstore(0x20, right)
            node := keccak256(0x00, 0x40)
        }
    }

    /// @dev True when the lines shown follow each other as they must, and the first of all starts its sum.
    function wellFormed(Stretch calldata shown) internal pure returns (bool) {
        if (shown.from == 0 && shown.lines[0].sum != shown.lines[0].amount) return false;
        for (uint256 k = 1; k < shown.lines.length; ++k) {
            if (!follows(shown.lines[k - 1], shown.lines[k])) return false;
        }
        return true;
    }

    /// @dev Strictly after in the order, and carrying on the builder's sum, or starting the next builder's.
    function follows(Line calldata a, Line calldata b) internal pure returns (bool) {
        if (a.builder != b.builder) return a.builder < b.builder && b.sum == b.amount;
        bool later = a.orderHash == b.orderHash ? a.assignmentHash < b.assignmentHash : a.orderHash < b.orderHash;
        return later && uint256(a.sum) + b.amount == b.sum;
    }

    /// @dev The lines of one order among those shown: from `start`, before `end`. Reverts unless they are all that there
    /// are: what is shown begins and ends with a line of another order, or with the first or last of all.
    function ofOrder(Stretch calldata shown, address builder, bytes32 orderHash, uint256 count)
        internal
        pure
        returns (uint256 start, uint256 end)
    {
        end = shown.lines.length;
        if (_compare(shown.lines[0], builder, orderHash) < 0) start = 1;
        else if (shown.from != 0) revert Causes.LinesLeftOut(orderHash);
        if (_compare(shown.lines[end - 1], builder, orderHash) > 0) --end;
        else if (shown.from + end != count) revert Causes.LinesLeftOut(orderHash);
        for (uint256 k = start; k < end; ++k) {
            if (_compare(shown.lines[k], builder, orderHash) != 0) revert Causes.LinesLeftOut(orderHash);
        }
    }

    function _compare(Line calldata line, address builder, bytes32 orderHash) private pure returns (int256) {
        if (line.builder != builder) return line.builder < builder ? -1 : int256(1);
        if (line.orderHash == orderHash) return int256(0);
        return line.orderHash < orderHash ? -1 : int256(1);
    }
}
