// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IEscrow, Run} from "../../../src/interfaces/IEscrow.sol";
import {Causes} from "../../../src/libraries/Causes.sol";
import {Assignment, JobOrder} from "../../../src/libraries/Messages.sol";
import {Encoded} from "../../utils/Encoded.sol";
import {Market} from "../../utils/Market.sol";

/// @notice What a proven wrong answer costs, and whom it cannot cost anything.
contract ContradictionsTest is Market {
    JobOrder private order;

    function setUp() public override {
        super.setUp();
        order = anOrder();
    }

    function test_shouldBurnTheBondOfTheOneThatContradicts() public {
        // given
        Run memory forged = aRun(order, 2, 30, FORGED, OUTPUT);

        // when
        vm.expectEmit(address(escrow));
        emit IEscrow.BondBurned(forged.assignment.orderHash, hashOf(forged), parties[2].wallet, BOND);
        direct(order, list(aRun(order, 0), aRun(order, 1)), list(forged));
        vm.snapshotGasLastCall("Escrow", "direct, quorum of 2 and one that contradicts");

        // then
        vm.assertTrue(escrow.bondBurned(hashOf(forged)));
        vm.assertEq(registry.stakeOf(parties[2].wallet), STAKE - BOND);
        vm.assertEq(token.balanceOf(ASHES), BOND);
        vm.assertEq(paid(forged), 0);
        vm.assertEq(escrow.spent(forged.assignment.orderHash), 2 * PRICE);
    }

    function test_shouldBurnForAPoisonedOutputUnderAnHonestRoot() public {
        Run memory poisoned = aRun(order, 2, 30, ROOT, FORGED);
        direct(order, list(aRun(order, 0), aRun(order, 1)), list(poisoned));
        vm.assertEq(registry.stakeOf(parties[2].wallet), STAKE - BOND);
    }

    function test_shouldBurnOnceOnly() public {
        // given
        Run memory forged = aRun(order, 2, 30, FORGED, OUTPUT);
        Run[] memory agreeing = list(aRun(order, 0), aRun(order, 1));
        direct(order, agreeing, list(forged, forged));
        vm.assertEq(registry.stakeOf(parties[2].wallet), STAKE - BOND);

        // when, then
        expect(abi.encodeWithSelector(Causes.NothingToDo.selector, forged.assignment.orderHash));
        direct(order, agreeing, list(forged));
        vm.assertEq(registry.stakeOf(parties[2].wallet), STAKE - BOND);
    }

    function test_shouldBurnLaterAgainstAnAnswerThatStands() public {
        // given
        Run memory forged = aRun(order, 2, 30, FORGED, OUTPUT);
        Run[] memory agreeing = list(aRun(order, 0), aRun(order, 1));
        direct(order, agreeing);

        // when
        direct(order, agreeing, list(forged));

        // then
        vm.assertEq(registry.stakeOf(parties[2].wallet), STAKE - BOND);
    }

    function test_shouldBurnNothingWithoutAQuorumInTheSameCall() public {
        // given
        Run memory forged = aRun(order, 2, 30, FORGED, OUTPUT);
        Run[] memory one = list(aRun(order, 0));
        direct(order, list(one[0], aRun(order, 1)));

        // when, then
        expect(abi.encodeWithSelector(Causes.NothingToDo.selector, forged.assignment.orderHash));
        direct(order, none(), list(forged));
        expect(abi.encodeWithSelector(Causes.NothingToDo.selector, forged.assignment.orderHash));
        direct(order, one, list(forged));
    }

    /// @dev The answer stands for pay; who gave it counts for nothing more.
    function test_theQuorumProvenWrongThatBurnsTheHonestThird() public {
        // given: both who lied are condemned, here by what they signed themselves
        Run memory honest = aRun(order, 2);
        Run[] memory liars = list(aRun(order, 0, 30, FORGED, OUTPUT), aRun(order, 1, 30, FORGED, OUTPUT));
        direct(order, liars);
        for (uint256 i = 0; i < 2; ++i) {
            court.proveTwoOpenings(order, signed(order), list(liars[i]), list(aRun(order, i)));
        }

        // when, then
        expect(abi.encodeWithSelector(Causes.NothingToDo.selector, honest.assignment.orderHash));
        direct(order, none(), list(honest));
        expect(abi.encodeWithSelector(Causes.Condemned.selector, hashOf(liars[0])));
        direct(order, liars, list(honest));
        vm.assertEq(registry.stakeOf(parties[2].wallet), STAKE);
    }

    /// @dev Who committed to two answers would else lose the bond by one and be paid by the other.
    function test_shouldPayNothingForTheSecondAnswerOfABurnedRun() public {
        // given
        Run memory forged = aRun(order, 2, 30, FORGED, OUTPUT);
        Run[] memory agreeing = list(aRun(order, 0), aRun(order, 1));
        direct(order, agreeing, list(forged));
        Run[] memory three = list(agreeing[0], agreeing[1], aRun(order, 2));

        // when, then
        bytes32 said = keccak256(abi.encode(FORGED, OUTPUT));
        expect(abi.encodeWithSelector(Causes.OpenedOtherwise.selector, hashOf(forged), 30, said));
        direct(order, three);

        // and: other borders are another question
        Run[] memory shorter = list(aRun(order, 2, 10, ROOT, 0), aRun(order, 3, 10, ROOT, 0));
        direct(order, shorter);
        vm.assertEq(paid(shorter[0]), PRICE / 3);
    }

    function test_shouldBurnThoughNothingIsLeftToPay() public {
        // given
        order.maxPayment = 2 * PRICE;
        Run[] memory agreeing = list(aRun(order, 0), aRun(order, 1));
        direct(order, agreeing);
        Run memory forged = aRun(order, 2, 30, FORGED, OUTPUT);
        Run memory third = aRun(order, 3);

        // when
        direct(order, list(agreeing[0], agreeing[1], third), list(forged));

        // then
        vm.assertEq(registry.stakeOf(parties[2].wallet), STAKE - BOND);
        vm.assertEq(paid(third), 0);
    }

    function test_shouldBurnNoMoreThanTheStake() public {
        // given
        Assignment memory assignment = anAssignment(order, 2);
        assignment.bond = type(uint256).max;
        Run memory forged = aRun(assignment, 2, anOpening(30, FORGED, OUTPUT));

        // when
        direct(order, list(aRun(order, 0), aRun(order, 1)), list(forged));

        // then
        vm.assertEq(token.balanceOf(ASHES), STAKE);
        vm.assertEq(registry.stakeOf(parties[2].wallet), 0);
    }

    function test_shouldBurnWhatIsOnItsWayOut() public {
        // given
        vm.prank(parties[2].wallet);
        registry.unstake(STAKE);

        // when
        direct(order, list(aRun(order, 0), aRun(order, 1)), list(aRun(order, 2, 30, FORGED, OUTPUT)));

        // then
        (uint256 pending,) = registry.unbonding(parties[2].wallet);
        vm.assertEq(pending, STAKE - BOND);
    }

    function test_shouldBurnNothingOfARunInAnotherClass() public {
        // given
        Assignment memory assignment = anAssignment(order, 2);
        assignment.numericClass = keccak256("some GPU");
        Run memory other = aRun(assignment, 2, anOpening(30, FORGED, OUTPUT));

        // when
        direct(order, list(aRun(order, 0), aRun(order, 1)), list(other));

        // then
        vm.assertEq(registry.stakeOf(parties[2].wallet), STAKE);
        vm.assertFalse(escrow.bondBurned(hashOf(other)));
    }

    function test_shouldBurnNothingAgainstAQuorumNotWhollyOfTheStrictClass() public {
        // given
        Assignment memory assignment = anAssignment(order, 1);
        assignment.numericClass = keccak256("some GPU");
        Run memory second = aRun(assignment, 1, anOpening(30, ROOT, OUTPUT));

        // when
        direct(order, list(aRun(order, 0), second), list(aRun(order, 2, 30, FORGED, OUTPUT)));

        // then
        vm.assertEq(registry.stakeOf(parties[2].wallet), STAKE);
    }

    function test_shouldBurnThoughOthersWereShownFirst() public {
        // given: the forger itself establishes the answer, by two of three that agree, not both of the strict class
        Assignment memory assignment = anAssignment(order, 1);
        assignment.numericClass = keccak256("some GPU");
        Run memory a = aRun(order, 0);
        direct(order, list(a, aRun(assignment, 1, anOpening(30, ROOT, OUTPUT))));

        // when: two of the strict class are shown
        direct(order, list(a, aRun(order, 3)), list(aRun(order, 2, 30, FORGED, OUTPUT)));

        // then
        vm.assertEq(registry.stakeOf(parties[2].wallet), STAKE - BOND);
    }

    function test_shouldBurnThoughVerdictsOfAnotherClassWereShownBeside() public {
        // given: two runs of the strict class, and more verdicts, which are not
        Run memory a = aRun(order, 0);
        Run[] memory runs = new Run[](5);
        (runs[0], runs[1]) = (a, aRun(order, 1));
        for (uint256 i = 2; i < 5; ++i) {
            runs[i] = aVerdict(order, i, a);
            runs[i].assignment.numericClass = keccak256("some GPU");
            signRun(runs[i], i);
            runs[i].receiptSignature = unsigned();
            bytes32 verdict = digest(Encoded.hash(verdictOf(runs[i], a)));
            runs[i].commitmentSignature = sign(parties[i].sessionKey, verdict);
        }
        direct(order, runs);

        // when
        Run memory forged = aRun(order, 2, 30, FORGED, OUTPUT);
        direct(order, list(a, runs[1]), list(forged));

        // then
        vm.assertTrue(escrow.bondBurned(hashOf(forged)));
    }

    function test_shouldBurnNothingOneAgainstOne() public {
        order.quorum = 1;
        direct(order, list(aRun(order, 0)), list(aRun(order, 2, 30, FORGED, OUTPUT)));
        vm.assertEq(registry.stakeOf(parties[2].wallet), STAKE);
    }

    function test_shouldRefuseARunThatDoesNotContradict() public {
        Run[] memory agreeing = list(aRun(order, 0), aRun(order, 1));
        Run[] memory same = list(aRun(order, 2));
        expect(abi.encodeWithSelector(Causes.NoContradiction.selector, hashOf(same[0])));
        direct(order, agreeing, same);

        Run[] memory shorter = list(aRun(order, 2, 29, FORGED, OUTPUT));
        expect(abi.encodeWithSelector(Causes.NoContradiction.selector, hashOf(shorter[0])));
        direct(order, agreeing, shorter);

        Run[] memory alone = list(aRun(order, 2, 30, FORGED, OUTPUT));
        expect(abi.encodeWithSelector(Causes.NoContradiction.selector, hashOf(alone[0])));
        direct(order, none(), alone);
    }

    function test_shouldRefuseAContradictionThatIsNotProven() public {
        // given: somebody else's forged answer under an honest owner's assignment
        Run[] memory agreeing = list(aRun(order, 0), aRun(order, 1));
        Run memory framed = aRun(order, 2, 30, FORGED, OUTPUT);
        framed.commitmentSignature = sign(hubKey, commitmentOf(framed));
        expect(
            abi.encodeWithSelector(
                Causes.CommitmentNotSigned.selector, hashOf(framed), commitment(framed).seal, parties[2].session
            )
        );

        // when, then
        direct(order, agreeing, list(framed));
        vm.assertEq(registry.stakeOf(parties[2].wallet), STAKE);
    }

    function test_shouldStillPayWhenTheContradictingRunIsLeftOut() public {
        // a stake token that cannot be moved must not hold up anybody's pay: the caller simply does not show it
        Run[] memory agreeing = list(aRun(order, 0), aRun(order, 1));
        direct(order, agreeing);
        vm.assertEq(paid(agreeing[0]), PRICE);
    }

    function test_shouldMakeBuilderHubAndTwoReplicasPayForFramingAnHonestThird() public {
        // given: one person is builder, hub and the owners of two replicas with a common lie
        Run memory honest = aRun(order, 2);
        Run memory lie1 = aRun(order, 0, 30, FORGED, OUTPUT);
        Run memory lie2 = aRun(order, 1, 30, FORGED, OUTPUT);
        uint256 before = escrow.allotment(builder, hub, address(token));

        // when
        direct(order, list(lie1, lie2), list(honest));

        // then: until there is a court, the honest one loses exactly the bond it accepted, which nobody gets
        vm.assertEq(registry.stakeOf(parties[2].wallet), STAKE - BOND);
        vm.assertEq(token.balanceOf(ASHES), BOND);
        vm.assertEq(escrow.allotment(builder, hub, address(token)), before - 2 * PRICE);
    }
}
