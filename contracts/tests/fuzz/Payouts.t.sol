// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Run} from "../../src/interfaces/IEscrow.sol";
import {Assignment, JobOrder} from "../../src/libraries/Messages.sol";
import {Market} from "../utils/Market.sol";

contract PayoutsTest is Market {
    function testFuzz_shouldEarnTheShareRoundedDown(uint256 price, uint32 from, uint32 border, uint32 to) public view {
        // given
        JobOrder memory order = anOrder();
        Assignment memory assignment = anAssignment(order, 0);
        from = uint32(bound(from, 0, type(uint32).max - 1));
        to = uint32(bound(to, uint256(from) + 1, type(uint32).max));
        border = uint32(bound(border, uint256(from) + 1, to));
        (assignment.price, assignment.fromBorder, assignment.toBorder) = (price, from, to);

        // when
        uint256 earned = evidence.earned(order, assignment, border);

        // then: exactly the floor, for every price, and never less for a later border
        vm.assertEq(earned, Math.mulDiv(price, border - from, to - from));
        vm.assertLe(earned, price, "never above the price");
        if (border < to) vm.assertLe(earned, evidence.earned(order, assignment, border + 1), "never falls");
    }

    function testFuzz_shouldNeverPayMoreThanEarnedOrderedOrAllotted(
        uint256[3] memory prices,
        uint256 maxPayment,
        uint256 allotted,
        uint32 border
    ) public {
        // given
        JobOrder memory order = anOrder();
        (hub, hubKey) = (stranger, uint256(keccak256("perigee.test.stranger")));
        order.hub = hub;
        order.maxPayment = bound(maxPayment, 1, 2 * FUNDS);
        allotted = bound(allotted, 1, FUNDS - ALLOTTED);
        border = uint32(bound(border, 1, 30));
        vm.prank(builder);
        escrow.allot(hub, address(token), allotted);
        Run[] memory runs = new Run[](3);
        uint256 due = 0;
        for (uint256 i = 0; i < 3; ++i) {
            Assignment memory assignment = anAssignment(order, i);
            assignment.price = bound(prices[i], 0, FUNDS);
            runs[i] = aRun(assignment, i, anOpening(border, ROOT, 0));
            due += Math.min(evidence.earned(order, assignment, border), order.maxPayment);
        }

        // when
        direct(order, runs);

        // then
        uint256 drawable = Math.min(order.maxPayment, allotted);
        uint256 total = 0;
        for (uint256 i = 0; i < 3; ++i) {
            // a price counts as no more than the order may cost
            uint256 earned = Math.min(evidence.earned(order, runs[i].assignment, border), order.maxPayment);
            uint256 got = paid(runs[i]);
            vm.assertEq(got, due <= drawable ? earned : Math.mulDiv(earned, drawable, due));
            total += got;
        }
        vm.assertEq(escrow.spent(runs[0].assignment.orderHash), total);
        vm.assertLe(total, order.maxPayment, "maximum");
        vm.assertEq(escrow.allotment(builder, hub, address(token)), allotted - total);
    }

    function testFuzz_shouldPayTheFarthestBorderWhateverTheOrder(uint32[4] memory borders) public {
        // given
        JobOrder memory order = anOrder();
        uint32 farthest = 0;

        // when: four prefixes in any order, repeated ones refused
        for (uint256 i = 0; i < 4; ++i) {
            uint32 border = uint32(bound(borders[i], 1, 30));
            (bytes32 stands,) = escrow.agreed(escrow.hashOrder(order), 0, border);
            if (stands != 0) continue;
            Run memory a = aRun(order, 0, border, keccak256(abi.encode(border)), 0);
            Run memory b = aRun(order, 1, border, keccak256(abi.encode(border)), 0);
            uint256 before = paid(a);
            direct(order, list(a, b));
            vm.assertGe(paid(a), before, "never falls");
            if (border > farthest) farthest = border;
        }

        // then
        Run memory last = aRun(order, 0);
        vm.assertEq(paid(last), evidence.earned(order, last.assignment, farthest));
    }
}
