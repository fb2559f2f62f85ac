// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Epoch, IEpochs} from "../../../src/interfaces/IEpochs.sol";
import {Run} from "../../../src/interfaces/IEscrow.sol";
import {Causes} from "../../../src/libraries/Causes.sol";
import {Line, Stretch} from "../../../src/libraries/Lines.sol";
import {JobOrder} from "../../../src/libraries/Messages.sol";
import {Signature} from "../../../src/libraries/Signatures.sol";
import {TwoJobs} from "../../utils/TwoJobs.sol";

/// @notice Demands, answers and silence. demands.tree says it in words.
contract DemandsTest is TwoJobs {
    Ledger private ledger;

    function setUp() public override {
        super.setUp();
        copy(aLedger());
    }

    /// @dev Structs of arrays cannot be assigned to storage as they are.
    function copy(Ledger memory from) private {
        delete ledger;
        for (uint256 i = 0; i < from.lines.length; ++i) {
            ledger.lines.push(from.lines[i]);
        }
        for (uint256 i = 0; i < from.accounts.debits.length; ++i) {
            ledger.accounts.debits.push(from.accounts.debits[i]);
        }
        for (uint256 i = 0; i < from.accounts.credits.length; ++i) {
            ledger.accounts.credits.push(from.accounts.credits[i]);
        }
        ledger.content = from.content;
    }

    function free(address who) private view returns (uint256) {
        return escrow.balanceOf(who, address(token));
    }

    /// @dev Posts an epoch of these lines, demands one, and says what the answer must be refused for.
    function refuses(Line[] memory all, uint32 index, bytes memory reason) private {
        copy(ledgerOf(all));
        post(epoch, ledger);
        bytes32 what = demandLine(epoch, ledger, index);
        (JobOrder memory order, Run[] memory runs) = orderAt(ledger, index);
        prepared(what, order, runs, reason);
    }

    function prepared(bytes32 what, JobOrder memory order, Run[] memory runs, bytes memory reason) private {
        Stretch memory shown = stretchOf(ledger, builder, escrow.hashOrder(order));
        Signature memory signature = signed(order);
        expect(reason);
        epochs.answer(epoch, ledger.content, what, shown, order, signature, only(runs));
    }

    // ---- answered

    function test_shouldTakeTheAnswerToALine() public {
        // given
        post(epoch, ledger);
        bytes32 what = demandLine(epoch, ledger, 2);
        vm.snapshotGasLastCall("Epochs", "demandLine");
        (JobOrder memory order, Run[] memory runs) = orderAt(ledger, 2);

        // when
        answer(epoch, ledger, what, order, runs);
        vm.snapshotGasLastCall("Epochs", "answer, quorum of 2 in 4 lines");

        // then: the settler has the demand's bond; the epoch takes a window longer
        vm.assertEq(free(settler), DEMAND_BOND);
        vm.assertEq(free(watchdog), 99 * DEMAND_BOND);
        toWindow(epoch, 3);
        vm.assertTrue(isState(epoch, IEpochs.State.Pending));
        toWindow(epoch, 4);
        settle(epoch, ledger);
        vm.assertTrue(isState(epoch, IEpochs.State.Settled));
    }

    function test_shouldTakeTheAnswerToAnOrder() public {
        post(epoch, ledger);
        bytes32 what = demandOrder(epoch, firstHash());
        answer(epoch, ledger, what, first, firstRuns);
        vm.assertEq(free(settler), DEMAND_BOND);
    }

    function test_shouldTakeTheAnswerThatThereIsNone() public {
        // given: orders before, between and after those of the epoch
        post(epoch, ledger);
        bytes32[3] memory absent =
            [bytes32(0), bytes32(uint256(ledger.lines[1].orderHash) + 1), bytes32(type(uint256).max)];
        for (uint256 i = 0; i < 3; ++i) {
            demandOrder(epoch, absent[i]);

            // when
            epochs.answerNone(epoch, ledger.content, stretchOf(ledger, builder, absent[i]), builder, absent[i]);
        }

        // then
        vm.assertEq(free(settler), 3 * DEMAND_BOND);
    }

    function test_shouldTakeAVerdictsAnswer() public {
        // given: one run and two auditors
        Line[] memory all = new Line[](3);
        Run memory run = aRun(first, 0);
        Run memory one = aVerdict(first, 1, run);
        Run memory two = aVerdict(first, 2, run);
        (all[0], all[1], all[2]) = (aLine(run, PRICE), aLine(one, PRICE / 10), aLine(two, PRICE / 10));
        copy(ledgerOf(all));
        post(epoch, ledger);

        // when
        answer(epoch, ledger, demandLine(epoch, ledger, 0), first, list(run, one, two));

        // then
        vm.assertEq(free(settler), DEMAND_BOND);
    }

    function test_shouldLetAnyoneAnswer() public {
        post(epoch, ledger);
        bytes32 what = demandOrder(epoch, firstHash());
        vm.prank(parties[0].wallet);
        answer(epoch, ledger, what, first, firstRuns);
        vm.assertEq(free(settler), DEMAND_BOND);
    }

    // ---- no answer

    function test_shouldRefuseAnOrderNeverSignedForThisMuch() public {
        Line[] memory all = lines();
        all[0].amount += 1;
        bytes32 hash = all[0].assignmentHash;
        copy(ledgerOf(all));
        for (uint32 i = 0; i < 4; ++i) {
            if (ledger.lines[i].assignmentHash != hash) continue;
            post(epoch, ledger);
            bytes32 what = demandLine(epoch, ledger, i);
            prepared(
                what, first, firstRuns, abi.encodeWithSelector(Causes.AmountAbovePrice.selector, hash, PRICE + 1, PRICE)
            );
        }
    }

    function test_shouldRefuseAnInventedQuorum() public {
        post(epoch, ledger);
        bytes32 what = demandOrder(epoch, firstHash());
        prepared(
            what, first, list(firstRuns[0]), abi.encodeWithSelector(Causes.QuorumNotReached.selector, firstHash(), 2, 1)
        );
    }

    function test_shouldRefuseALineOfSomebodyWhoDidNotRun() public {
        Line[] memory all = lines();
        all[1].owner = stranger;
        bytes32 hash = all[1].assignmentHash;
        copy(ledgerOf(all));
        post(epoch, ledger);
        bytes32 what = demandOrder(epoch, firstHash());
        prepared(what, first, firstRuns, abi.encodeWithSelector(Causes.AmountAbovePrice.selector, hash, PRICE, 0));
    }

    function test_shouldRefuseMoreThanTheOrdersMaximum() public {
        first.maxPayment = 2 * PRICE - 1;
        (firstRuns[0], firstRuns[1]) = (aRun(first, 0), aRun(first, 1));
        copy(aLedger());
        post(epoch, ledger);
        bytes32 what = demandOrder(epoch, firstHash());
        prepared(
            what,
            first,
            firstRuns,
            abi.encodeWithSelector(Causes.MaxPaymentReached.selector, firstHash(), 2 * PRICE - 1, 2 * PRICE)
        );
    }

    function test_shouldRefuseAnOrderMarkedDirect() public {
        first.direct = true;
        (firstRuns[0], firstRuns[1]) = (aRun(first, 0), aRun(first, 1));
        copy(aLedger());
        post(epoch, ledger);
        bytes32 what = demandOrder(epoch, firstHash());
        prepared(
            what,
            first,
            firstRuns,
            abi.encodeWithSelector(Causes.OrderOfAnotherEpoch.selector, firstHash(), hub, address(token), epoch.number)
        );
    }

    function test_shouldRefuseAnOrderOfAnotherWindow() public {
        first.deadline -= W;
        (firstRuns[0], firstRuns[1]) = (aRun(first, 0), aRun(first, 1));
        copy(aLedger());
        post(epoch, ledger);
        bytes32 what = demandOrder(epoch, firstHash());
        prepared(
            what,
            first,
            firstRuns,
            abi.encodeWithSelector(Causes.OrderOfAnotherEpoch.selector, firstHash(), hub, address(token), epoch.number)
        );
    }

    function test_shouldCountWhatWasReleasedBefore() public {
        // given: half was released before the window ended
        releaseHalf();
        post(epoch, ledger);
        bytes32 what = demandOrder(epoch, firstHash());

        // when, then: the line pays the whole again
        prepared(
            what,
            first,
            firstRuns,
            abi.encodeWithSelector(Causes.AmountAbovePrice.selector, hashOf(firstRuns[0]), PRICE + PRICE / 2, PRICE)
        );
    }

    function releaseHalf() private {
        bytes32 hash = hashOf(firstRuns[0]);
        vm.prank(builder);
        escrow.release(
            first, firstRuns[0].assignment, firstRuns[0].hubSignature, aReleaseOf(firstRuns[0], PRICE / 2), unsigned()
        );
        vm.assertEq(escrow.paid(firstHash(), hash), PRICE / 2);
    }

    function test_shouldRefuseToShowOnlySomeLinesOfTheOrder() public {
        // given
        post(epoch, ledger);
        bytes32 what = demandLine(epoch, ledger, 0);
        (JobOrder memory order, Run[] memory runs) = orderAt(ledger, 0);
        bytes32 orderHash = escrow.hashOrder(order);
        Signature memory signature = signed(order);

        // when, then: not its end, and not its beginning
        Stretch memory shown = stretch(ledger, 0, 1);
        expect(abi.encodeWithSelector(Causes.LinesLeftOut.selector, orderHash));
        epochs.answer(epoch, ledger.content, what, shown, order, signature, only(runs));
        shown = stretch(ledger, 1, 3);
        expect(abi.encodeWithSelector(Causes.LinesLeftOut.selector, orderHash));
        epochs.answer(epoch, ledger.content, what, shown, order, signature, only(runs));
        shown = stretch(ledger, 0, 4);
        expect(abi.encodeWithSelector(Causes.LinesLeftOut.selector, orderHash));
        epochs.answer(epoch, ledger.content, what, shown, order, signature, only(runs));
    }

    function test_shouldRefuseAnotherLineThanTheOneDemanded() public {
        post(epoch, ledger);
        bytes32 what = demandLine(epoch, ledger, 0);
        (JobOrder memory order, Run[] memory runs) = orderAt(ledger, 3);
        prepared(what, order, runs, abi.encodeWithSelector(Causes.NotWhatWasDemanded.selector, what));
    }

    function test_shouldRefuseToSayNoneWhereThereIsOne() public {
        post(epoch, ledger);
        bytes32 what = demandOrder(epoch, firstHash());
        Stretch memory shown = stretchOf(ledger, builder, firstHash());
        expect(abi.encodeWithSelector(Causes.NotWhatWasDemanded.selector, what));
        epochs.answerNone(epoch, ledger.content, shown, builder, firstHash());
    }

    function test_shouldRefuseALineThatIsNotThere() public {
        post(epoch, ledger);
        bytes32 what = demandOrder(epoch, firstHash());
        Stretch memory shown = stretchOf(ledger, builder, firstHash());
        shown.lines[1].amount -= 1;
        Signature memory signature = signed(first);
        expect(abi.encodeWithSelector(Causes.LineNotProven.selector, shown.from, ledger.content.root));
        shown.lines[0].amount -= 1;
        epochs.answer(epoch, ledger.content, what, shown, first, signature, only(firstRuns));
    }

    // ---- silence

    function test_shouldVoidAnEpochWithWithheldLeaves() public {
        // given: the settler posted and is gone for good
        post(epoch, ledger);
        bytes32 what = demandLine(epoch, ledger, 3);
        toWindow(epoch, 4);
        vm.assertTrue(isState(epoch, IEpochs.State.Nothing));
        expect(abi.encodeWithSelector(Causes.EpochNotFinal.selector, epoch.number));
        settle(epoch, ledger);

        // when: anybody ends it
        epochs.lapse(epoch, what);

        // then: half the bond to who demanded, half to nobody, and everybody is made whole by direct
        vm.assertEq(free(watchdog), 100 * DEMAND_BOND + SETTLER_BOND / 2);
        vm.assertEq(free(ASHES), SETTLER_BOND / 2);
        vm.warp(first.deadline + 4 * W);
        direct(first, list(firstRuns[0], firstRuns[1]));
        direct(second, list(secondRuns[0], secondRuns[1]));
        vm.assertEq(paid(firstRuns[0]), PRICE);
        vm.assertEq(paid(secondRuns[1]), PRICE);
        vm.assertEq(escrow.allotment(builder, hub, address(token)), ALLOTTED - 4 * PRICE);
    }

    function test_shouldVoidWhenOneOfManyDemandsIsNotAnswered() public {
        // given
        post(epoch, ledger);
        bytes32 answered = demandOrder(epoch, firstHash());
        bytes32 silent = demandOrder(epoch, secondRuns[0].assignment.orderHash);
        answer(epoch, ledger, answered, first, firstRuns);

        // when
        toWindow(epoch, 4);
        epochs.lapse(epoch, silent);

        // then
        vm.assertTrue(isState(epoch, IEpochs.State.Nothing));
        expect(abi.encodeWithSelector(Causes.NotDemanded.selector, answered));
        epochs.lapse(epoch, answered);
    }

    function test_shouldGiveEveryDemandOfAVoidEpochItsBondBack() public {
        post(epoch, ledger);
        bytes32 a = demandLine(epoch, ledger, 0);
        bytes32 b = demandLine(epoch, ledger, 1);
        toWindow(epoch, 4);
        epochs.lapse(epoch, a);
        epochs.lapse(epoch, b);
        vm.assertEq(free(watchdog), 100 * DEMAND_BOND + SETTLER_BOND / 2);
        vm.assertEq(free(address(epochs)), 0);
    }

    function test_shouldRefuseTheLateAnswerAndTheEarlyLapse() public {
        post(epoch, ledger);
        bytes32 what = demandOrder(epoch, firstHash());
        uint256 until = (uint256(epoch.number) + 4) * W - W / 4;
        vm.warp(until - 1);
        expect(abi.encodeWithSelector(Causes.TooEarly.selector, until, until - 1));
        epochs.lapse(epoch, what);
        vm.warp(until);
        prepared(what, first, firstRuns, abi.encodeWithSelector(Causes.TooLate.selector, until, until));
        epochs.lapse(epoch, what);
    }

    function test_shouldDecideADemandOfTheLastSecondBeforeDirectOpens() public {
        // given: demanded at the last second; the earliest deadline of the window lets direct open at its 4 W
        post(epoch, ledger);
        vm.warp((uint256(epoch.number) + 3) * W - 1);
        bytes32 what = demandOrder(epoch, firstHash());
        vm.warp((uint256(epoch.number) + 4) * W - W / 4);

        // when: the settler is silent
        epochs.lapse(epoch, what);
        // then: no moment at which both could pay
        vm.warp(first.deadline + 4 * W - 1);
        Signature memory signature = signed(first);
        Run[] memory runs = list(firstRuns[0], firstRuns[1]);
        expect(
            abi.encodeWithSelector(Causes.OrderNotOpen.selector, firstHash(), first.deadline + 4 * W, block.timestamp)
        );
        escrow.direct(first, signature, runs, none());
        vm.warp(first.deadline + 4 * W);
        escrow.direct(first, signature, runs, none());
        vm.assertEq(paid(firstRuns[0]), PRICE);
    }

    // ---- demands that are none

    function test_shouldRefuseDemandsTooLateTwiceOrOfNothing() public {
        expect(abi.encodeWithSelector(Causes.NoSuchEpoch.selector, hub, address(token), epoch.number));
        vm.prank(watchdog);
        epochs.demandOrder(epoch, builder, firstHash());
        post(epoch, ledger);
        expect(abi.encodeWithSelector(Causes.LineOutOfRange.selector, 4, 1, 4));
        vm.prank(watchdog);
        epochs.demandLine(epoch, ledger.content, 4);
        bytes32 what = demandLine(epoch, ledger, 3);
        expect(abi.encodeWithSelector(Causes.DemandedAlready.selector, what, watchdog));
        vm.prank(watchdog);
        epochs.demandLine(epoch, ledger.content, 3);
        uint256 until = (uint256(epoch.number) + 3) * W;
        vm.warp(until);
        expect(abi.encodeWithSelector(Causes.TooLate.selector, until, until));
        vm.prank(watchdog);
        epochs.demandLine(epoch, ledger.content, 2);
        expect(abi.encodeWithSelector(Causes.NotDemanded.selector, bytes32("nothing")));
        epochs.lapse(epoch, "nothing");
    }

    function test_shouldRefuseADemandWithoutItsBond() public {
        post(epoch, ledger);
        expect(abi.encodeWithSelector(Causes.InsufficientBalance.selector, stranger, address(token), DEMAND_BOND, 0));
        vm.prank(stranger);
        epochs.demandLine(epoch, ledger.content, 0);
    }

    function test_shouldRefuseAnAnswerThatNobodyDemanded() public {
        post(epoch, ledger);
        prepared(
            orderKey(firstHash()),
            first,
            firstRuns,
            abi.encodeWithSelector(Causes.NotDemanded.selector, orderKey(firstHash()))
        );
    }
}
