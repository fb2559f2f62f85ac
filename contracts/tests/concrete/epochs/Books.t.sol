// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Epochs} from "../../../src/Epochs.sol";
import {Epoch} from "../../../src/interfaces/IEpochs.sol";
import {Causes} from "../../../src/libraries/Causes.sol";
import {TwoJobs} from "../../utils/TwoJobs.sol";

/// @notice Settlers' books and bonds. books.tree says it in words.
contract BooksTest is TwoJobs {
    address private other = vm.addr(77);

    function book() private view returns (address who, uint128 bond, uint64 leavesAt) {
        return epochs.book(hub, address(token));
    }

    function test_shouldTellWhatADemandCosts() public {
        vm.assertEq(epochs.demandBond(hub, address(token)), DEMAND_BOND);
        vm.assertEq(epochs.demandBond(stranger, address(token)), 0);
        fund(other, 1);
        vm.prank(stranger);
        epochs.appoint(other, address(token));
        vm.prank(other);
        epochs.open(stranger, address(token), 1);
        vm.assertEq(epochs.demandBond(stranger, address(token)), 1);
    }

    /// @dev A hub would else post what it likes and ask a fortune of whoever wants to see it.
    function test_shouldAskNoMoreForADemandHoweverGreatTheBond() public {
        // given
        uint128 great = type(uint128).max / 4;
        fund(other, great);
        vm.prank(stranger);
        epochs.appoint(other, address(token));

        // when
        vm.prank(other);
        epochs.open(stranger, address(token), great);

        // then
        vm.assertEq(epochs.demandBond(stranger, address(token)), MOST_DEMAND_BOND);
        expect(abi.encodeWithSelector(Causes.ZeroAmount.selector));
        new Epochs(address(escrow), W, 0);
    }

    function test_shouldLetAHubEndTheBookOfASettlerThatIsGone() public {
        // given
        post(epoch, aLedger());
        expect(abi.encodeWithSelector(Causes.PageTaken.selector, hub, address(token), epoch.number));
        vm.prank(hub);
        epochs.close(settler, address(token));
        toWindow(epoch, 3);
        settle(epoch, aLedger());
        expect(abi.encodeWithSelector(Causes.NotAppointed.selector, hub, address(token), stranger));
        vm.prank(stranger);
        epochs.close(settler, address(token));

        // when: the hub closes it, and anybody brings the bond out
        vm.prank(hub);
        epochs.close(settler, address(token));
        (,, uint64 leavesAt) = book();
        expect(abi.encodeWithSelector(Causes.StillLocked.selector, leavesAt, block.timestamp));
        vm.prank(stranger);
        epochs.withdrawBond(settler, address(token));
        vm.warp(leavesAt);
        vm.prank(stranger);
        epochs.withdrawBond(settler, address(token));

        // then: it is the settler's, and the hub has another
        vm.assertEq(escrow.balanceOf(settler, address(token)), SETTLER_BOND);
        vm.prank(hub);
        epochs.appoint(other, address(token));
        fund(other, SETTLER_BOND);
        vm.prank(other);
        epochs.open(hub, address(token), SETTLER_BOND);
        (address who,,) = book();
        vm.assertEq(who, other);
    }

    function test_shouldOpenForAHubThatAppointedOnly() public {
        expect(abi.encodeWithSelector(Causes.NotAppointed.selector, stranger, address(token), settler));
        vm.prank(settler);
        epochs.open(stranger, address(token), 1);
        expect(abi.encodeWithSelector(Causes.ZeroAmount.selector));
        vm.prank(settler);
        epochs.open(hub, address(token), 0);
    }

    function test_shouldKeepTheSettlerWhileItsBookIsOpen() public {
        expect(abi.encodeWithSelector(Causes.BookStillOpen.selector, hub, address(token), 0));
        vm.prank(hub);
        epochs.appoint(other, address(token));
        expect(abi.encodeWithSelector(Causes.BookStillOpen.selector, hub, address(token), 0));
        vm.prank(settler);
        epochs.open(hub, address(token), 1);
    }

    function test_shouldNotTakeASettlersOtherBookForTheHubs() public {
        // given: another hub appoints the same settler, whose book is not its own
        vm.prank(stranger);
        epochs.appoint(settler, address(token));
        post(epoch, aLedger());

        // then
        (address who, uint128 bond,) = epochs.book(stranger, address(token));
        vm.assertEq(who, settler);
        vm.assertEq(bond, 0);
        expect(abi.encodeWithSelector(Causes.NoSuchEpoch.selector, stranger, address(token), epoch.number));
        epochs.demandOrder(epochFor(stranger), builder, firstHash());
    }

    function epochFor(address hub_) private view returns (Epoch memory) {
        return Epoch(hub_, address(token), epoch.number);
    }

    function test_shouldLetTheBondLeaveAfterNineWindows() public {
        // given
        vm.startPrank(settler);
        epochs.close(settler, address(token));
        (,, uint64 leavesAt) = book();
        vm.assertEq(leavesAt, block.timestamp + 9 * W);
        expect(abi.encodeWithSelector(Causes.StillLocked.selector, leavesAt, block.timestamp));
        epochs.withdrawBond(settler, address(token));
        vm.warp(leavesAt);

        // when
        epochs.withdrawBond(settler, address(token));
        vm.stopPrank();

        // then: the hub may appoint another, and the settler open again
        vm.assertEq(escrow.balanceOf(settler, address(token)), SETTLER_BOND);
        openBook();
        (, uint128 bond,) = book();
        vm.assertEq(bond, SETTLER_BOND);
    }

    function test_shouldRefuseToCloseTwiceOrOverAnEpochOnItsWay() public {
        post(epoch, aLedger());
        vm.startPrank(settler);
        expect(abi.encodeWithSelector(Causes.PageTaken.selector, hub, address(token), epoch.number));
        epochs.close(settler, address(token));
        expect(abi.encodeWithSelector(Causes.BookClosed.selector, settler, address(token)));
        epochs.withdrawBond(settler, address(token));
        toWindow(epoch, 3);
        settle(epoch, aLedger());
        epochs.close(settler, address(token));
        expect(abi.encodeWithSelector(Causes.BookClosed.selector, settler, address(token)));
        epochs.close(settler, address(token));
        vm.stopPrank();
    }

    function test_shouldKeepARuinedBookClosedForFourWindows() public {
        // given
        Ledger memory ledger = aLedger();
        ledger.lines[1].sum += 1;
        reseal(ledger);
        post(epoch, ledger);
        epochs.accuseLines(epoch, ledger.content, stretch(ledger, 0, 2));
        (,, uint64 leavesAt) = book();
        vm.assertEq(leavesAt, block.timestamp + 4 * W);
        fund(settler, SETTLER_BOND);

        // when, then: so it cannot post the same epoch again
        expect(abi.encodeWithSelector(Causes.BookStillOpen.selector, hub, address(token), leavesAt));
        vm.prank(settler);
        epochs.open(hub, address(token), SETTLER_BOND);
        expect(abi.encodeWithSelector(Causes.BookClosed.selector, settler, address(token)));
        vm.prank(settler);
        epochs.post(address(token), due(), ledger.content.root, ledger.accounts.debits, ledger.accounts.credits);
        vm.warp(leavesAt);
        vm.prank(settler);
        epochs.open(hub, address(token), SETTLER_BOND);
    }

    function test_shouldNotOpenAgainOverAFinalEpochNotSettled() public {
        // given: one final, the next ruined
        Ledger memory ledger = aLedger();
        post(epoch, ledger);
        Epoch memory bad = Epoch(hub, address(token), epoch.number + 2);
        Ledger memory fault = aLedger();
        fault.lines[1].sum += 1;
        reseal(fault);
        post(bad, fault);
        epochs.accuseLines(bad, fault.content, stretch(fault, 0, 2));
        vm.warp(block.timestamp + 4 * W);
        fund(settler, SETTLER_BOND);

        // when, then
        expect(abi.encodeWithSelector(Causes.PageTaken.selector, hub, address(token), epoch.number));
        vm.prank(settler);
        epochs.open(hub, address(token), SETTLER_BOND);
        settle(epoch, ledger);
        vm.prank(settler);
        epochs.open(hub, address(token), SETTLER_BOND);
    }
}
