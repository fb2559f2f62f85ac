// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Epoch, IEpochs} from "../../../src/interfaces/IEpochs.sol";
import {IEscrow, Run} from "../../../src/interfaces/IEscrow.sol";
import {Causes} from "../../../src/libraries/Causes.sol";
import {Line, Stretch} from "../../../src/libraries/Lines.sol";
import {JobOrder, Release} from "../../../src/libraries/Messages.sol";
import {Signature} from "../../../src/libraries/Signatures.sol";
import {TwoJobs} from "../../utils/TwoJobs.sol";

/// @notice No order is paid twice, by an epoch and in another way. carrying.tree says it in words.
contract CarryingTest is TwoJobs {
    function refusesDirect(JobOrder memory order, Run[] memory runs, bytes memory reason) private {
        Signature memory signature = signed(order);
        expect(reason);
        escrow.direct(order, signature, runs, none());
    }

    function inEpoch(bytes32 orderHash) private pure returns (bytes memory) {
        return abi.encodeWithSelector(Causes.OrderInEpoch.selector, orderHash);
    }

    function test_shouldNotPayTheSameOrderByEpochAndDirect() public {
        // given: an epoch paid it
        Ledger memory ledger = aLedger();
        post(epoch, ledger);
        toWindow(epoch, 4);
        settle(epoch, ledger);
        vm.warp(first.deadline + 4 * W);

        // when, then: direct refuses, then finds nothing due
        refusesDirect(first, firstRuns, inEpoch(firstHash()));
        carry(epoch, ledger, first);
        vm.snapshotGasLastCall("Epochs", "carry, 2 lines of 4");
        vm.assertEq(escrow.spent(firstHash()), 2 * PRICE);
        vm.assertEq(paid(firstRuns[0]), PRICE);
        direct(first, firstRuns);
        vm.assertEq(escrow.spent(firstHash()), 2 * PRICE);
        vm.assertEq(escrow.allotment(builder, hub, address(token)), ALLOTTED - 4 * PRICE);
    }

    function test_shouldRefuseOpeningsAndReleasesOfWhatAnEpochPaid() public {
        Ledger memory ledger = aLedger();
        post(epoch, ledger);
        toWindow(epoch, 4);
        settle(epoch, ledger);
        vm.warp(first.deadline + 4 * W);
        Signature memory signature = signed(first);
        Release memory all = aReleaseOf(firstRuns[0], PRICE);
        expect(inEpoch(firstHash()));
        escrow.open(first, signature, firstRuns[0]);
        vm.prank(builder);
        expect(inEpoch(firstHash()));
        escrow.release(first, firstRuns[0].assignment, firstRuns[0].hubSignature, all, unsigned());
    }

    function test_shouldPayByDirectWhomTheEpochLeftOut() public {
        // given: the hub paid one of the two runs, and half
        Line[] memory all = new Line[](1);
        all[0] = aLine(firstRuns[0], PRICE / 2);
        Ledger memory ledger = ledgerOf(all);
        post(epoch, ledger);
        toWindow(epoch, 3);
        settle(epoch, ledger);
        vm.warp(first.deadline + 4 * W);
        carry(epoch, ledger, first);

        // when
        direct(first, firstRuns);

        // then: the other has all, the first the rest; and in all what was signed
        (,,, uint256 maturing,) = escrow.credit(hashOf(firstRuns[0]));
        vm.assertEq(maturing, PRICE / 2);
        vm.assertEq(paid(firstRuns[0]), PRICE);
        vm.assertEq(paid(firstRuns[1]), PRICE);
        vm.assertEq(escrow.spent(firstHash()), 2 * PRICE);
    }

    function test_shouldSayWhatEachEarnedAndWhatTheOrderCost() public {
        // given: the builder released a part of what one of the two runs is owed, and the epoch paid the rest
        vm.warp((uint256(epoch.number) + 1) * W - 1);
        release(aReleaseOf(firstRuns[0], PRICE / 4));
        Line[] memory all = new Line[](2);
        bool ordered = hashOf(firstRuns[0]) < hashOf(firstRuns[1]);
        all[ordered ? 0 : 1] = aLine(firstRuns[0], PRICE / 2);
        all[ordered ? 1 : 0] = aLine(firstRuns[1], PRICE);
        Ledger memory ledger = ledgerOf(all);
        post(epoch, ledger);
        toWindow(epoch, 3);
        settle(epoch, ledger);
        Stretch memory shown = stretchOf(ledger, builder, firstHash());

        // when, then
        for (uint256 i = 0; i < 2; ++i) {
            Run memory run = firstRuns[ordered ? i : 1 - i];
            bool both = hashOf(run) == hashOf(firstRuns[0]);
            vm.expectEmit(address(escrow));
            emit IEscrow.PaidByEpoch(
                firstHash(), hashOf(run), run.assignment.owner, all[i].amount, both ? PRICE * 3 / 4 : PRICE
            );
        }
        vm.expectEmit(address(epochs));
        emit IEpochs.Carried(firstHash(), builder, hub, address(token), 2, PRICE * 7 / 4);
        epochs.carry(epoch, ledger.content, shown, first);
        vm.assertEq(paid(firstRuns[0]), PRICE * 3 / 4);
        vm.assertEq(paid(firstRuns[1]), PRICE);
        vm.assertEq(escrow.spent(firstHash()), PRICE * 7 / 4);
    }

    function test_shouldCarryALineThatSaysMoreThanAnOrderCanCost() public {
        // given: nobody looked, the allotment paid all that one can hold, and the bond the rest
        uint256 more = type(uint96).max - ALLOTTED;
        fund(builder, more);
        vm.prank(builder);
        escrow.allot(hub, address(token), more);
        Line[] memory all = new Line[](2);
        bool ordered = hashOf(firstRuns[0]) < hashOf(firstRuns[1]);
        all[0] = aLine(firstRuns[ordered ? 0 : 1], type(uint96).max);
        all[1] = aLine(firstRuns[ordered ? 1 : 0], PRICE);
        Ledger memory ledger = ledgerOf(all);
        post(epoch, ledger);
        toWindow(epoch, 3);
        settle(epoch, ledger);
        vm.warp(first.deadline + 4 * W);

        // when
        carry(epoch, ledger, first);

        // then: nothing is left to pay
        vm.assertEq(escrow.spent(firstHash()), type(uint96).max);
        vm.assertEq(paid(firstRuns[ordered ? 0 : 1]), type(uint96).max);
        vm.assertEq(paid(firstRuns[ordered ? 1 : 0]), PRICE);
        Run memory third = aRun(first, 2);
        vm.prank(builder);
        expect(abi.encodeWithSelector(Causes.MaxPaymentReached.selector, firstHash(), first.maxPayment, PRICE));
        escrow.release(first, third.assignment, third.hubSignature, aReleaseOf(third, PRICE), unsigned());
    }

    function test_shouldPayByDirectAnOrderThatTheEpochDoesNotName() public {
        // given
        Line[] memory all = new Line[](2);
        (all[0], all[1]) = (aLine(firstRuns[0], PRICE), aLine(firstRuns[1], PRICE));
        Ledger memory ledger = ledgerOf(all);
        post(epoch, ledger);
        toWindow(epoch, 3);
        settle(epoch, ledger);
        vm.warp(second.deadline + 4 * W);
        refusesDirect(second, secondRuns, inEpoch(secondRuns[0].assignment.orderHash));

        // when: somebody shows that there is no line of it
        carry(epoch, ledger, second);

        // then
        direct(second, secondRuns);
        vm.assertEq(paid(secondRuns[0]), PRICE);
    }

    function test_shouldCarryOnce() public {
        Ledger memory ledger = aLedger();
        post(epoch, ledger);
        toWindow(epoch, 3);
        settle(epoch, ledger);
        carry(epoch, ledger, first);
        Stretch memory shown = stretchOf(ledger, builder, firstHash());
        expect(abi.encodeWithSelector(Causes.NothingToDo.selector, firstHash()));
        epochs.carry(epoch, ledger.content, shown, first);
    }

    function test_shouldCarryNothingFromAnEpochNotSettledOrOfAnotherOrder() public {
        Ledger memory ledger = aLedger();
        Stretch memory shown = stretchOf(ledger, builder, firstHash());
        expect(abi.encodeWithSelector(Causes.ContentMismatch.selector));
        epochs.carry(epoch, ledger.content, shown, first);
        post(epoch, ledger);
        expect(abi.encodeWithSelector(Causes.ContentMismatch.selector));
        epochs.carry(epoch, ledger.content, shown, first);
        toWindow(epoch, 3);
        settle(epoch, ledger);
        JobOrder memory other = first;
        other.deadline += W;
        Stretch memory absent = stretchOf(ledger, builder, escrow.hashOrder(other));
        expect(
            abi.encodeWithSelector(
                Causes.OrderOfAnotherEpoch.selector, escrow.hashOrder(other), hub, address(token), epoch.number
            )
        );
        epochs.carry(epoch, ledger.content, absent, other);
        shown = stretch(ledger, 0, 1);
        bytes32 orderHash = ledger.lines[0].orderHash;
        JobOrder memory order = orderHash == firstHash() ? first : second;
        expect(abi.encodeWithSelector(Causes.LinesLeftOut.selector, orderHash));
        epochs.carry(epoch, ledger.content, shown, order);
    }

    function test_shouldLeaveAnOrderAloneWhileAnEpochMayPayIt() public {
        // given
        Release memory half = aReleaseOf(firstRuns[0], PRICE / 2);
        Release memory all = aReleaseOf(firstRuns[0], PRICE);

        // when, then: the builder releases until the window ends
        vm.warp((uint256(epoch.number) + 1) * W - 1);
        release(half);
        vm.warp((uint256(epoch.number) + 1) * W);
        refusesRelease(all);

        // when, then: it may be posted, so nothing is released; nothing was, so it is free again
        vm.warp((uint256(epoch.number) + 2) * W - 1);
        refusesRelease(all);
        vm.warp((uint256(epoch.number) + 2) * W);
        release(all);
        vm.assertEq(paid(firstRuns[0]), PRICE);
    }

    function test_shouldNotReleaseWhileAnEpochIsOnItsWay() public {
        Ledger memory ledger = aLedger();
        post(epoch, ledger);
        Release memory all = aReleaseOf(firstRuns[0], PRICE);
        for (uint256 windows = 1; windows < 6; ++windows) {
            toWindow(epoch, windows);
            refusesRelease(all);
        }
    }

    function release(Release memory release_) private {
        vm.prank(builder);
        escrow.release(first, firstRuns[0].assignment, firstRuns[0].hubSignature, release_, unsigned());
    }

    function refusesRelease(Release memory release_) private {
        vm.prank(builder);
        expect(inEpoch(firstHash()));
        escrow.release(first, firstRuns[0].assignment, firstRuns[0].hubSignature, release_, unsigned());
    }

    function test_shouldNotMindAnEpochOfAnotherWindowHubOrToken() public {
        // given: this order's own epoch never came
        Ledger memory ledger = aLedger();
        post(epoch, ledger);
        toWindow(epoch, 4);
        JobOrder memory later = first;
        later.deadline += W;
        Run[] memory runs = list(aRun(later, 0), aRun(later, 1));
        vm.warp(later.deadline + 4 * W);

        // when
        direct(later, runs);

        // then
        vm.assertEq(paid(runs[0]), PRICE);
    }

    function test_shouldWaitForSettlingAFinalEpoch() public {
        // given: final, but nobody settled it
        Ledger memory ledger = aLedger();
        post(epoch, ledger);
        vm.warp(first.deadline + 4 * W);
        refusesDirect(first, firstRuns, inEpoch(firstHash()));

        // when: anybody does
        settle(epoch, ledger);
        carry(epoch, ledger, first);

        // then
        direct(first, firstRuns);
        vm.assertEq(escrow.spent(firstHash()), 2 * PRICE);
    }

    function test_shouldNeverLetAPayeesTotalFallAlsoAfterAVoidEpoch() public {
        // given: one epoch settled, the next void
        Ledger memory ledger = aLedger();
        post(epoch, ledger);
        toWindow(epoch, 3);
        settle(epoch, ledger);
        uint256 before = escrow.balanceOf(parties[0].wallet, address(token));
        Ledger memory bad = aLedger();
        bad.lines[1].sum += 1;
        reseal(bad);
        Epoch memory next = Epoch(hub, address(token), epoch.number + 3);
        post(next, bad);

        // when
        epochs.accuseLines(next, bad.content, stretch(bad, 0, 2));

        // then
        vm.assertEq(escrow.balanceOf(parties[0].wallet, address(token)), before);
    }

    function test_shouldVoidWhatStandsBesideAFaultAndKeepWhatIsFinal() public {
        // given: one final, two on their way, the last with a fault
        Ledger memory ledger = aLedger();
        post(epoch, ledger);
        Epoch memory beside = Epoch(hub, address(token), epoch.number + 2);
        Epoch memory bad = Epoch(hub, address(token), epoch.number + 3);
        post(beside, ledger);
        Ledger memory fault = aLedger();
        fault.lines[1].sum += 1;
        reseal(fault);
        post(bad, fault);

        // when
        epochs.accuseLines(bad, fault.content, stretch(fault, 0, 2));

        // then
        expect(abi.encodeWithSelector(Causes.NoSuchEpoch.selector, hub, address(token), beside.number));
        settle(beside, ledger);
        settle(epoch, ledger);
        vm.assertEq(escrow.balanceOf(parties[0].wallet, address(token)), 2 * PRICE);
    }

    function test_shouldMakeEverybodyWholeAfterAnEpochOnAVoidedOne() public {
        // given: an epoch with a fault, and on top of it the next one, true, of the same book
        Ledger memory fault = aLedger();
        fault.lines[1].sum += 1;
        reseal(fault);
        post(epoch, fault);
        Epoch memory next = Epoch(hub, address(token), epoch.number + 1);
        post(next, aLedger());

        // when: the first is shown to be false
        vm.prank(watchdog);
        epochs.accuseLines(epoch, fault.content, stretch(fault, 0, 2));

        // then: neither pays, the settler has lost its bond, half of it to who showed it
        expect(abi.encodeWithSelector(Causes.NoSuchEpoch.selector, hub, address(token), next.number));
        settle(next, aLedger());
        vm.assertEq(escrow.balanceOf(watchdog, address(token)), 100 * DEMAND_BOND + SETTLER_BOND / 2);
        vm.assertEq(escrow.balanceOf(ASHES, address(token)), SETTLER_BOND / 2);

        // then: builder and owners have lost nothing: direct pays what was due
        vm.assertEq(escrow.allotment(builder, hub, address(token)), ALLOTTED);
        vm.warp(first.deadline + 4 * W);
        direct(first, firstRuns);
        direct(second, secondRuns);
        vm.assertEq(escrow.spent(firstHash()) + escrow.spent(secondRuns[0].assignment.orderHash), 4 * PRICE);
    }
}
