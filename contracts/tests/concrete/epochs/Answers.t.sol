// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Agreement} from "../../../src/interfaces/IEpochs.sol";
import {Run} from "../../../src/interfaces/IEscrow.sol";
import {Causes} from "../../../src/libraries/Causes.sol";
import {Line, Stretch} from "../../../src/libraries/Lines.sol";
import {Signature} from "../../../src/libraries/Signatures.sol";
import {TwoJobs} from "../../utils/TwoJobs.sol";

/// @notice Answers at the edges of the tree, and with lines that are not what they must be. demands.tree says it in words.
contract AnswersTest is TwoJobs {
    function test_shouldTakeTheAnswerThatABuilderHasNoLineAtAll() public {
        // given: orders of builders who would stand before and after all others
        Ledger memory ledger = aLedger();
        post(epoch, ledger);
        address[2] memory strangers = [address(1), address(type(uint160).max)];
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(watchdog);
            epochs.demandOrder(epoch, strangers[i], firstHash());
            uint256 edge = i == 0 ? 0 : 3;

            // when, then
            epochs.answerNone(epoch, ledger.content, stretch(ledger, edge, edge + 1), strangers[i], firstHash());
        }
        vm.assertEq(escrow.balanceOf(watchdog, address(token)), 98 * DEMAND_BOND);
    }

    function test_shouldRefuseToAnswerWithLinesThatDoNotFollowEachOther() public {
        // given
        Ledger memory bad = aLedger();
        bad.lines[1].sum += 1;
        reseal(bad);
        post(epoch, bad);
        bytes32 what = demandOrder(epoch, firstHash());

        // when, then
        expect(abi.encodeWithSelector(Causes.LinesLeftOut.selector, firstHash()));
        answer(epoch, bad, what, first, firstRuns);
    }

    function test_shouldRefuseAQuorumOfOneOwnerInAnAnswer() public {
        // given: two providers of one owner, and no second voice
        vm.prank(parties[0].wallet);
        bytes32 second = registry.register("second");
        Run memory twin = aRun(first, 0);
        (twin.assignment.provider, twin.assignment.attempt, twin.key.provider) = (second, 9, second);
        signRun(twin, 0);
        Ledger memory ledger = aLedger();
        post(epoch, ledger);
        bytes32 what = demandOrder(epoch, firstHash());
        Run[] memory runs = list(aRun(first, 0), twin);
        Stretch memory shown = stretchOf(ledger, builder, firstHash());
        Signature memory signature = signed(first);

        // when, then
        expect(abi.encodeWithSelector(Causes.OwnerTwice.selector, parties[0].wallet, hashOf(runs[1]), hashOf(runs[0])));
        epochs.answer(epoch, ledger.content, what, shown, first, signature, only(runs));
    }

    /// @dev Two agreements about the first order, whose lines say what they earn.
    function refusesTogether(Run[] memory one, Run[] memory other, bytes memory reason) private {
        Line[] memory all = new Line[](4);
        for (uint256 i = 0; i < 2; ++i) {
            all[i] = aLine(one[i], evidence.earned(first, one[i].assignment, one[i].opening.border));
            all[i + 2] = aLine(other[i], evidence.earned(first, other[i].assignment, other[i].opening.border));
        }
        Ledger memory ledger = ledgerOf(all);
        post(epoch, ledger);
        bytes32 what = demandOrder(epoch, firstHash());
        Stretch memory shown = stretchOf(ledger, builder, firstHash());
        Signature memory signature = signed(first);
        Agreement[] memory both = new Agreement[](2);
        (both[0], both[1]) = (Agreement(one), Agreement(other));
        expect(reason);
        epochs.answer(epoch, ledger.content, what, shown, first, signature, both);
    }

    function test_shouldRefuseTwoAnswersForTheSameBorders() public {
        // two quorums that contradict each other: by direct the first alone is paid
        Run[] memory others = list(aRun(first, 2, 30, FORGED, OUTPUT), aRun(first, 3, 30, FORGED, OUTPUT));
        refusesTogether(firstRuns, others, abi.encodeWithSelector(Causes.AnswersDiffer.selector, hashOf(others[0])));
    }

    function test_shouldRefuseAnOwnerOfTwoAssignmentsInAnAnswer() public {
        // given: an owner in both parts of a job, by another assignment in each
        Run[] memory whole = list(aRun(first, 0), aRun(first, 1));
        Run[] memory part = list(aRun(first, 2, 10, ROOT, 0), aRun(first, 0));
        (part[1].assignment.attempt, part[1].opening) = (9, anOpening(10, ROOT, 0));
        signRun(part[1], 0);

        // when, then
        refusesTogether(
            whole,
            part,
            abi.encodeWithSelector(Causes.OwnerTwice.selector, parties[0].wallet, hashOf(part[1]), hashOf(whole[0]))
        );
    }

    function test_shouldTakeTwoPartsOfOneJob() public {
        // given: two owners did the first part; one of them, by the same assignment, and a third the whole
        Run memory both = aRun(first, 0);
        Run[] memory part = list(aRun(first, 0, 10, ROOT, 0), aRun(first, 1, 10, ROOT, 0));
        Run[] memory whole = list(both, aRun(first, 2));
        Line[] memory all = new Line[](3);
        (all[0], all[1], all[2]) = (aLine(both, PRICE), aLine(part[1], PRICE / 3), aLine(whole[1], PRICE));
        Ledger memory ledger = ledgerOf(all);
        post(epoch, ledger);
        bytes32 what = demandOrder(epoch, firstHash());
        Agreement[] memory agreements = new Agreement[](2);
        (agreements[0], agreements[1]) = (Agreement(part), Agreement(whole));

        // when
        epochs.answer(
            epoch, ledger.content, what, stretchOf(ledger, builder, firstHash()), first, signed(first), agreements
        );

        // then
        vm.assertEq(escrow.balanceOf(settler, address(token)), DEMAND_BOND);
    }

    // ---- how an order's pay is shared

    /// @dev Three agree on the first order; the third may ask for any price.
    function sharedWith(uint256 price) private returns (Run[] memory runs) {
        first.maxPayment = 3 * PRICE;
        (runs = new Run[](3))[2] = aRun(first, 2);
        (runs[0], runs[1]) = (aRun(first, 0), aRun(first, 1));
        runs[2].assignment.price = price;
        signRun(runs[2], 2);
        epoch = epochOf(first);
    }

    function linesOf(Run[] memory runs, uint256[3] memory amounts) private view returns (Line[] memory all) {
        uint256 count = 0;
        all = new Line[](3);
        for (uint256 i = 0; i < 3; ++i) {
            if (amounts[i] > 0) all[count++] = aLine(runs[i], amounts[i]);
        }
        assembly ("memory-safe") {
            mstore(all, count)
        }
    }

    function answers(Run[] memory runs, uint256[3] memory amounts, bytes memory reason) private {
        Ledger memory ledger = ledgerOf(linesOf(runs, amounts));
        post(epoch, ledger);
        bytes32 what = demandOrder(epoch, runs[0].assignment.orderHash);
        if (reason.length > 0) expect(reason);
        answer(epoch, ledger, what, first, runs);
    }

    function test_shouldRefuseToPayAFriendTheWholeMaximum() public {
        // given: of the quorum nobody has a line
        Run[] memory runs = sharedWith(3 * PRICE);

        // when, then: it asks for three of five parts
        bytes32 poorest = hashOf(runs[0]);
        answers(
            runs,
            [uint256(0), 0, 3 * PRICE],
            abi.encodeWithSelector(Causes.AmountBelowShare.selector, poorest, 0, 3 * PRICE / 5)
        );
    }

    function test_shouldTakeTheSharesThatDirectWouldPay() public {
        // given: a price beyond all bounds counts as the maximum
        Run[] memory runs = sharedWith(type(uint256).max);
        uint256 share = 3 * PRICE / 5;

        // when, then
        answers(runs, [share, share, 3 * share], "");
        vm.assertEq(escrow.balanceOf(settler, address(token)), DEMAND_BOND);
    }

    function test_shouldRefuseOneUnitLessThanAShare() public {
        Run[] memory runs = sharedWith(type(uint256).max);
        uint256 share = 3 * PRICE / 5;
        answers(
            runs,
            [share, share - 1, 3 * share],
            abi.encodeWithSelector(Causes.AmountBelowShare.selector, hashOf(runs[1]), share - 1, share)
        );
    }

    function test_shouldRefuseALineThatIsNotThereThoughTheMaximumSuffices() public {
        Run[] memory runs = sharedWith(PRICE);
        answers(
            runs, [PRICE, 0, PRICE], abi.encodeWithSelector(Causes.AmountBelowShare.selector, hashOf(runs[1]), 0, PRICE)
        );
    }

    function test_shouldAskForNoMoreThanWhatIsStillDue() public {
        // given: the builder released a half to one of them before
        Run[] memory runs = sharedWith(PRICE);
        vm.prank(builder);
        escrow.release(first, runs[0].assignment, runs[0].hubSignature, aReleaseOf(runs[0], PRICE / 2), unsigned());

        // when, then
        answers(runs, [PRICE / 2, PRICE, PRICE], "");
    }

    function test_shouldTakeTheAnswerForARunProvenWrongMeanwhile() public {
        // given: an owner in the settler's books proves itself wrong, to leave it without an answer
        Ledger memory ledger = aLedger();
        post(epoch, ledger);
        bytes32 what = demandOrder(epoch, firstHash());
        Run[] memory other = list(aRun(first, 0, 30, FORGED, OUTPUT));
        court.proveTwoOpenings(first, signed(first), list(firstRuns[0]), other);
        vm.assertTrue(escrow.condemned(hashOf(firstRuns[0])));

        // when
        answer(epoch, ledger, what, first, firstRuns);

        // then
        vm.assertEq(escrow.balanceOf(settler, address(token)), DEMAND_BOND);
    }

    function test_shouldRefuseTheSecondFormOfAnAmount() public {
        // given: a leaf holds 120 bits of an amount; the same bits with one more above them
        Ledger memory ledger = aLedger();
        post(epoch, ledger);
        Stretch memory shown = stretch(ledger, 0, 2);
        shown.lines[0].amount += 2 ** 120;

        // when, then: it is no line of the tree, so that it can neither pay nor accuse
        expect(abi.encodeWithSelector(Causes.LineNotProven.selector, 0, ledger.content.root));
        epochs.accuseLines(epoch, ledger.content, shown);
    }
}
