// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Run} from "../../../src/interfaces/IEscrow.sol";
import {Signature} from "../../../src/libraries/Signatures.sol";
import {Disputing} from "../../utils/Disputing.sol";

/// @notice What a run is worth that was opened singly and proven wrong before others agreed. open.tree says it in words.
contract CondemnedTest is Disputing {
    Signature private signature;

    function setUp() public override {
        super.setUp();
        signature = signed(order);
        vm.warp(order.deadline + 1);
    }

    function condemns(Run memory run) private {
        court.proveTwoOpenings(order, signature, list(run), list(aTreeRun(0, false)));
        vm.assertTrue(escrow.condemned(hashOf(run)));
    }

    function credit(Run memory run) private view returns (uint256) {
        (,, uint256 matured, uint256 maturing,) = escrow.credit(hashOf(run));
        return matured + maturing;
    }

    function test_shouldNotCountACondemnedOpening() public {
        // given: opened, then proven false by another opening of its own
        escrow.open(order, signature, forged);
        condemns(forged);
        Run memory second = aTreeRun(1, true);
        Run memory third = aTreeRun(2, true);

        // when: one more is one voice
        escrow.open(order, signature, second);
        (bytes32 answer,) = escrow.agreed(forged.assignment.orderHash, 0, 3);
        vm.assertEq(answer, bytes32(0));
        escrow.open(order, signature, third);

        // then: two others are a quorum, and it is paid nothing
        vm.assertEq(paid(second), PRICE);
        vm.assertEq(paid(third), PRICE);
        vm.assertEq(paid(forged), 0);
        vm.assertEq(credit(forged), 0);
    }

    function test_shouldPayACondemnedOpeningNothingMore() public {
        // given: two were opened, and paid their share of what was allotted, which was half
        (hub, hubKey) = (stranger, uint256(keccak256("perigee.test.stranger")));
        order.hub = stranger;
        signature = signed(order);
        vm.prank(builder);
        escrow.allot(stranger, address(token), PRICE);
        forged = aTreeRun(0, true);
        Run memory second = aTreeRun(1, true);
        escrow.open(order, signature, forged);
        escrow.open(order, signature, second);
        vm.assertEq(paid(forged), PRICE / 2);
        condemns(forged);
        vm.prank(builder);
        escrow.allot(stranger, address(token), 5 * PRICE);

        // when
        escrow.open(order, signature, aTreeRun(2, true));

        // then
        vm.assertEq(paid(second), PRICE);
        vm.assertEq(paid(forged), PRICE / 2);
        vm.assertEq(credit(forged), 0);
    }
}
