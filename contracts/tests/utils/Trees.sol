// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

import {Checkpoint, Leaf} from "../../src/interfaces/ICourt.sol";
import {Messages} from "../../src/libraries/Messages.sol";

/// @notice The trees of runs of three segments: four leaves, true or forged.
abstract contract Trees {
    /// @dev The forged tree differs from border 2 on.
    function aCheckpoint(uint32 border, bool isForged) internal pure returns (Checkpoint memory) {
        bytes32 what = keccak256(abi.encode(border, isForged && border >= 2));
        return Checkpoint(what, "optimizer", "state", "metrics");
    }

    function leafOf(bytes32 orderHash, uint32 border, bool isForged) internal pure returns (bytes32) {
        Checkpoint memory c = aCheckpoint(border, isForged);
        return Messages.leaf(orderHash, border, c.adapter, c.optimizer, c.state, c.metrics);
    }

    function rootOf(bytes32 orderHash, bool isForged) internal pure returns (bytes32) {
        return Hashes.commutativeKeccak256(pairOf(orderHash, 0, isForged), pairOf(orderHash, 2, isForged));
    }

    function pairOf(bytes32 orderHash, uint32 first, bool isForged) internal pure returns (bytes32) {
        return Hashes.commutativeKeccak256(leafOf(orderHash, first, isForged), leafOf(orderHash, first + 1, isForged));
    }

    function shownLeaf(bytes32 orderHash, uint32 border, bool isForged) internal pure returns (Leaf memory leaf) {
        leaf.checkpoint = aCheckpoint(border, isForged);
        leaf.proof = new bytes32[](2);
        leaf.proof[0] = leafOf(orderHash, border ^ 1, isForged);
        leaf.proof[1] = pairOf(orderHash, border < 2 ? 2 : 0, isForged);
    }
}
