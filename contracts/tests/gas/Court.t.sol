// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Disputing} from "../utils/Disputing.sol";

/// @notice What the transactions of one case cost, from the accusation to the verdict.
/// forge-config: default.isolate = true
contract CourtGasTest is Disputing {
    function test_case() public {
        paidForgery();
        accuse();
        vm.snapshotGasLastCall("Gas", "court: accuse");
        vm.roll(block.number + 3);
        court.draw(id, dispute, SECRET);
        vm.snapshotGasLastCall("Gas", "court: draw five");
        address judge = court.judgesOf(id)[0];
        bytes32 commitment = keccak256(abi.encode(id, judge, trueLeaf(), bytes32(0)));
        vm.prank(judge);
        court.commit(id, 0, commitment);
        vm.snapshotGasLastCall("Gas", "court: commit");
        address[] memory judges = court.judgesOf(id);
        for (uint256 seat = 1; seat < judges.length; ++seat) {
            vm.prank(judges[seat]);
            court.commit(id, seat, keccak256(abi.encode(id, judges[seat], trueLeaf(), bytes32(seat))));
        }
        vm.warp(block.timestamp + W / 2 + W / 8);
        reveals(5, trueLeaf(), 0);
        vm.snapshotGasLastCall("Gas", "court: reveal");
        vm.warp(block.timestamp + W / 4);
        court.close(id, dispute);
        vm.snapshotGasLastCall("Gas", "court: close");
    }
}
