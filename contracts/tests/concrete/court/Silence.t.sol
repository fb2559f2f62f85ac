// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Dispute} from "../../../src/interfaces/ICourt.sol";
import {Causes} from "../../../src/libraries/Causes.sol";
import {Disputing} from "../../utils/Disputing.sol";

/// @notice Judges who are silent, and courts that cannot be filled. procedure.tree says it in words.
contract SilenceTest is Disputing {
    function test_shouldReplaceSilentJudgesWhoLoseTheirTickets() public {
        // given: three of five commit
        accuse();
        draw();
        address[] memory first = court.judgesOf(id);
        commits(3, trueLeaf(), 0);
        vm.warp(block.timestamp + W / 2);

        // when
        court.replace(id, dispute);

        // then: two others, who have W/4; the silent two lost their tickets
        address[] memory second = court.judgesOf(id);
        vm.assertEq(court.owed(ASHES), 2 * TICKET);
        for (uint256 seat = 0; seat < 5; ++seat) {
            vm.assertTrue((first[seat] == second[seat]) == (seat < 3));
        }
        for (uint256 seat = 3; seat < 5; ++seat) {
            vm.prank(second[seat]);
            court.commit(id, seat, keccak256(abi.encode(id, second[seat], trueLeaf(), bytes32(seat))));
        }
        vm.warp(block.timestamp + W / 4 + W / 8);
        reveals(5, trueLeaf(), 0);
        vm.warp(block.timestamp + W / 4);
        court.close(id, dispute);
        vm.assertTrue(escrow.condemned(hashOf(forged)));
    }

    function test_shouldReplaceTwiceAtMostAndInTime() public {
        accuse();
        draw();
        uint256 until = block.timestamp + W / 2;
        expect(abi.encodeWithSelector(Causes.TooEarly.selector, until, block.timestamp));
        court.replace(id, dispute);
        for (uint256 n = 0; n < 2; ++n) {
            vm.warp(until);
            court.replace(id, dispute);
            until = block.timestamp + W / 4;
        }
        vm.warp(until);
        expect(abi.encodeWithSelector(Causes.TooLate.selector, until + W / 8, until));
        court.replace(id, dispute);
        vm.warp(until + W / 8 + W / 4);
        court.close(id, dispute);
        vm.assertEq(court.owed(ASHES), 15 * TICKET);
    }

    function test_shouldGoOnWithASilentJudgeWhenNobodyElseIsLeft() public {
        // given: five are left
        departs(5, JUDGES);
        accuse();
        draw();
        commits(4, trueLeaf(), 0);
        vm.warp(block.timestamp + W / 2);

        // when, then: nobody can be put in its place, and four of five are enough
        expect(abi.encodeWithSelector(Causes.NothingToDo.selector, bytes32(id)));
        court.replace(id, dispute);
        vm.warp(block.timestamp + W / 8);
        reveals(4, trueLeaf(), 0);
        vm.warp(block.timestamp + W / 4);
        court.close(id, dispute);
        vm.assertTrue(escrow.condemned(hashOf(forged)));
        vm.assertEq(court.owed(ASHES), TICKET + BOND - BOND / 2 - 8 * FEE);
    }

    function test_shouldDrawWithoutTheSecretBeforeTheBlockIsForgotten() public {
        // given: a chain of quick blocks, with the history of EIP-2935, here one whose hashes are the numbers
        vm.etch(0x0000F90827F1C53a10cb7A02335B175320002935, hex"5f355f5260205ff3");
        accuse();
        uint256 drawBlock = block.number + 2;
        vm.roll(drawBlock + 4095);
        expect(abi.encodeWithSelector(Causes.TooEarly.selector, block.timestamp + W / 8, block.timestamp));
        court.draw(id, dispute, 0);

        // when: half of what is kept has gone by, but no time
        vm.roll(drawBlock + 4096);
        court.draw(id, dispute, 0);

        // then
        vm.assertEq(court.judgesOf(id).length, 5);
    }

    function test_shouldTakeASilentJudgesTicketOnce() public {
        // given: five judges, who sit in two cases and are silent in both
        departs(5, JUDGES);
        uint256 first = accuse();
        draw();
        Dispute memory about = dispute;
        uint256 second = accuse(forged, 3, shownLeaf(2, true), shownLeaf(3, true), trueLeaf());
        draw();
        vm.warp(block.timestamp + W);

        // when
        court.close(first, about);
        court.close(second, dispute);

        // then
        vm.assertEq(court.owed(ASHES), 5 * TICKET);
    }

    /// @dev Who is silent elsewhere would else choose whom a seed that is known gives.
    function test_shouldDrawTheSameWhoeverIsSilentElsewhereMeanwhile() public {
        // given: eight judges, five of them silent in a case that ends when another is about to be drawn
        departs(8, JUDGES);
        uint256 first = accuse();
        draw();
        Dispute memory about = dispute;
        vm.warp(block.timestamp + W / 2 + W / 8);
        accuse(forged, 3, shownLeaf(2, true), shownLeaf(3, true), trueLeaf());
        vm.warp(block.timestamp + W / 4);
        vm.roll(block.number + 3);
        uint256 before = vm.snapshotState();
        court.draw(id, dispute, SECRET);
        address[] memory judges = court.judgesOf(id);
        vm.revertToState(before);

        // when
        court.close(first, about);
        court.draw(id, dispute, SECRET);

        // then
        vm.assertEq(court.owed(ASHES), 5 * TICKET);
        vm.assertEq(judges.length, 5);
        vm.assertEq(keccak256(abi.encode(court.judgesOf(id))), keccak256(abi.encode(judges)));
    }

    function test_shouldRefuseToReplaceWhenAllCommittedOrTooLate() public {
        accuse();
        draw();
        commits(5, trueLeaf(), 0);
        vm.warp(block.timestamp + W / 2);
        expect(abi.encodeWithSelector(Causes.NothingToDo.selector, bytes32(id)));
        court.replace(id, dispute);
        uint256 from = block.timestamp + W / 8;
        vm.warp(from);
        expect(abi.encodeWithSelector(Causes.TooLate.selector, from, from));
        court.replace(id, dispute);
    }

    function test_shouldLeaveABlockedOrSilentCourt() public {
        // given: nobody votes, in neither court
        accuse();
        draw();
        vm.warp(block.timestamp + W / 2 + W / 8 + W / 4);
        court.close(id, dispute);
        draw();
        vm.warp(block.timestamp + W / 2 + W / 8 + W / 4);

        // when
        court.close(id, dispute);

        // then: the accuser has its bond, the accused its credit and stake, the silent have lost their tickets
        vm.assertEq(court.owed(accuser), court.accuserBond());
        vm.assertEq(court.owed(ASHES), 14 * TICKET);
        vm.assertFalse(escrow.frozen(hashOf(forged)));
        vm.assertEq(registry.disputes(parties[0].wallet), 0);
    }

    function test_shouldNotSeatASilentJudgeAgainByAnotherTicket() public {
        // given: seven people with many tickets each, of whom five were drawn and are silent
        for (uint256 i = 0; i < 7; ++i) {
            enlists(judgeAt(i), 63);
        }
        departs(7, JUDGES);
        accuse();
        draw();
        address[] memory first = court.judgesOf(id);
        vm.warp(block.timestamp + W / 2);

        // when
        court.replace(id, dispute);

        // then: the two others took two seats, and nobody of the five sits elsewhere
        address[] memory second = court.judgesOf(id);
        uint256 others = 0;
        for (uint256 seat = 0; seat < 5; ++seat) {
            if (second[seat] == first[seat]) continue;
            ++others;
            for (uint256 i = 0; i < 5; ++i) {
                vm.assertTrue(second[seat] != first[i]);
            }
        }
        vm.assertEq(others, 2);

        // and: silent again; the two who lost their seats are the only ones left, and do not come back
        vm.warp(block.timestamp + W / 4);
        expect(abi.encodeWithSelector(Causes.NothingToDo.selector, bytes32(id)));
        court.replace(id, dispute);
    }
}
