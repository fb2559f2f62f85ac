// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IEscrow, Run} from "../../../src/interfaces/IEscrow.sol";
import {Causes} from "../../../src/libraries/Causes.sol";
import {Assignment, JobOrder} from "../../../src/libraries/Messages.sol";
import {Market} from "../../utils/Market.sol";

/// @notice What `direct` pays. What it refuses is in DirectRefusals.
contract DirectTest is Market {
    function test_shouldReserveEachPriceAndLetItMature() public {
        // given
        JobOrder memory order = anOrder();
        Run memory a = aRun(order, 0);
        Run memory b = aRun(order, 1);
        bytes32 orderHash = a.assignment.orderHash;

        // when
        vm.expectEmit(address(escrow));
        emit IEscrow.Agreed(orderHash, 0, 30, ROOT, OUTPUT, 2);
        vm.expectEmit(address(escrow));
        emit IEscrow.Spent(orderHash, builder, hub, address(token), 2 * PRICE, ALLOTTED - 2 * PRICE, 2 * PRICE);
        vm.expectEmit(address(escrow));
        emit IEscrow.Credited(orderHash, hashOf(a), parties[0].wallet, PRICE, PRICE, T0 + W);
        vm.expectEmit(address(escrow));
        emit IEscrow.Credited(orderHash, hashOf(b), parties[1].wallet, PRICE, PRICE, T0 + W);
        direct(order, list(a, b));
        vm.snapshotGasLastCall("Escrow", "direct, quorum of 2");

        // then
        vm.assertEq(escrow.spent(orderHash), 2 * PRICE);
        vm.assertEq(escrow.allotment(builder, hub, address(token)), ALLOTTED - 2 * PRICE);
        (address owner, address money, uint256 matured, uint256 maturing, uint64 maturesAt) = escrow.credit(hashOf(a));
        vm.assertEq(owner, parties[0].wallet);
        vm.assertEq(money, address(token));
        vm.assertEq(matured, 0);
        vm.assertEq(maturing, PRICE);
        vm.assertEq(maturesAt, T0 + W);
        (bytes32 answer, uint64 openedAt) = escrow.agreed(orderHash, 0, 30);
        vm.assertEq(answer, keccak256(abi.encode(ROOT, OUTPUT)));
        vm.assertEq(openedAt, T0);
    }

    function test_shouldPayThreeThatAgree() public {
        // given
        JobOrder memory order = anOrder();

        // when
        direct(order, list(aRun(order, 0), aRun(order, 1), aRun(order, 2)));
        vm.snapshotGasLastCall("Escrow", "direct, 3 of quorum 2");

        // then
        vm.assertEq(escrow.spent(escrow.hashOrder(order)), 3 * PRICE);
    }

    function test_shouldPayAFurtherAgreeingRunLater() public {
        // given
        JobOrder memory order = anOrder();
        direct(order, list(aRun(order, 0), aRun(order, 1)));
        vm.warp(T0 + 10);

        // when
        Run memory third = aRun(order, 2);
        direct(order, list(third));

        // then
        vm.assertEq(paid(third), PRICE);
        (,,,, uint64 maturesAt) = escrow.credit(hashOf(third));
        vm.assertEq(maturesAt, T0 + 10 + W);
    }

    function test_shouldRefuseAFurtherRunCommittedAfterTheOpening() public {
        // given
        JobOrder memory order = anOrder();
        direct(order, list(aRun(order, 0), aRun(order, 1)));
        Run memory copier = aRun(order, 2);
        copier.receivedAt = T0 + 1;
        signRun(copier, 2);
        vm.warp(T0 + 10);

        // when, then
        expect(abi.encodeWithSelector(Causes.CommittedAfterOpening.selector, hashOf(copier), T0 + 1, T0));
        direct(order, list(copier));
    }

    function test_shouldPayAnOrderApprovedOnChain() public {
        // given
        JobOrder memory order = anOrder();
        vm.expectEmit(address(escrow));
        emit IEscrow.OrderApproved(escrow.hashOrder(order), builder);
        vm.prank(builder);
        bytes32 orderHash = escrow.approveOrder(order);

        // when
        escrow.direct(order, unsigned(), list(aRun(order, 0), aRun(order, 1)), none());

        // then
        vm.assertTrue(escrow.orderApproved(orderHash));
        vm.assertEq(escrow.spent(orderHash), 2 * PRICE);
    }

    function test_shouldLetNobodyElseApprove() public {
        expect(abi.encodeWithSelector(Causes.NotTheBuilder.selector, builder, address(this)));
        escrow.approveOrder(anOrder());
    }

    function test_shouldAcceptARecordedKeyInsteadOfASignature() public {
        // given
        JobOrder memory order = anOrder();
        Run memory a = aRun(order, 0);
        a.keySignature = unsigned();
        vm.prank(parties[0].wallet);
        registry.recordKey(a.key, unsigned());

        // when
        direct(order, list(a, aRun(order, 1)));

        // then
        vm.assertEq(paid(a), PRICE);
    }

    function test_shouldPayAKeyRevokedAfterTheAssignment() public {
        // given
        JobOrder memory order = anOrder();
        Run memory a = aRun(order, 0);
        vm.warp(T0 + 1);
        vm.prank(parties[0].wallet);
        registry.revokeKey(a.key.provider, a.key.serial);

        // when
        direct(order, list(a, aRun(order, 1)));

        // then
        vm.assertEq(paid(a), PRICE);
    }

    function test_shouldPayTheDifferenceForALongerPrefix() public {
        // given
        JobOrder memory order = anOrder();
        bytes32 early = keccak256("root of ten");
        Run memory a10 = aRun(order, 0, 10, early, 0);
        Run memory a30 = aRun(order, 0);
        direct(order, list(a10, aRun(order, 1, 10, early, 0)));
        vm.assertEq(paid(a10), PRICE / 3);

        // when
        direct(order, list(a30, aRun(order, 1)));

        // then
        vm.assertEq(paid(a30), PRICE);
        vm.assertEq(escrow.spent(a30.assignment.orderHash), 2 * PRICE);
    }

    function test_shouldKeepWhatWasRipeRipeWhenMoreIsEarned() public {
        // given
        JobOrder memory order = anOrder();
        Run memory a10 = aRun(order, 0, 10, ROOT, 0);
        direct(order, list(a10, aRun(order, 1, 10, ROOT, 0)));
        vm.warp(T0 + W);

        // when
        direct(order, list(aRun(order, 0), aRun(order, 1)));

        // then
        (,, uint256 matured, uint256 maturing,) = escrow.credit(hashOf(a10));
        vm.assertEq(matured, PRICE / 3);
        vm.assertEq(maturing, PRICE - PRICE / 3);
        escrow.collect(hashes(a10));
        vm.assertEq(token.balanceOf(parties[0].wallet), PRICE / 3);
        vm.warp(T0 + 2 * W);
        escrow.collect(hashes(a10));
        vm.assertEq(token.balanceOf(parties[0].wallet), PRICE);
    }

    function test_shouldNeverFallByAnOlderPrefixShownLater() public {
        // given
        JobOrder memory order = anOrder();
        Run memory a = aRun(order, 0);
        direct(order, list(a, aRun(order, 1)));

        // when: the older prefix agrees too, so its answer is kept, and nothing is paid or lost
        direct(order, list(aRun(order, 0, 10, ROOT, 0), aRun(order, 1, 10, ROOT, 0)));

        // then
        vm.assertEq(paid(a), PRICE);
        vm.assertEq(escrow.spent(a.assignment.orderHash), 2 * PRICE);
    }

    function test_shouldRefuseToPayTwice() public {
        JobOrder memory order = anOrder();
        Run[] memory runs = list(aRun(order, 0), aRun(order, 1));
        direct(order, runs);
        expect(abi.encodeWithSelector(Causes.NothingToDo.selector, runs[0].assignment.orderHash));
        direct(order, runs);
    }

    function test_shouldPayAJobWithoutSegmentsWhole() public {
        // given
        JobOrder memory order = anOrder();
        order.segments = 0;
        Run memory a = aRun(order, 0, 0, 0, OUTPUT);
        Run memory b = aRun(order, 1, 0, 0, OUTPUT);

        // when
        direct(order, list(a, b));

        // then
        vm.assertEq(paid(a), PRICE);
        vm.assertEq(paid(b), PRICE);
    }

    function test_shouldShareOutWhatTheMaximumLeaves() public {
        // given
        JobOrder memory order = anOrder();
        order.maxPayment = PRICE + 1;
        Run memory a = aRun(order, 0);
        Run memory b = aRun(order, 1);

        // when
        direct(order, list(a, b));

        // then: rounded down, so one unit stays with the builder
        vm.assertEq(paid(a), PRICE / 2);
        vm.assertEq(paid(b), PRICE / 2);
        vm.assertEq(escrow.spent(a.assignment.orderHash), PRICE);
    }

    function test_shouldShareOutWhatIsAllottedAndPayTheRestWhenThereIsMore() public {
        // given
        JobOrder memory order = anOrder();
        order.hub = stranger;
        uint256 strangerKey = uint256(keccak256("perigee.test.stranger"));
        hubKey = strangerKey;
        hub = stranger;
        Run[] memory runs = list(aRun(order, 0), aRun(order, 1));
        expect(
            abi.encodeWithSelector(
                Causes.InsufficientAllotment.selector, builder, stranger, address(token), 2 * PRICE, 0
            )
        );
        direct(order, runs);
        vm.prank(builder);
        escrow.allot(stranger, address(token), PRICE);

        // when
        direct(order, runs);

        // then
        vm.assertEq(paid(runs[0]), PRICE / 2);
        vm.assertEq(paid(runs[1]), PRICE / 2);

        // and
        vm.prank(builder);
        escrow.allot(stranger, address(token), 5 * PRICE);
        direct(order, runs);
        vm.assertEq(paid(runs[0]), PRICE);
        vm.assertEq(paid(runs[1]), PRICE);
        vm.assertEq(escrow.allotment(builder, stranger, address(token)), 4 * PRICE);
    }

    function test_shouldRefuseWhenTheMaximumIsReached() public {
        // given
        JobOrder memory order = anOrder();
        order.maxPayment = 2 * PRICE;
        direct(order, list(aRun(order, 0), aRun(order, 1)));

        Run[] memory third = list(aRun(order, 2));

        // when, then
        expect(abi.encodeWithSelector(Causes.MaxPaymentReached.selector, escrow.hashOrder(order), 2 * PRICE, PRICE));
        direct(order, third);
    }

    function test_shouldReserveNothingOfASharedOutCrumb() public {
        // given: three runs, one unit left
        JobOrder memory order = anOrder();
        order.maxPayment = 1;

        // when
        direct(order, list(aRun(order, 0), aRun(order, 1), aRun(order, 2)));

        // then: the answer stands, and nobody is paid a fraction of a unit
        vm.assertEq(escrow.spent(escrow.hashOrder(order)), 0);
    }

    function test_shouldPayFromWhatIsOnItsWayBack() public {
        // given: recalled after the order began
        JobOrder memory order = anOrder();
        vm.prank(builder);
        escrow.recall(hub, address(token), ALLOTTED);

        // when
        direct(order, list(aRun(order, 0), aRun(order, 1)));

        // then
        (uint256 onItsWay,) = escrow.recalled(builder, hub, address(token));
        vm.assertEq(onItsWay, ALLOTTED - 2 * PRICE);
        vm.assertEq(escrow.allotment(builder, hub, address(token)), 0);
    }

    function test_shouldTakeWhatIsOnItsWayBackFirst() public {
        // given
        JobOrder memory order = anOrder();
        vm.prank(builder);
        escrow.recall(hub, address(token), PRICE);

        // when
        direct(order, list(aRun(order, 0), aRun(order, 1)));

        // then
        (uint256 onItsWay,) = escrow.recalled(builder, hub, address(token));
        vm.assertEq(onItsWay, 0);
        vm.assertEq(escrow.allotment(builder, hub, address(token)), ALLOTTED - 2 * PRICE);
    }

    function test_shouldPayAnOrderNotMarkedDirectWhenItsHubLeftItUnsettled() public {
        // given
        JobOrder memory order = anOrder();
        order.direct = false;
        Run[] memory runs = list(aRun(order, 0), aRun(order, 1));
        uint256 opensAt = order.deadline + 4 * W;
        vm.warp(opensAt - 1);
        expect(abi.encodeWithSelector(Causes.OrderNotOpen.selector, runs[0].assignment.orderHash, opensAt, opensAt - 1));
        direct(order, runs);

        // when
        vm.warp(opensAt);
        direct(order, runs);

        // then
        vm.assertEq(paid(runs[0]), PRICE);
    }

    function test_shouldPayUntilSixWindowsAfterTheDeadline() public {
        JobOrder memory order = anOrder();
        Run[] memory runs = list(aRun(order, 0), aRun(order, 1));
        uint256 endsAt = order.deadline + 6 * W;
        vm.warp(endsAt + 1);
        expect(abi.encodeWithSelector(Causes.OrderOver.selector, runs[0].assignment.orderHash, endsAt, endsAt + 1));
        direct(order, runs);
        vm.warp(endsAt);
        direct(order, runs);
        vm.assertEq(paid(runs[0]), PRICE);
    }

    function test_shouldPayRecordedCommitmentsAfterTheDeadlineAndMatureLater() public {
        // given
        JobOrder memory order = anOrder();
        Run memory a = withoutReceipt(aRun(order, 0));
        escrow.recordCommitment(commitment(a));
        uint64 late = order.deadline + 1;
        vm.warp(late);

        // when
        direct(order, list(a, aRun(order, 1)));

        // then
        (,,,, uint64 maturesAt) = escrow.credit(hashOf(a));
        vm.assertEq(maturesAt, late + 2 * W);
    }

    function test_shouldCountEqualAnswersOfOtherClasses() public {
        // given
        JobOrder memory order = anOrder();
        Assignment memory other = anAssignment(order, 1);
        other.numericClass = keccak256("some GPU");
        Run memory b = aRun(other, 1, anOpening(30, ROOT, OUTPUT));

        // when
        direct(order, list(aRun(order, 0), b));

        // then
        vm.assertEq(paid(b), PRICE);
    }

    function test_shouldKeepTheAnswerOfAJobThatIsFree() public {
        // given
        JobOrder memory order = anOrder();
        Assignment memory first = anAssignment(order, 0);
        Assignment memory second = anAssignment(order, 1);
        (first.price, second.price) = (0, 0);

        // when
        direct(order, list(aRun(first, 0, anOpening(30, ROOT, OUTPUT)), aRun(second, 1, anOpening(30, ROOT, OUTPUT))));

        // then
        (bytes32 answer,) = escrow.agreed(first.orderHash, 0, 30);
        vm.assertEq(answer, keccak256(abi.encode(ROOT, OUTPUT)));
        vm.assertEq(escrow.spent(first.orderHash), 0);
    }

    function test_shouldResumeFromABorder() public {
        // given
        JobOrder memory order = anOrder();
        Assignment memory first = anAssignment(order, 0);
        Assignment memory second = anAssignment(order, 1);
        (first.fromBorder, second.fromBorder) = (10, 10);
        Run memory a = aRun(first, 0, anOpening(20, ROOT, 0));

        // when
        direct(order, list(a, aRun(second, 1, anOpening(20, ROOT, 0))));

        // then
        vm.assertEq(paid(a), PRICE / 2);
    }
}
