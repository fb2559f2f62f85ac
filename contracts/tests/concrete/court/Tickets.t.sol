// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICourt} from "../../../src/interfaces/ICourt.sol";
import {Causes} from "../../../src/libraries/Causes.sol";
import {Disputing} from "../../utils/Disputing.sol";

/// @notice What a seat among the judges costs, and when its price comes back. procedure.tree says it in words.
contract TicketsTest is Disputing {
    // ---- tickets

    function test_shouldKeepThePriceUntilNoCourtCanDrawTheTicket() public {
        // given: asked back when it was drawn
        accuse();
        draw();
        address judge = court.judgesOf(id)[0];
        uint256 ticket = uint160(judge) - 0x10000;
        uint256 leavesAt = block.timestamp + 2 * W;
        expect(abi.encodeWithSelector(Causes.NothingToDo.selector, bytes32(ticket)));
        court.redeem(ticket);
        vm.expectEmit(address(court));
        emit ICourt.Delisted(judge, ticket, leavesAt);
        vm.prank(judge);
        court.delist(ticket);
        vm.assertEq(court.owed(judge), 0);
        vm.warp(leavesAt - 1);
        expect(abi.encodeWithSelector(Causes.StillLocked.selector, leavesAt, leavesAt - 1));
        court.redeem(ticket);

        // when: not while it serves, and by anybody
        vm.warp(leavesAt);
        expect(abi.encodeWithSelector(Causes.TicketServes.selector, ticket));
        court.redeem(ticket);
        court.close(id, dispute);
        vm.warp(block.timestamp + W);
        court.close(id, dispute);
        expect(abi.encodeWithSelector(Causes.NothingToDo.selector, bytes32(ticket)));
        court.redeem(ticket);

        // then: who was silent has lost it meanwhile
        vm.assertEq(court.owed(judge), 0);
        vm.assertEq(court.owed(ASHES), 5 * TICKET);
    }

    function test_shouldGiveTheTicketBackThatServedToTheEnd() public {
        // given
        accuse();
        draw();
        address judge = court.judgesOf(id)[0];
        uint256 ticket = uint160(judge) - 0x10000;
        vm.prank(judge);
        court.delist(ticket);
        vote(5, trueLeaf(), 0);
        court.close(id, dispute);
        vm.warp(block.timestamp + 2 * W);

        // when
        vm.expectEmit(address(court));
        emit ICourt.Redeemed(judge, ticket);
        court.redeem(ticket);

        // then: once
        vm.assertEq(court.owed(judge), TICKET);
        expect(abi.encodeWithSelector(Causes.NothingToDo.selector, bytes32(ticket)));
        court.redeem(ticket);

        // and: what it earned is there, though the ticket is gone, which cannot be given back again
        uint256[] memory tickets = new uint256[](1);
        tickets[0] = ticket;
        court.gather(tickets);
        vm.assertEq(court.owed(judge), FEE + TICKET);
        court.gather(tickets);
        vm.assertEq(court.owed(judge), FEE + TICKET);
        expect(abi.encodeWithSelector(Causes.NotTheJudge.selector, judge));
        vm.prank(judge);
        court.delist(ticket);
    }

    function test_shouldGatherNothingOfTicketsThatThereAreNot() public {
        uint256[] memory tickets = new uint256[](1);
        tickets[0] = JUDGES;
        expect(abi.encodeWithSelector(Causes.NoSuchTicket.selector, JUDGES));
        court.gather(tickets);
        expect(abi.encodeWithSelector(Causes.NoSuchTicket.selector, JUDGES));
        court.earned(JUDGES);
    }

    function test_shouldSellNoMoreTicketsThanTheirNumbersFit() public {
        // given: as if so many had been sold
        enlists(stranger, 1);
        uint256 count = uint256(type(uint32).max) - 2;
        vm.store(address(court), countsSlot(), bytes32(count << 128));

        // when, then
        expect(abi.encodeWithSelector(Causes.TicketsOutOfRange.selector, 3));
        court.enlist(3);
        enlists(stranger, 2);
    }

    /// @dev Where it stands how many cases and tickets there are.
    function countsSlot() private view returns (bytes32) {
        for (uint256 slot = 0; slot < 8; ++slot) {
            if (vm.load(address(court), bytes32(slot)) == bytes32((JUDGES + 1) << 128)) return bytes32(slot);
        }
        revert("tickets");
    }

    function test_shouldRefuseTicketsOutOfRangeOrOfOthers() public {
        expect(abi.encodeWithSelector(Causes.TicketsOutOfRange.selector, 0));
        court.enlist(0);
        expect(abi.encodeWithSelector(Causes.TicketsOutOfRange.selector, 65));
        court.enlist(65);
        expect(abi.encodeWithSelector(Causes.NotTheJudge.selector, address(this)));
        court.delist(0);
        expect(abi.encodeWithSelector(Causes.NotTheJudge.selector, address(this)));
        court.delist(JUDGES);
    }
}
