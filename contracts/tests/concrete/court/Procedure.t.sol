// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

import {Court} from "../../../src/Court.sol";
import {ICourt, Leaf} from "../../../src/interfaces/ICourt.sol";
import {Run} from "../../../src/interfaces/IEscrow.sol";
import {Causes} from "../../../src/libraries/Causes.sol";
import {Assignment} from "../../../src/libraries/Messages.sol";
import {Signature} from "../../../src/libraries/Signatures.sol";
import {Disputing} from "../../utils/Disputing.sol";

/// @notice Accusing, drawing, voting, silence. procedure.tree says it in words.
contract ProcedureTest is Disputing {
    // ---- accusing

    function refuses(Run memory run, uint32 border, Leaf memory prior, Leaf memory leaf, bytes memory reason) private {
        refuses(run, border, prior, leaf, trueLeaf(), reason);
    }

    function refuses(
        Run memory run,
        uint32 border,
        Leaf memory prior,
        Leaf memory leaf,
        bytes32 claimed,
        bytes memory reason
    ) private {
        Signature memory signature = signed(order);
        expect(reason);
        vm.prank(accuser);
        court.accuse(order, signature, list(run), border, prior, leaf, claimed);
    }

    function test_shouldNotBlameASuccessorForAForgedPrefix() public {
        // given: it started at border 2, whatever was before
        Assignment memory assignment = anAssignment(order, 2);
        assignment.fromBorder = 2;
        Run memory successor = aTreeRun(assignment, 2, true);

        // when, then: not for the border it was given, and not for those before
        bytes memory reason = abi.encodeWithSelector(Causes.BorderNotAnsweredFor.selector, hashOf(successor), 2);
        refuses(successor, 2, shownLeaf(1, true), shownLeaf(2, true), reason);
    }

    function test_shouldRefuseABorderBeyondTheOpening() public {
        bytes memory reason = abi.encodeWithSelector(Causes.BorderNotAnsweredFor.selector, hashOf(forged), 4);
        refuses(forged, 4, shownLeaf(1, true), shownLeaf(2, true), reason);
        reason = abi.encodeWithSelector(Causes.BorderNotAnsweredFor.selector, hashOf(forged), 0);
        refuses(forged, 0, shownLeaf(1, true), shownLeaf(2, true), reason);
    }

    function test_shouldRefuseLeavesThatAreNotTheRuns() public {
        bytes32 root = forged.opening.root;
        bytes32 orderHash = forged.assignment.orderHash;
        bytes memory reason = abi.encodeWithSelector(Causes.LeafNotProven.selector, trueLeaf(), root);
        refuses(forged, 2, shownLeaf(1, true), shownLeaf(2, false), reason);
        // a leaf in another's place
        Leaf memory moved = shownLeaf(2, true);
        bytes32 wrong = wrongBorder(orderHash, moved);
        reason = abi.encodeWithSelector(Causes.LeafNotProven.selector, wrong, root);
        refuses(forged, 2, moved, shownLeaf(2, true), reason);
    }

    function wrongBorder(bytes32 orderHash, Leaf memory leaf) private view returns (bytes32) {
        return this.leafAt(orderHash, 1, leaf);
    }

    function leafAt(bytes32 orderHash, uint32 border, Leaf memory leaf) external pure returns (bytes32) {
        return keccak256(
            bytes.concat(
                keccak256(
                    abi.encode(
                        orderHash,
                        border,
                        leaf.checkpoint.adapter,
                        leaf.checkpoint.optimizer,
                        leaf.checkpoint.state,
                        leaf.checkpoint.metrics
                    )
                )
            )
        );
    }

    // ---- the first segment of a tree as agents make it: the leaves after the run's fromBorder

    function test_shouldHearTheFirstSegmentOfATreeThatHasNoLeafBeforeIt() public {
        // given
        Run memory run = aRunFrom(0);
        bytes32 orderHash = run.assignment.orderHash;
        Leaf memory none;

        // when
        accuse(run, 1, none, firstLeaf(orderHash), trueLeaf());

        // then: judges go by the spec
        vm.assertEq(dispute.priorLeaf, 0);
        vm.assertEq(dispute.accusedLeaf, leafOf(orderHash, 1, true));
        draw();
        vote(5, trueLeaf(), 0);
        court.close(id, dispute);
        vm.assertTrue(escrow.condemned(hashOf(run)));
    }

    function test_shouldRefuseTheFirstSegmentOfASuccessor() public {
        // given: it went on from border 1, which is not in its tree
        Run memory run = aRunFrom(1);
        bytes32 prior = leafOf(run.assignment.orderHash, 1, true);
        Leaf memory leaf;
        leaf.checkpoint = aCheckpoint(2, true);
        leaf.proof = new bytes32[](1);
        leaf.proof[0] = leafOf(run.assignment.orderHash, 3, true);

        // when, then
        bytes memory reason = abi.encodeWithSelector(Causes.LeafNotProven.selector, prior, run.opening.root);
        refuses(run, 2, shownLeaf(1, true), leaf, reason);
    }

    function aRunFrom(uint32 border) private view returns (Run memory run) {
        Assignment memory assignment = anAssignment(order, 0);
        assignment.secretHash = keccak256(abi.encode(SECRET));
        assignment.fromBorder = border;
        bytes32 root = pairOf(assignment.orderHash, 2, true);
        if (border == 0) root = Hashes.commutativeKeccak256(leafOf(assignment.orderHash, 1, true), root);
        run = aRun(assignment, 0, anOpening(3, root, OUTPUT));
        run.opening.leafCount = 3 - border;
        signRun(run, 0);
    }

    function firstLeaf(bytes32 orderHash) private pure returns (Leaf memory leaf) {
        leaf.checkpoint = aCheckpoint(1, true);
        leaf.proof = new bytes32[](1);
        leaf.proof[0] = pairOf(orderHash, 2, true);
    }

    function test_shouldRefuseToClaimTheLeafItAccusesOrNone() public {
        refuses(
            forged,
            2,
            shownLeaf(1, true),
            shownLeaf(2, true),
            forgedLeaf(),
            abi.encodeWithSelector(Causes.NoFault.selector)
        );
        refuses(forged, 2, shownLeaf(1, true), shownLeaf(2, true), 0, abi.encodeWithSelector(Causes.NoFault.selector));
    }

    function test_shouldHearOneCaseAboutASegmentAtATime() public {
        accuse();
        bytes32 segment = keccak256(abi.encode(leafOf(forged.assignment.orderHash, 1, true), forgedLeaf()));
        bytes memory reason = abi.encodeWithSelector(Causes.JudgedAlready.selector, hashOf(forged), segment);
        refuses(forged, 2, shownLeaf(1, true), shownLeaf(2, true), reason);
        // another segment is another case
        accuse(forged, 3, shownLeaf(2, true), shownLeaf(3, true), trueLeaf());
    }

    function test_shouldNeedTheBond() public {
        Signature memory signature = signed(order);
        vm.expectRevert();
        vm.prank(stranger);
        court.accuse(order, signature, list(forged), 2, shownLeaf(1, true), shownLeaf(2, true), trueLeaf());
    }

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

    // ---- until when

    /// @dev Whoever settles at the last second leaves a court its time: what ripens in a window or two is still there to freeze.
    function test_shouldHearForTwoWindowsOfWhatWasSettledAtTheLastSecond() public {
        // given
        vm.warp(order.deadline + 6 * W);
        paidForgery();
        vm.warp(order.deadline + 7 * W - 1);
        (,, uint256 matured, uint256 maturing,) = escrow.credit(hashOf(forged));
        vm.assertEq(matured, 0);
        vm.assertEq(maturing, PRICE);

        // when
        accuse();

        // then
        vm.assertTrue(escrow.frozen(hashOf(forged)));
    }

    function test_shouldHearUntilEightWindowsAfterTheDeadline() public {
        uint256 endsAt = order.deadline + 8 * W;
        vm.warp(endsAt + 1);
        Signature memory signature = signed(order);
        bytes32 orderHash = forged.assignment.orderHash;
        expect(abi.encodeWithSelector(Causes.OrderOver.selector, orderHash, endsAt, endsAt + 1));
        vm.prank(accuser);
        court.accuse(order, signature, list(forged), 2, shownLeaf(1, true), shownLeaf(2, true), trueLeaf());
        vm.warp(endsAt);
        accuse();
        vm.assertTrue(escrow.frozen(hashOf(forged)));
    }

    /// @dev A stake asked back when the order ran cannot leave before the court stops hearing of it.
    function test_shouldFindTheStakeThatWasAskedBackUnderTheOrder() public {
        // given
        vm.warp(order.validAfter);
        vm.prank(parties[0].wallet);
        registry.unstake(STAKE);
        (, uint64 leaves) = registry.unbonding(parties[0].wallet);
        vm.assertTrue(leaves > uint256(order.validAfter) + MAX_ORDER + 8 * W);
        vm.warp(order.deadline + 8 * W);

        // when
        accuse();

        // then: it waits for the verdict, however long that takes
        vm.warp(leaves);
        expect(abi.encodeWithSelector(Causes.StakeHeld.selector, parties[0].wallet, 1));
        vm.prank(parties[0].wallet);
        registry.withdrawStake(parties[0].wallet);
    }
}
