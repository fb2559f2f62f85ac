// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICourt} from "../../../src/interfaces/ICourt.sol";
import {IEscrow, Run} from "../../../src/interfaces/IEscrow.sol";
import {Disputing} from "../../utils/Disputing.sol";
import {Logs} from "../../utils/Logs.sol";

/// @notice Court and escrow hand their calls on as they came. However those are encoded, the evidence must look at the very runs that
/// the court and the escrow act upon.
contract HandedOnTest is Disputing {
    /// @dev The argument at this word points to these runs, behind all others; what it pointed to stays where it is.
    function redirected(bytes memory data, uint256 word, Run[] memory runs) private pure returns (bytes memory) {
        uint256 offset = data.length - 4;
        bytes memory tail = abi.encode(runs);
        assembly ("memory-safe") {
            mstore(add(add(data, 0x24), mul(word, 0x20)), offset)
            // without the offset that a single argument begins with
            let length := sub(mload(tail), 0x20)
            tail := add(tail, 0x20)
            mstore(tail, length)
        }
        return bytes.concat(data, tail);
    }

    function test_shouldProveTheRunThatItAccuses() public {
        // given: another owner's run in the usual place
        Run memory decoy = aTreeRun(1, true);
        bytes memory call = abi.encodeCall(
            ICourt.accuse, (order, signed(order), list(decoy), 2, shownLeaf(1, true), shownLeaf(2, true), trueLeaf())
        );
        call = redirected(call, 13, list(forged));

        // when
        vm.recordLogs();
        vm.prank(accuser);
        (bool done,) = address(court).call(call);

        // then
        vm.assertTrue(done);
        dispute = Logs.opened(vm.getRecordedLogs());
        vm.assertEq(dispute.assignmentHash, hashOf(forged));
        vm.assertEq(dispute.accused, parties[0].wallet);
    }

    function test_shouldProveTheRunsThatItPays() public {
        // given: two runs that nobody signed in the usual place, or behind
        Run[] memory signed_ = list(forged, aTreeRun(1, true));
        Run[] memory invented = list(aTreeRun(2, true), aTreeRun(3, true));
        invented[0].hubSignature = unsigned();
        bytes memory call = abi.encodeCall(IEscrow.direct, (order, signed(order), invented, none()));
        bytes memory other = abi.encodeCall(IEscrow.direct, (order, signed(order), signed_, none()));

        // when
        (bool wrong,) = address(escrow).call(redirected(other, 13, invented));
        (bool right,) = address(escrow).call(redirected(call, 13, signed_));

        // then
        vm.assertFalse(wrong);
        vm.assertTrue(right);
        vm.assertEq(paid(forged), PRICE);
        vm.assertEq(paid(invented[1]), 0);
    }
}
