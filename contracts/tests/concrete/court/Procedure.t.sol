// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Court} from "../../../src/Court.sol";
import {Causes} from "../../../src/libraries/Causes.sol";
import {Disputing} from "../../utils/Disputing.sol";

/// @notice Drawing and voting. procedure.tree says it in words.
contract ProcedureTest is Disputing {
    // ---- drawing

    function test_shouldDrawFromABlockAfterTheAccusationAndTheHubsSecret() public {
        accuse();
        uint256 drawBlock = block.number + 2;
        expect(abi.encodeWithSelector(Causes.NoBlockHash.selector, drawBlock, block.number));
        court.draw(id, dispute, SECRET);
        vm.roll(drawBlock + 1);
        expect(abi.encodeWithSelector(Causes.TooEarly.selector, block.timestamp + W / 8, block.timestamp));
        court.draw(id, dispute, "not the secret");
        court.draw(id, dispute, SECRET);
        expect(abi.encodeWithSelector(Causes.DrawnAlready.selector, id));
        court.draw(id, dispute, SECRET);
    }

    function test_shouldDrawWithoutAHubThatKeepsItsSecret() public {
        accuse();
        vm.roll(block.number + 3);
        vm.warp(block.timestamp + W / 8);
        court.draw(id, dispute, 0);
        vm.assertEq(court.judgesOf(id).length, 5);
    }

    function test_shouldSeatFiveDistinctWhoAreNoParty() public {
        // given: parties with many tickets
        enlists(accuser, 20);
        enlists(builder, 20);
        enlists(parties[0].wallet, 20);
        enlists(hub, 20);
        vm.prank(accuser);
        token.approve(address(court), type(uint256).max);
        accuse();
        draw();
        address[] memory judges = court.judgesOf(id);
        for (uint256 i = 0; i < 5; ++i) {
            vm.assertTrue(judges[i] != accuser && judges[i] != builder);
            vm.assertTrue(judges[i] != hub && judges[i] != parties[0].wallet);
            for (uint256 j = 0; j < i; ++j) {
                vm.assertTrue(judges[i] != judges[j]);
            }
        }
    }

    function test_shouldDrawNobodyWhoCameWhenTheBlockWasKnown() public {
        // given
        accuse();
        vm.roll(block.number + 3);
        for (uint256 i = 0; i < 30; ++i) {
            enlists(address(uint160(0x20000 + i)), 64);
        }

        // when
        court.draw(id, dispute, SECRET);

        // then
        address[] memory judges = court.judgesOf(id);
        for (uint256 i = 0; i < 5; ++i) {
            vm.assertLe(uint160(judges[i]), 0x10000 + JUDGES, "an early one");
        }
    }

    function test_shouldCallAgainWhenThereAreTooFewJudges() public {
        // given: all but four leave
        departs(4, JUDGES);
        accuse();
        uint256 until = block.timestamp + W;

        // when
        draw();

        // then: nobody sits, and who comes now can be drawn by a later block
        vm.assertEq(court.judgesOf(id).length, 0);
        enlists(judgeAt(90), 1);
        court.renew(type(uint256).max);
        draw();
        vm.assertEq(court.judgesOf(id).length, 0);
        uint256 drawBlock = block.number + 2;
        vm.roll(drawBlock);
        expect(abi.encodeWithSelector(Causes.NoBlockHash.selector, drawBlock, drawBlock));
        court.draw(id, dispute, SECRET);
        vm.roll(drawBlock + 1);
        vm.warp(until - 1);
        court.draw(id, dispute, SECRET);
        vm.assertEq(court.judgesOf(id).length, 5);
    }

    /// @dev It would choose between two draws each time, and have the bench it likes in the end.
    function test_theHubThatDrawsUntilItLikesTheBench() public {
        // given: a draw that finds too few, then enough for many a bench
        departs(4, JUDGES);
        accuse();
        draw();
        for (uint256 i = 90; i < 120; ++i) {
            enlists(judgeAt(i), 1);
        }
        court.renew(type(uint256).max);
        draw();
        vm.roll(block.number + 3);
        uint256 before = vm.snapshotState();
        court.draw(id, dispute, SECRET);
        address[] memory told = court.judgesOf(id);
        vm.revertToState(before);

        // when: somebody who has no secret draws, at once
        vm.prank(stranger);
        court.draw(id, dispute, 0);

        // then
        vm.assertEq(told.length, 5);
        vm.assertEq(keccak256(abi.encode(court.judgesOf(id))), keccak256(abi.encode(told)));
    }

    function test_shouldGiveNoMoreTimeByCallingAgain() public {
        // given: nobody can be drawn, however often
        departs(4, JUDGES);
        accuse();
        uint256 until = block.timestamp + W;
        vm.warp(until - 1);
        draw();
        expect(abi.encodeWithSelector(Causes.TooEarly.selector, until, block.timestamp));
        court.close(id, dispute);

        // when
        vm.warp(until);
        vm.roll(block.number + 3);
        expect(abi.encodeWithSelector(Causes.TooLate.selector, until, until));
        court.draw(id, dispute, SECRET);
        court.close(id, dispute);

        // then
        vm.assertFalse(escrow.frozen(hashOf(forged)));
        vm.assertEq(registry.disputes(parties[0].wallet), 0);
    }

    function test_shouldEndWhenNobodyDraws() public {
        accuse();
        uint256 from = block.timestamp + W;
        expect(abi.encodeWithSelector(Causes.TooEarly.selector, from, block.timestamp));
        court.close(id, dispute);
        vm.warp(from);
        court.close(id, dispute);
        vm.assertEq(court.owed(accuser), court.accuserBond() - 5 * FEE);
        vm.assertEq(court.owed(ASHES), 5 * FEE);
        vm.assertEq(court.owed(parties[0].wallet), 0);
        vm.assertFalse(escrow.frozen(hashOf(forged)));
        expect(abi.encodeWithSelector(Causes.NoSuchCase.selector, id));
        court.close(id, dispute);
        expect(abi.encodeWithSelector(Causes.NoSuchCase.selector, 7));
        court.close(7, dispute);
    }

    function test_shouldRefuseToGoOnAboutSomethingElse() public {
        accuse();
        vm.roll(block.number + 3);
        dispute.claimedLeaf = forgedLeaf();
        bytes memory reason = abi.encodeWithSelector(Causes.DisputeMismatch.selector, id);
        expect(reason);
        court.draw(id, dispute, SECRET);
        expect(reason);
        court.replace(id, dispute);
        expect(reason);
        court.close(id, dispute);
    }

    // ---- voting

    function test_shouldRefuseVotesOutOfTurn() public {
        accuse();
        draw();
        address judge = court.judgesOf(id)[0];
        bytes32 mine = keccak256(abi.encode(id, judge, trueLeaf(), bytes32(0)));
        uint256 commitUntil = block.timestamp + W / 2;
        expect(abi.encodeWithSelector(Causes.NotTheJudge.selector, stranger));
        vm.prank(stranger);
        court.commit(id, 0, mine);
        // a seat that there is not
        expect(abi.encodeWithSelector(Causes.NotTheJudge.selector, judge));
        vm.prank(judge);
        court.commit(id, 5, mine);
        vm.startPrank(judge);
        expect(abi.encodeWithSelector(Causes.VotedAlready.selector, id, 0));
        court.commit(id, 0, 0);
        court.commit(id, 0, mine);
        expect(abi.encodeWithSelector(Causes.VotedAlready.selector, id, 0));
        court.commit(id, 0, mine);
        vm.stopPrank();
        expect(abi.encodeWithSelector(Causes.TooEarly.selector, commitUntil + W / 8, block.timestamp));
        court.reveal(id, 0, trueLeaf(), 0);
        vm.warp(commitUntil);
        address late = court.judgesOf(id)[1];
        expect(abi.encodeWithSelector(Causes.TooLate.selector, commitUntil, commitUntil));
        vm.prank(late);
        court.commit(id, 1, mine);
        vm.warp(commitUntil + W / 8);
        expect(abi.encodeWithSelector(Causes.NotTheVote.selector, id, 0));
        court.reveal(id, 0, forgedLeaf(), 0);
        expect(abi.encodeWithSelector(Causes.VotedAlready.selector, id, 0));
        court.reveal(id, 0, 0, 0);
        expect(abi.encodeWithSelector(Causes.NotTheVote.selector, id, 9));
        court.reveal(id, 9, trueLeaf(), 0);
        court.reveal(id, 0, trueLeaf(), 0);
        expect(abi.encodeWithSelector(Causes.VotedAlready.selector, id, 0));
        court.reveal(id, 0, trueLeaf(), 0);
        uint256 until = commitUntil + W / 8 + W / 4;
        expect(abi.encodeWithSelector(Causes.TooEarly.selector, until, block.timestamp));
        court.close(id, dispute);
        vm.warp(until);
        expect(abi.encodeWithSelector(Causes.TooLate.selector, until, until));
        court.reveal(id, 1, trueLeaf(), 0);
    }

    function test_shouldNotLetOneJudgeCopyAnothersCommitment() public {
        // given: the second judge commits to the first one's very commitment
        accuse();
        draw();
        address[] memory judges = court.judgesOf(id);
        bytes32 copied = keccak256(abi.encode(id, judges[0], trueLeaf(), bytes32(0)));
        vm.prank(judges[0]);
        court.commit(id, 0, copied);
        vm.prank(judges[1]);
        court.commit(id, 1, copied);
        vm.warp(block.timestamp + W / 2 + W / 8);
        court.reveal(id, 0, trueLeaf(), 0);

        // when, then
        expect(abi.encodeWithSelector(Causes.NotTheVote.selector, id, 1));
        court.reveal(id, 1, trueLeaf(), 0);
    }

    // ---- others' doors

    function test_shouldLetNobodyElseFreezeCondemnSlashOrHold() public {
        bytes memory reason = abi.encodeWithSelector(Causes.NotTheCourt.selector, address(this));
        expect(reason);
        escrow.freeze(hashOf(forged), true);
        expect(reason);
        escrow.condemn(hashOf(forged), builder);
        expect(reason);
        registry.slash(parties[0].wallet, 1);
        expect(reason);
        registry.hold(parties[0].wallet, true);
    }

    // ---- the constructor

    function test_shouldRefuseACourtWithoutATokenAFeeOrAPrice() public {
        expect(abi.encodeWithSelector(Causes.ZeroAddress.selector));
        new Court(address(escrow), address(0), W, FEE, TICKET);
        expect(abi.encodeWithSelector(Causes.ZeroAmount.selector));
        new Court(address(escrow), address(token), W, 0, TICKET);
        expect(abi.encodeWithSelector(Causes.ZeroAmount.selector));
        new Court(address(escrow), address(token), W, FEE, 0);
    }
}
