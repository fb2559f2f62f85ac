// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICourt} from "../../../src/interfaces/ICourt.sol";
import {Causes} from "../../../src/libraries/Causes.sol";
import {Disputing} from "../../utils/Disputing.sol";

/// @notice Places that nobody holds any more, and who takes them away. rolls.tree says it in words.
contract RollsTest is Disputing {
    address private constant TROUBLE = address(0xBAD);
    uint256 private constant EMPTIED = 50;

    /// @dev Buys tickets and asks them back at once, which costs gas, and the use of their price for a while.
    function empties(uint256 count) private {
        (, uint256 from) = court.roll();
        for (uint256 i = 0; i < count; ++i) {
            enlists(TROUBLE, 64);
        }
        vm.startPrank(TROUBLE);
        for (uint256 ticket = from; ticket < from + 64 * count; ++ticket) {
            court.delist(ticket);
        }
        vm.stopPrank();
        vm.warp(block.timestamp + 1);
        vm.assertEq(court.owed(TROUBLE), 0);
    }

    /// @dev Cases that end before anybody can judge would else leave a forged segment one that could not be decided three times.
    function test_theFriendWhoAccusesWhileNobodyCanBeDrawn() public {
        // given: a forger's friend accuses it again and again, and sees to it that nobody can be drawn
        empties(EMPTIED);
        for (uint256 i = 1; i <= 4; ++i) {
            accuse();
            draw();
            draw();
            vm.warp(block.timestamp + W);
            court.close(id, dispute);

            // then: that costs it what judges would have cost, and brings the forger nothing
            vm.assertEq(court.owed(accuser), i * (court.accuserBond() - 5 * FEE));
            vm.assertEq(court.owed(ASHES), i * 5 * FEE);
            vm.assertEq(court.owed(parties[0].wallet), 0);
        }

        // when: somebody takes the empty places away and accuses in earnest
        court.renew(type(uint256).max);
        accuse();
        draw();
        vote(5, trueLeaf(), 0);
        court.close(id, dispute);

        // then
        vm.assertTrue(escrow.condemned(hashOf(forged)));
    }

    function places() private view returns (uint256 count) {
        (, count) = court.roll();
    }

    function test_theTicketsGivenBackThatLeaveNoJudges() public {
        // given: so many places are empty that a draw finds too few
        uint256 trouble = gasleft();
        empties(EMPTIED);
        trouble -= gasleft();
        accuse();
        draw();
        vm.assertEq(court.judgesOf(id).length, 0);

        // when: anybody takes them away, in two calls
        uint256 cost = gasleft();
        court.renew(100);
        vm.assertEq(places(), JUDGES + 64 * EMPTIED);
        vm.expectEmit(address(court));
        emit ICourt.Renewed(1, JUDGES);
        court.renew(type(uint256).max);
        cost -= gasleft();

        // then: for much less than it cost to make them; and a court sits, once it is called from the roll of now
        vm.assertLe(5 * cost, trouble, "renewing is dear");
        vm.assertEq(places(), JUDGES);
        vm.roll(block.number + 3);
        vm.expectEmit(address(court));
        emit ICourt.CalledAgain(id, 1, uint64(block.number + 2));
        court.draw(id, dispute, SECRET);
        draw();
        vote(5, trueLeaf(), 0);
        court.close(id, dispute);
        vm.assertTrue(escrow.condemned(hashOf(forged)));
    }

    /// @dev One hand with half of the tickets, to which the hub belongs as well. It sees what a seed gives before anybody can draw.
    function test_theBenchTurnedByTicketsGivenBack() public {
        // given: many places are empty, so that without its tickets a draw would mostly find too few
        for (uint256 i = 0; i < JUDGES; ++i) {
            enlists(mineAt(i), 1);
        }
        empties(10);
        accuse();
        address[] memory seen;
        uint256 before;
        for (uint256 n = 0; n < 64 && seen.length == 0; ++n) {
            vm.roll(block.number + 3);
            before = vm.snapshotState();
            court.draw(id, dispute, SECRET);
            seen = court.judgesOf(id);
        }
        vm.revertToState(before);
        vm.assertEq(seen.length, 5);

        // when: it does not like what it sees, gives all of its tickets back, buys others, and draws
        for (uint256 i = 0; i < JUDGES; ++i) {
            vm.prank(mineAt(i));
            court.delist(JUDGES + i);
            enlists(mineAt(i), 1);
        }
        court.draw(id, dispute, SECRET);

        // then
        vm.assertEq(keccak256(abi.encode(court.judgesOf(id))), keccak256(abi.encode(seen)));
    }

    function mineAt(uint256 i) private pure returns (address) {
        return address(uint160(0x50000 + i));
    }

    function test_shouldMakeNoRollThatLeavesNothingOut() public {
        // given: in one call, in two, and of nobody's
        court.renew(type(uint256).max);
        court.renew(JUDGES - 1);
        court.renew(1);
        (uint256 number,) = court.roll();
        vm.assertEq(number, 0);

        // when: one leaves who was looked at before
        court.renew(JUDGES - 1);
        departs(0, 1);
        court.renew(1);
        court.renew(type(uint256).max);

        // then
        (number,) = court.roll();
        vm.assertEq(number, 1);
        vm.assertEq(places(), JUDGES - 1);
    }

    function test_shouldDrawTheSameWhateverIsRenewedMeanwhile() public {
        // given: some have left
        for (uint256 i = 0; i < 5; ++i) {
            vm.prank(judgeAt(3 * i));
            court.delist(3 * i);
        }
        vm.warp(block.timestamp + 1);
        accuse();
        uint256 before = vm.snapshotState();
        draw();
        address[] memory judges = court.judgesOf(id);
        vm.revertToState(before);

        // when: the roll is renewed twice, and others come, before the draw
        court.renew(100);
        enlists(stranger, 64);
        court.renew(100);
        draw();

        // then
        address[] memory drawn = court.judgesOf(id);
        for (uint256 seat = 0; seat < 5; ++seat) {
            vm.assertEq(drawn[seat], judges[seat]);
        }
    }

    function test_shouldReplaceByTheSameWhateverIsRenewedMeanwhile() public {
        // given: two of five are silent, and some who were not drawn have left
        accuse();
        draw();
        commits(3, trueLeaf(), 0);
        for (uint256 i = 0; i < JUDGES; i += 3) {
            vm.prank(judgeAt(i));
            court.delist(i);
        }
        vm.warp(block.timestamp + W / 2);
        uint256 before = vm.snapshotState();
        court.replace(id, dispute);
        address[] memory judges = court.judgesOf(id);
        vm.revertToState(before);

        // when
        court.renew(100);
        court.replace(id, dispute);

        // then
        address[] memory drawn = court.judgesOf(id);
        for (uint256 seat = 0; seat < 5; ++seat) {
            vm.assertEq(drawn[seat], judges[seat]);
        }
    }

    function test_shouldKeepPlacesForWhoCameWhileItWasRenewed() public {
        // given: half is looked through
        vm.prank(judgeAt(0));
        court.delist(0);
        court.renew(JUDGES / 2);

        // when: some come, and one who was carried over leaves
        enlists(stranger, 3);
        vm.prank(judgeAt(1));
        court.delist(1);
        court.renew(100);

        // then: who left has a place until the next
        vm.assertEq(places(), JUDGES - 1 + 3);
        court.renew(100);
        vm.assertEq(places(), JUDGES - 2 + 3);
        for (uint256 i = 2; i < JUDGES - 2; ++i) {
            vm.prank(judgeAt(i));
            court.delist(i);
        }
        court.renew(100);
        vm.assertEq(places(), 5);
        enlists(address(0xA), 1);
        enlists(address(0xB), 1);
        accuse();
        draw();
        address[] memory judges = court.judgesOf(id);
        vm.assertEq(judges.length, 5);
        for (uint256 seat = 0; seat < 5; ++seat) {
            bool stays = judges[seat] == judgeAt(JUDGES - 2) || judges[seat] == judgeAt(JUDGES - 1);
            vm.assertTrue(
                stays || judges[seat] == stranger || judges[seat] == address(0xA) || judges[seat] == address(0xB)
            );
        }
    }

    function test_shouldRefuseToRenewByNothing() public {
        expect(abi.encodeWithSelector(Causes.TicketsOutOfRange.selector, 0));
        court.renew(0);
    }
}
