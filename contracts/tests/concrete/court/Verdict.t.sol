// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICourt} from "../../../src/interfaces/ICourt.sol";
import {Run} from "../../../src/interfaces/IEscrow.sol";
import {Causes} from "../../../src/libraries/Causes.sol";
import {Assignment} from "../../../src/libraries/Messages.sol";
import {Signature} from "../../../src/libraries/Signatures.sol";
import {Disputing} from "../../utils/Disputing.sol";

/// @notice What a case comes to, for each party. verdict.tree says it in words.
contract VerdictTest is Disputing {
    uint256 private bond;

    function setUp() public override {
        super.setUp();
        bond = court.accuserBond();
        paidForgery();
        accuse();
    }

    function credit(Run memory run) private view returns (uint256) {
        (,, uint256 matured, uint256 maturing,) = escrow.credit(hashOf(run));
        return matured + maturing;
    }

    function test_shouldCondemnByFourOfFive() public {
        // given
        draw();
        address[] memory judges = court.judgesOf(id);
        uint256 before = escrow.balanceOf(builder, address(token));
        vote(4, trueLeaf(), forgedLeaf());

        // when
        vm.expectEmit(address(court));
        emit ICourt.Closed(id, ICourt.Outcome.Condemned, BOND);
        court.close(id, dispute);

        // then: the builder is first: its money, and half of what is slashed
        vm.assertEq(escrow.balanceOf(builder, address(token)), before + PRICE);
        vm.assertEq(court.owed(builder), BOND / 2);
        // four judges are paid; the accuser has its bond but for them, and twice that
        for (uint256 i = 0; i < 5; ++i) {
            vm.assertEq(earnedBy(judges[i]), i < 4 ? FEE : 0);
        }
        vm.assertEq(court.owed(accuser), bond - 4 * FEE + 8 * FEE);
        vm.assertEq(court.owed(ASHES), BOND / 2 - 8 * FEE);
        vm.assertEq(registry.stakeOf(parties[0].wallet), STAKE - BOND);
        vm.assertTrue(escrow.condemned(hashOf(forged)));
        vm.assertEq(credit(forged), 0);
    }

    function test_shouldGiveTheAccuserAtMostAQuarter() public {
        // given: a bond so small that a quarter is less than twice the costs
        Assignment memory assignment = anAssignment(order, 2);
        assignment.bond = 24 * FEE;
        judged(assignment);

        // then
        vm.assertEq(court.owed(accuser), bond - 5 * FEE + 6 * FEE);
        vm.assertEq(court.owed(builder), 12 * FEE);
    }

    function test_theRightAccuserWhoWouldPayForTheJudges() public {
        // given: a quarter of the bond is less than they cost
        Assignment memory assignment = anAssignment(order, 2);
        assignment.bond = 12 * FEE;
        judged(assignment);

        // then: that comes out of what would be nobody's
        vm.assertEq(court.owed(accuser), bond);
        vm.assertEq(court.owed(builder), 6 * FEE);
        vm.assertEq(court.owed(ASHES), FEE);
    }

    function test_shouldLeaveTheBuilderItsHalfWhateverJudgesCost() public {
        // given: half of the bond is less as well
        Assignment memory assignment = anAssignment(order, 2);
        assignment.bond = 4 * FEE;
        judged(assignment);

        // then
        vm.assertEq(court.owed(accuser), bond - 5 * FEE + 2 * FEE);
        vm.assertEq(court.owed(builder), 2 * FEE);
    }

    function judged(Assignment memory assignment) private {
        Run memory cheap = aTreeRun(assignment, 2, true);
        accuse(cheap, 2, shownLeaf(1, true), shownLeaf(2, true), trueLeaf());
        vm.roll(block.number + 3);
        vm.warp(block.timestamp + W / 8);
        court.draw(id, dispute, 0);
        vote(5, trueLeaf(), 0);
        court.close(id, dispute);
    }

    function test_shouldClearByFourOfFiveAndTakeTheFalseAccusersBond() public {
        draw();
        vote(4, forgedLeaf(), trueLeaf());
        court.close(id, dispute);
        uint256 rest = bond - 4 * FEE;
        vm.assertEq(court.owed(accuser), 0);
        vm.assertEq(court.owed(parties[0].wallet), rest / 2);
        vm.assertEq(court.owed(ASHES), rest - rest / 2);
        vm.assertEq(registry.stakeOf(parties[0].wallet), STAKE);
        vm.warp(block.timestamp + W);
        escrow.collect(hashes(forged));
        vm.assertEq(token.balanceOf(parties[0].wallet), PRICE);
    }

    function test_shouldNotJudgeAClearedSegmentAgain() public {
        draw();
        vote(5, forgedLeaf(), 0);
        court.close(id, dispute);
        refusesAccusal(forged);
        refusesAccusal(aTreeRun(1, true));
    }

    function refusesAccusal(Run memory run) private {
        bytes32 prior = leafOf(forged.assignment.orderHash, 1, false);
        bytes memory reason = abi.encodeWithSelector(
            Causes.JudgedAlready.selector, hashOf(run), keccak256(abi.encode(prior, forgedLeaf()))
        );
        Signature memory signature = signed(order);
        expect(reason);
        vm.prank(accuser);
        court.accuse(order, signature, list(run), 2, shownLeaf(1, true), shownLeaf(2, true), trueLeaf());
    }

    function test_shouldCallASecondCourtOfNineWhenTheFirstSplits() public {
        // given
        draw();
        address[] memory first = court.judgesOf(id);
        vote(3, trueLeaf(), forgedLeaf());

        // when
        court.close(id, dispute);
        draw();

        // then: nine others; the five were paid
        address[] memory second = court.judgesOf(id);
        vm.assertEq(second.length, 9);
        for (uint256 i = 0; i < 5; ++i) {
            vm.assertEq(earnedBy(first[i]), FEE);
            for (uint256 j = 0; j < 9; ++j) {
                vm.assertTrue(first[i] != second[j]);
            }
        }
        vote(7, trueLeaf(), forgedLeaf());
        court.close(id, dispute);
        vm.assertTrue(escrow.condemned(hashOf(forged)));
        vm.assertEq(registry.stakeOf(parties[0].wallet), STAKE - BOND);
        vm.assertEq(court.owed(accuser), bond - 12 * FEE + 24 * FEE);
    }

    function test_shouldSlashNobodyAfterASecondSplit() public {
        draw();
        vote(3, trueLeaf(), forgedLeaf());
        court.close(id, dispute);
        draw();
        vote(6, trueLeaf(), forgedLeaf());
        court.close(id, dispute);
        vm.assertEq(registry.stakeOf(parties[0].wallet), STAKE);
        vm.assertEq(court.owed(accuser), bond - 14 * FEE);
        escrow.collect(hashes(forged));
        vm.assertEq(token.balanceOf(parties[0].wallet), PRICE);
    }

    function test_shouldCountACaseThatSplitsAndFindsNoSecondCourt() public {
        for (uint256 n = 0; n < 3; ++n) {
            // given: a first court that cannot agree
            if (n > 0) accuse();
            vm.roll(block.number + 3);
            vm.warp(block.timestamp + W / 8);
            court.draw(id, dispute, 0);
            vote(3, trueLeaf(), forgedLeaf());
            court.close(id, dispute);

            // when: nobody sits in the second
            vm.warp(block.timestamp + W);
            court.close(id, dispute);

            // then: it cost what the first cost, and nobody who waited is blamed
            vm.assertEq(court.owed(accuser), (n + 1) * (bond - 5 * FEE));
            vm.assertEq(court.owed(parties[0].wallet), 0);
        }
        refusesAccusal(forged);
    }

    function test_shouldReopenAnUndecidedSegmentThreeTimesAtMost() public {
        for (uint256 n = 0; n < 3; ++n) {
            // nobody sits, which says nothing
            if (n > 0) accuse();
            vm.warp(block.timestamp + W);
            court.close(id, dispute);
            accuse();
            // two courts that cannot agree
            for (uint256 c = 0; c < 2; ++c) {
                vm.roll(block.number + 3);
                vm.warp(block.timestamp + W / 8);
                court.draw(id, dispute, 0);
                vote(3, trueLeaf(), forgedLeaf());
                court.close(id, dispute);
            }
        }
        refusesAccusal(forged);
    }

    function test_shouldCondemnAndRewardNobodyWhenTheAccuserIsWrongAsWell() public {
        // given: a friend of the forger accused it of another wrong leaf, to shield it
        draw();
        vote(4, keccak256("a third leaf"), trueLeaf());

        // when
        court.close(id, dispute);

        // then
        vm.assertTrue(escrow.condemned(hashOf(forged)));
        vm.assertEq(court.owed(accuser), 0);
        vm.assertEq(court.owed(builder), BOND / 2);
    }

    function test_shouldCostTheStakeOfNobodyBelowAClassesFloor() public {
        // given: not of the strict class
        Assignment memory assignment = anAssignment(order, 2);
        assignment.numericClass = keccak256("some GPU");
        Run memory loose = aTreeRun(assignment, 2, true);
        direct(order, list(loose));
        accuse(loose, 2, shownLeaf(1, true), shownLeaf(2, true), trueLeaf());
        vm.warp(block.timestamp + W / 8);
        draw();
        vote(5, trueLeaf(), 0);
        uint256 before = escrow.balanceOf(builder, address(token));

        // when
        court.close(id, dispute);

        // then: the pay, not the stake
        vm.assertEq(escrow.balanceOf(builder, address(token)), before + PRICE);
        vm.assertEq(registry.stakeOf(parties[2].wallet), STAKE);
    }

    function test_shouldFreezeThatCreditAlone() public {
        // given: ripe
        vm.warp(block.timestamp + W);
        Run memory other = aTreeRun(1, true);

        // when, then
        expect(abi.encodeWithSelector(Causes.CreditFrozen.selector, hashOf(forged)));
        escrow.collect(hashes(forged));
        escrow.collect(hashes(other));
        vm.assertEq(token.balanceOf(parties[1].wallet), PRICE);
    }

    function test_shouldKeepTheStakeWhileDisputed() public {
        // given: it asked everything back, and its time is over while the case is open
        vm.startPrank(parties[0].wallet);
        registry.unstake(STAKE);
        vm.warp(block.timestamp + MAX_ORDER + 9 * W);
        expect(abi.encodeWithSelector(Causes.StakeHeld.selector, parties[0].wallet, 1));
        registry.withdrawStake(parties[0].wallet);
        vm.stopPrank();

        // when: the case ends
        court.close(id, dispute);

        // then
        vm.prank(parties[0].wallet);
        vm.assertEq(registry.withdrawStake(parties[0].wallet), STAKE);
    }

    function test_shouldPayACondemnedRunNothingMore() public {
        draw();
        vote(5, trueLeaf(), 0);
        court.close(id, dispute);
        Signature memory signature = signed(order);
        Run[] memory runs = list(forged);
        expect(abi.encodeWithSelector(Causes.Condemned.selector, hashOf(forged)));
        escrow.direct(order, signature, runs, none());
    }

    function test_shouldLetTheHonestThirdBeatABuilderHubAndTwoReplicasThatAreOnePerson() public {
        // given: two forged runs were paid by direct; the honest third accuses both
        Run memory other = aTreeRun(1, true);
        draw();
        vote(5, trueLeaf(), 0);
        court.close(id, dispute);
        accuse(other, 2, shownLeaf(1, true), shownLeaf(2, true), trueLeaf());
        draw();
        vote(5, trueLeaf(), 0);

        // when
        court.close(id, dispute);

        // then: both forgers lost bond and pay; the accuser won, though builder and hub were against it
        vm.assertEq(registry.stakeOf(parties[0].wallet) + registry.stakeOf(parties[1].wallet), 2 * (STAKE - BOND));
        vm.assertEq(court.owed(accuser), 2 * (bond + 5 * FEE));
    }

    function test_shouldPayOutWhatIsOwed() public {
        draw();
        vote(5, forgedLeaf(), 0);
        court.close(id, dispute);
        address judge = court.judgesOf(id)[0];
        uint256[] memory tickets = new uint256[](1);
        tickets[0] = uint160(judge) - 0x10000;
        court.gather(tickets);
        vm.assertEq(earnedBy(judge), 0);
        vm.startPrank(judge);
        expect(abi.encodeWithSelector(Causes.ZeroAddress.selector));
        court.withdraw(address(0));
        vm.assertEq(court.withdraw(stranger), FEE);
        expect(abi.encodeWithSelector(Causes.ZeroAmount.selector));
        court.withdraw(stranger);
        vm.stopPrank();
        vm.assertEq(token.balanceOf(stranger), FEE);
    }
}
