// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IEscrow, Run} from "../../../src/interfaces/IEscrow.sol";
import {Causes} from "../../../src/libraries/Causes.sol";
import {Assignment, Commitment, JobOrder, Messages} from "../../../src/libraries/Messages.sol";
import {Signature} from "../../../src/libraries/Signatures.sol";
import {Market} from "../../utils/Market.sol";

contract OpenTest is Market {
    JobOrder private order;
    Signature private signature;

    function setUp() public override {
        super.setUp();
        order = anOrder();
        signature = signed(order);
    }

    function afterDeadline() private returns (uint64 now_) {
        now_ = order.deadline + 1;
        vm.warp(now_);
    }

    // ---- recordCommitment

    function test_shouldRememberTheFirstTime() public {
        // given
        Commitment memory mine = commitment(aRun(order, 0));
        bytes32 commitmentHash = escrow.hashCommitment(mine);

        // when
        vm.expectEmit(address(escrow));
        emit IEscrow.CommitmentRecorded(mine.assignmentHash, commitmentHash, 30, mine.seal, T0);
        vm.prank(stranger);
        escrow.recordCommitment(mine);
        vm.snapshotGasLastCall("Escrow", "recordCommitment");

        // then
        vm.assertEq(escrow.recordedAt(commitmentHash), T0);
        vm.warp(T0 + 5);
        expect(abi.encodeWithSelector(Causes.CommitmentAlreadyRecorded.selector, commitmentHash, T0));
        escrow.recordCommitment(mine);
    }

    // ---- open

    function test_shouldRefuseUntilTheDeadline() public {
        Run memory run = aRun(order, 0);
        vm.warp(order.deadline);
        expect(
            abi.encodeWithSelector(
                Causes.OpeningTooEarly.selector, run.assignment.orderHash, order.deadline, order.deadline
            )
        );
        escrow.open(order, signature, run);
    }

    function test_shouldRefuseAnOrderNotYetLeftByItsHub() public {
        order.direct = false;
        signature = signed(order);
        Run memory run = aRun(order, 0);
        uint64 now_ = afterDeadline();
        expect(
            abi.encodeWithSelector(Causes.OrderNotOpen.selector, run.assignment.orderHash, order.deadline + 4 * W, now_)
        );
        escrow.open(order, signature, run);
    }

    function test_shouldCountToTheQuorumAndPayAll() public {
        // given: one with a receipt, one that had to record
        Run memory a = aRun(order, 0);
        Run memory b = withoutReceipt(aRun(order, 1));
        escrow.recordCommitment(commitment(b));
        uint64 now_ = afterDeadline();
        bytes32 orderHash = a.assignment.orderHash;

        // when
        vm.expectEmit(address(escrow));
        emit IEscrow.OpeningRecorded(orderHash, hashOf(a), 30, ROOT, OUTPUT, 1);
        escrow.open(order, signature, a);
        vm.snapshotGasLastCall("Escrow", "open, first");

        // then
        vm.assertEq(paid(a), 0);
        vm.assertEq(escrow.tally(orderHash, 0, 30, ROOT, OUTPUT), 1);

        // and
        vm.expectEmit(address(escrow));
        emit IEscrow.Agreed(orderHash, 0, 30, ROOT, OUTPUT, 2);
        escrow.open(order, signature, b);
        vm.snapshotGasLastCall("Escrow", "open, quorum of 2 reached");
        vm.assertEq(paid(a), PRICE);
        vm.assertEq(paid(b), PRICE);
        (,,,, uint64 maturesAt) = escrow.credit(hashOf(a));
        vm.assertEq(maturesAt, now_ + 2 * W);

        // and: what contradicts is burned through direct
        Run[] memory forged = list(aRun(order, 2, 30, FORGED, OUTPUT));
        escrow.direct(order, signature, list(a, b), forged);
        vm.assertEq(registry.stakeOf(parties[2].wallet), STAKE - BOND);
    }

    function test_shouldNotRipenSoonerWhenMoreIsEarnedWithReceipts() public {
        // given: a prefix opened singly, which ripens after 2 W
        Run memory a = aRun(order, 0, 10, ROOT, 0);
        Run memory b = aRun(order, 1, 10, ROOT, 0);
        Run[] memory whole = list(aRun(order, 0), aRun(order, 1));
        uint64 now_ = afterDeadline();
        escrow.open(order, signature, a);
        escrow.open(order, signature, b);

        // when: the whole, with receipts, which alone would ripen after W
        escrow.direct(order, signature, whole, none());

        // then
        (,,, uint256 maturing, uint64 maturesAt) = escrow.credit(hashOf(a));
        vm.assertEq(maturing, PRICE);
        vm.assertEq(maturesAt, now_ + 2 * W);
    }

    function test_shouldPayALateOneThatAgrees() public {
        Run memory third = aRun(order, 2);
        escrow.direct(order, signature, list(aRun(order, 0), aRun(order, 1)), none());
        afterDeadline();
        escrow.open(order, signature, third);
        vm.assertEq(paid(third), PRICE);
        vm.assertEq(escrow.tally(third.assignment.orderHash, 0, 30, ROOT, OUTPUT), 1);
    }

    function test_shouldRefuseOneRecordedWhenTheAnswerCouldBeRead() public {
        // given: the quorum is opened before the deadline; a copier with a live lease records its seal in that block
        Run memory copier = withoutReceipt(aRun(order, 2));
        vm.warp(T0 + 100);
        escrow.direct(order, signature, list(aRun(order, 0), aRun(order, 1)), none());
        escrow.recordCommitment(commitment(copier));
        afterDeadline();

        // when, then
        expect(abi.encodeWithSelector(Causes.CommittedAfterOpening.selector, hashOf(copier), T0 + 100, T0 + 100));
        escrow.open(order, signature, copier);
    }

    function test_shouldPayOneRecordedBeforeTheAnswerCouldBeRead() public {
        Run memory honest = withoutReceipt(aRun(order, 2));
        escrow.recordCommitment(commitment(honest));
        vm.warp(T0 + 100);
        escrow.direct(order, signature, list(aRun(order, 0), aRun(order, 1)), none());
        afterDeadline();
        escrow.open(order, signature, honest);
        vm.assertEq(paid(honest), PRICE);
    }

    function test_shouldRefuseToCountOneTwice() public {
        Run memory run = aRun(order, 0);
        afterDeadline();
        escrow.open(order, signature, run);
        expect(abi.encodeWithSelector(Causes.OpeningAlreadyRecorded.selector, hashOf(run), 30));
        escrow.open(order, signature, run);
    }

    function test_shouldRefuseTwoAnswersOfOneRun() public {
        // given
        Run memory first = aRun(order, 0);
        Run memory second = aRun(order, 0, 30, FORGED, OUTPUT);
        Run memory other = aRun(order, 1, 30, FORGED, OUTPUT);
        afterDeadline();
        escrow.open(order, signature, first);
        bytes32 before = keccak256(abi.encode(ROOT, OUTPUT));

        // when, then: neither singly nor in a quorum
        expect(abi.encodeWithSelector(Causes.OpenedOtherwise.selector, hashOf(first), 30, before));
        escrow.open(order, signature, second);
        expect(abi.encodeWithSelector(Causes.OpenedOtherwise.selector, hashOf(first), 30, before));
        escrow.direct(order, signature, list(other, second), none());
    }

    function test_shouldRefuseAnotherAnswerThanTheOneThatStands() public {
        Run memory a = aRun(order, 0);
        Run memory b = aRun(order, 1);
        Run memory forged = aRun(order, 2, 30, FORGED, OUTPUT);
        afterDeadline();
        escrow.open(order, signature, a);
        escrow.open(order, signature, b);
        expect(
            abi.encodeWithSelector(
                Causes.AnswerAlreadyAgreed.selector, a.assignment.orderHash, 0, 30, keccak256(abi.encode(ROOT, OUTPUT))
            )
        );
        escrow.open(order, signature, forged);
    }

    function test_shouldCountOneOwnerByOneAssignment() public {
        // given: the hub assigned two providers of one owner
        Run memory first = aRun(order, 0);
        vm.prank(parties[0].wallet);
        bytes32 second = registry.register("second");
        Assignment memory assignment = anAssignment(order, 0);
        assignment.provider = second;
        assignment.attempt = 9;
        Run memory twin = aRun(assignment, 0, anOpening(30, ROOT, OUTPUT));
        twin.key.provider = second;
        signRun(twin, 0);
        afterDeadline();
        escrow.open(order, signature, first);

        // when, then
        expect(abi.encodeWithSelector(Causes.OwnerTwice.selector, parties[0].wallet, hashOf(twin), hashOf(first)));
        escrow.open(order, signature, twin);
    }

    function test_shouldKeepAnOpeningThatCannotBePaidYet() public {
        // given: an order of a hub without allotment
        uint256 strangerKey = uint256(keccak256("perigee.test.stranger"));
        (hub, hubKey) = (stranger, strangerKey);
        order.hub = stranger;
        signature = signed(order);
        Run memory a = aRun(order, 0);
        Run memory b = aRun(order, 1);
        afterDeadline();
        escrow.open(order, signature, a);
        escrow.open(order, signature, b);
        vm.assertEq(paid(a), 0);

        // when
        vm.prank(builder);
        escrow.allot(stranger, address(token), 3 * PRICE);
        escrow.direct(order, signature, list(a, b), none());

        // then
        vm.assertEq(paid(a), PRICE);
        vm.assertEq(paid(b), PRICE);
    }

    function test_shouldBurnNothingAfterAQuorumOfMixedClasses() public {
        // given
        Assignment memory assignment = anAssignment(order, 1);
        assignment.numericClass = keccak256("some GPU");
        Run memory a = aRun(order, 0);
        Run memory b = aRun(assignment, 1, anOpening(30, ROOT, OUTPUT));
        Run[] memory forged = list(aRun(order, 2, 30, FORGED, OUTPUT));
        bytes32 orderHash = a.assignment.orderHash;
        afterDeadline();
        escrow.open(order, signature, a);
        escrow.open(order, signature, b);

        // when, then
        expect(abi.encodeWithSelector(Causes.NothingToDo.selector, orderHash));
        escrow.direct(order, signature, list(a, b), forged);
        vm.assertEq(registry.stakeOf(parties[2].wallet), STAKE);

        // and: until a quorum of the strict class is there, and shown with it
        Run memory c = aRun(order, 3);
        escrow.open(order, signature, c);
        expect(abi.encodeWithSelector(Causes.NothingToDo.selector, orderHash));
        escrow.direct(order, signature, none(), forged);
        escrow.direct(order, signature, list(a, c), forged);
        vm.assertEq(registry.stakeOf(parties[2].wallet), STAKE - BOND);
    }

    function test_shouldTellWhatARunEarns() public view {
        Assignment memory assignment = anAssignment(order, 0);
        (assignment.fromBorder, assignment.toBorder) = (10, 13);
        vm.assertEq(evidence.earned(order, assignment, 9), 0);
        vm.assertEq(evidence.earned(order, assignment, 10), 0);
        vm.assertEq(evidence.earned(order, assignment, 11), PRICE / 3);
        vm.assertEq(evidence.earned(order, assignment, 12), 2 * PRICE / 3);
        vm.assertEq(evidence.earned(order, assignment, 13), PRICE);
        vm.assertEq(evidence.earned(order, assignment, 14), 0);
        JobOrder memory whole = anOrder();
        whole.segments = 0;
        vm.assertEq(evidence.earned(whole, assignment, 12), 0);
        vm.assertTrue(Messages.AUDITOR == 1);
    }
}
