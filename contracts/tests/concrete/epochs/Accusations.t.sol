// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IEpochs, Scattered} from "../../../src/interfaces/IEpochs.sol";
import {Causes} from "../../../src/libraries/Causes.sol";
import {Line, Stretch} from "../../../src/libraries/Lines.sol";
import {TwoJobs} from "../../utils/TwoJobs.sol";

/// @notice Faults that lines prove by themselves. accusations.tree says it in words.
contract AccusationsTest is TwoJobs {
    address private constant ACCUSER = address(0xACC);

    function ruined() private view {
        vm.assertTrue(isState(epoch, IEpochs.State.Nothing));
        vm.assertEq(escrow.balanceOf(ACCUSER, address(token)), SETTLER_BOND / 2);
        vm.assertEq(escrow.balanceOf(ASHES, address(token)), SETTLER_BOND / 2);
    }

    function accuses(Ledger memory ledger, uint256 from, uint256 end) private {
        Stretch memory shown = stretch(ledger, from, end);
        vm.prank(ACCUSER);
        epochs.accuseLines(epoch, ledger.content, shown);
    }

    function test_shouldVoidWhatPaysAnOrderTwice() public {
        // given: one assignment's line twice, with sums that carry on
        Ledger memory ledger = aLedger();
        Line memory again = abi.decode(abi.encode(ledger.lines[1]), (Line));
        again.sum += again.amount;
        ledger.lines[2] = again;
        reseal(ledger);
        post(epoch, ledger);

        // when
        accuses(ledger, 1, 3);
        vm.snapshotGasLastCall("Epochs", "accuseLines, 2 of 4");

        // then
        ruined();
    }

    function test_shouldVoidLinesOutOfOrder() public {
        Ledger memory ledger = aLedger();
        (ledger.lines[0], ledger.lines[3]) = (ledger.lines[3], ledger.lines[0]);
        (ledger.lines[0].sum, ledger.lines[3].sum) = (ledger.lines[3].sum, ledger.lines[0].sum);
        reseal(ledger);
        post(epoch, ledger);
        accuses(ledger, 2, 4);
        ruined();
    }

    function test_shouldVoidASumThatDoesNotCarryOn() public {
        Ledger memory ledger = aLedger();
        ledger.lines[2].sum += 1;
        reseal(ledger);
        post(epoch, ledger);
        accuses(ledger, 1, 3);
        ruined();
    }

    function test_shouldVoidASumThatDoesNotStartAtItsFirstLine() public {
        Ledger memory ledger = aLedger();
        ledger.lines[0].sum -= 1;
        reseal(ledger);
        post(epoch, ledger);
        accuses(ledger, 0, 1);
        ruined();
    }

    function test_shouldVoidTheNextBuildersSumThatStartsWrong() public {
        Ledger memory ledger = aLedger();
        (ledger.lines[2].builder, ledger.lines[3].builder) = (address(type(uint160).max), address(type(uint160).max));
        reseal(ledger);
        post(epoch, ledger);
        accuses(ledger, 1, 3);
        ruined();
    }

    function test_shouldVoidADebitThatItsLinesDoNotComeTo() public {
        // given: the lines are true, but the builder is debited one unit more, for a friend
        Ledger memory ledger = aLedger();
        ledger.accounts.debits[0].amount += 1;
        ledger.accounts.credits[0].amount += 1;
        reseal(ledger);
        post(epoch, ledger);
        bytes32[] memory proof = proofOf(treeOf(ledger.lines), 3);

        // when
        vm.prank(ACCUSER);
        epochs.accuseDebit(epoch, ledger.content, ledger.accounts, 0, ledger.lines[3], proof);

        // then
        ruined();
    }

    function test_shouldVoidADebitOfABuilderWithoutLines() public {
        Ledger memory ledger = aLedger();
        ledger.accounts.debits[0].builder = stranger;
        reseal(ledger);
        post(epoch, ledger);
        bytes32[] memory proof = proofOf(treeOf(ledger.lines), 3);
        vm.prank(ACCUSER);
        epochs.accuseDebit(epoch, ledger.content, ledger.accounts, 0, ledger.lines[3], proof);
        ruined();
    }

    /// @dev The sums balance, but one owner has a unit of another's.
    function shifted() private view returns (Ledger memory ledger, address victim) {
        ledger = aLedger();
        ledger.accounts.credits[0].amount -= 1;
        ledger.accounts.credits[1].amount += 1;
        reseal(ledger);
        victim = ledger.accounts.credits[0].owner;
    }

    function linesOf(Ledger memory ledger, address owner) private pure returns (Scattered memory some) {
        (some.indices, some.lines) = (new uint32[](2), new Line[](2));
        some.proofs = new bytes32[](4);
        bytes32[][] memory tree = treeOf(ledger.lines);
        uint256 count = 0;
        for (uint32 i = 0; i < 4; ++i) {
            if (ledger.lines[i].owner != owner) continue;
            (some.indices[count], some.lines[count]) = (i, ledger.lines[i]);
            bytes32[] memory proof = proofOf(tree, i);
            (some.proofs[2 * count], some.proofs[2 * count + 1]) = (proof[0], proof[1]);
            ++count;
        }
    }

    function test_shouldVoidWhatDropsAPayee() public {
        // given
        (Ledger memory ledger, address victim) = shifted();
        post(epoch, ledger);
        Scattered memory all = linesOf(ledger, victim);

        // when: it shows its lines
        vm.prank(ACCUSER);
        epochs.accuseCredit(epoch, ledger.content, ledger.accounts, victim, all);
        vm.snapshotGasLastCall("Epochs", "accuseCredit, 2 lines of 4");

        // then
        ruined();
    }

    function test_shouldVoidWhatLeavesAPayeeOutAltogether() public {
        // given: the victim is not among the credits at all
        Ledger memory ledger = aLedger();
        address victim = ledger.accounts.credits[0].owner;
        ledger.accounts.credits[0].owner = address(1);
        reseal(ledger);
        post(epoch, ledger);
        Scattered memory all = linesOf(ledger, victim);

        // when
        vm.prank(ACCUSER);
        epochs.accuseCredit(epoch, ledger.content, ledger.accounts, victim, all);

        // then
        ruined();
    }

    function test_shouldAddUpLinesShownInSeveralCalls() public {
        // given
        (Ledger memory ledger, address victim) = shifted();
        post(epoch, ledger);
        Scattered memory all = linesOf(ledger, victim);
        Scattered memory one = only(all, 0);
        vm.prank(ACCUSER);
        vm.assertEq(epochs.accuseCredit(epoch, ledger.content, ledger.accounts, victim, one), PRICE);

        // when, then: the same again counts for nothing
        vm.prank(ACCUSER);
        expect(abi.encodeWithSelector(Causes.NoFault.selector));
        epochs.accuseCredit(epoch, ledger.content, ledger.accounts, victim, one);

        // when
        vm.prank(ACCUSER);
        epochs.accuseCredit(epoch, ledger.content, ledger.accounts, victim, only(all, 1));

        // then
        ruined();
    }

    function test_shouldHearAnOwnerThoughASettlersFriendShowedItsLastLineFirst() public {
        // given
        (Ledger memory ledger, address victim) = shifted();
        post(epoch, ledger);
        Scattered memory all = linesOf(ledger, victim);
        vm.prank(hub);
        epochs.accuseCredit(epoch, ledger.content, ledger.accounts, victim, only(all, 1));

        // when
        vm.prank(ACCUSER);
        epochs.accuseCredit(epoch, ledger.content, ledger.accounts, victim, all);

        // then
        ruined();
    }

    function only(Scattered memory all, uint256 k) private pure returns (Scattered memory one) {
        (one.indices, one.lines, one.proofs) = (new uint32[](1), new Line[](1), new bytes32[](2));
        (one.indices[0], one.lines[0]) = (all.indices[k], all.lines[k]);
        (one.proofs[0], one.proofs[1]) = (all.proofs[2 * k], all.proofs[2 * k + 1]);
    }

    // ---- what is no fault

    function test_shouldFindNoFaultInATrueEpoch() public {
        // given
        Ledger memory ledger = aLedger();
        post(epoch, ledger);
        Stretch memory shown = stretch(ledger, 0, 4);
        bytes32[] memory proof = proofOf(treeOf(ledger.lines), 3);

        // when, then
        expect(abi.encodeWithSelector(Causes.NoFault.selector));
        epochs.accuseLines(epoch, ledger.content, shown);
        expect(abi.encodeWithSelector(Causes.NoFault.selector));
        epochs.accuseDebit(epoch, ledger.content, ledger.accounts, 0, ledger.lines[3], proof);
        for (uint256 i = 0; i < 2; ++i) {
            address owner = ledger.accounts.credits[i].owner;
            epochs.accuseCredit(epoch, ledger.content, ledger.accounts, owner, linesOf(ledger, owner));
            expect(abi.encodeWithSelector(Causes.NoFault.selector));
            epochs.accuseCredit(epoch, ledger.content, ledger.accounts, owner, linesOf(ledger, parties[2].wallet));
        }
        vm.assertTrue(isState(epoch, IEpochs.State.Pending));
    }

    function test_shouldTakeNoInventedLines() public {
        // given: lines, places and depths that are not the tree's
        Ledger memory ledger = aLedger();
        post(epoch, ledger);
        Stretch memory shown = stretch(ledger, 0, 2);
        bytes32 root = ledger.content.root;

        // when, then
        shown.lines[1].amount += 1;
        expect(abi.encodeWithSelector(Causes.LineNotProven.selector, 1, root));
        epochs.accuseLines(epoch, ledger.content, shown);
        shown = stretch(ledger, 0, 2);
        (shown.lines[0], shown.lines[1]) = (shown.lines[1], shown.lines[0]);
        expect(abi.encodeWithSelector(Causes.LineNotProven.selector, 0, root));
        epochs.accuseLines(epoch, ledger.content, shown);
        shown = stretch(ledger, 0, 2);
        shown.proofs = new bytes32[](3);
        expect(abi.encodeWithSelector(Causes.LineNotProven.selector, 0, root));
        epochs.accuseLines(epoch, ledger.content, shown);
        shown = stretch(ledger, 0, 1);
        shown.proofs = new bytes32[](1);
        expect(abi.encodeWithSelector(Causes.LineOutOfRange.selector, 0, 1, 4));
        epochs.accuseLines(epoch, ledger.content, shown);
        bytes32[] memory deeper = new bytes32[](3);
        expect(abi.encodeWithSelector(Causes.LineOutOfRange.selector, 3, 3, 4));
        epochs.accuseDebit(epoch, ledger.content, ledger.accounts, 0, ledger.lines[3], deeper);
        shown = stretch(ledger, 2, 4);
        shown.from = 3;
        expect(abi.encodeWithSelector(Causes.LineNotProven.selector, 3, root));
        epochs.accuseLines(epoch, ledger.content, shown);
        shown = stretch(ledger, 3, 4);
        shown.from = 4;
        expect(abi.encodeWithSelector(Causes.LineOutOfRange.selector, 4, 2, 4));
        epochs.accuseLines(epoch, ledger.content, shown);
        shown.lines = new Line[](0);
        expect(abi.encodeWithSelector(Causes.LineOutOfRange.selector, 4, 0, 4));
        epochs.accuseLines(epoch, ledger.content, shown);
    }

    function test_shouldRefuseAnAccusationOfAFinalEpochOrOfOtherContent() public {
        Ledger memory ledger = aLedger();
        ledger.lines[2].sum += 1;
        reseal(ledger);
        post(epoch, ledger);
        Stretch memory shown = stretch(ledger, 1, 3);
        Ledger memory other = aLedger();
        expect(abi.encodeWithSelector(Causes.ContentMismatch.selector));
        epochs.accuseLines(epoch, other.content, shown);
        ledger.accounts.credits[0].amount += 1;
        bytes32[] memory proof = proofOf(treeOf(ledger.lines), 3);
        expect(abi.encodeWithSelector(Causes.ContentMismatch.selector));
        epochs.accuseDebit(epoch, ledger.content, ledger.accounts, 0, ledger.lines[3], proof);
        toWindow(epoch, 3);
        expect(abi.encodeWithSelector(Causes.EpochFinal.selector, epoch.number));
        epochs.accuseLines(epoch, ledger.content, shown);
    }

    function test_shouldHearAnAccusationUntilADemandedEpochIsFinal() public {
        // given: what the last answer shows can still be accused
        Ledger memory ledger = aLedger();
        ledger.accounts.debits[0].amount += 1;
        ledger.accounts.credits[0].amount += 1;
        reseal(ledger);
        post(epoch, ledger);
        bytes32 what = demandLine(epoch, ledger, 3);
        (uint256 last, bool isFirst) = (3, ledger.lines[3].orderHash == firstHash());
        vm.warp((uint256(epoch.number) + 4) * W - W / 4 - 1);
        answer(epoch, ledger, what, isFirst ? first : second, isFirst ? firstRuns : secondRuns);
        vm.warp((uint256(epoch.number) + 4) * W - 1);
        bytes32[] memory proof = proofOf(treeOf(ledger.lines), last);

        // when
        vm.prank(ACCUSER);
        epochs.accuseDebit(epoch, ledger.content, ledger.accounts, 0, ledger.lines[3], proof);

        // then
        ruined();
    }
}
