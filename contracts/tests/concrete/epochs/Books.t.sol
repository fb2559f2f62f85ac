// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

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
        vm.assertEq(epochs.demandBond(epoch), DEMAND_BOND);
        vm.assertEq(epochs.demandBond(epochFor(stranger)), 0);
        fund(other, 1);
        vm.prank(stranger);
        epochs.appoint(other, address(token));
        vm.prank(other);
        epochs.open(stranger, address(token), 1);
        vm.assertEq(epochs.demandBond(epochFor(stranger)), 1);
    }

    function test_shouldAskNoMoreThanFitsHoweverGreatTheBond() public {
        // given
        uint128 great = type(uint128).max / 4;
        fund(other, great);
        vm.prank(stranger);
        epochs.appoint(other, address(token));

        // when
        vm.prank(other);
        epochs.open(stranger, address(token), great);

        // then
        vm.assertEq(epochs.demandBond(epochFor(stranger)), type(uint96).max);
    }

    /// @dev Whoever asks for thousands of true lines has the settler answer each; one that it misses ruins the book. Of a token with
    /// eighteen decimals a million units are nothing.
    function test_theDemandsThatCostNothing() public {
        // given: a bond that is worth a hundred thousand answers
        uint256 oneAnswer = 0.01 ether;
        uint128 bond = 1000 ether;
        openFor(stranger, bond);

        // when
        uint256 asked = 1000;
        uint256 cost = escrow.balanceOf(watchdog, address(token));
        for (uint256 i = 0; i < asked; ++i) {
            vm.assertEq(epochs.demandBond(epochFor(stranger)), priceOf(bond, i));
            vm.prank(watchdog);
            epochs.demandOrder(epochFor(stranger), builder, bytes32(i));
        }
        cost -= escrow.balanceOf(watchdog, address(token));

        // then: answering all is no loss, since the price is in parts of the bond
        vm.assertGe(cost, asked * oneAnswer, "answers are a loss");
        vm.assertEq(cost, (uint256(16 * 127) * bond) / 10_000 + ((asked - 112) * bond) / 100);
    }

    /// @dev And where the bond is a hundred answers only.
    function test_shouldCostASettlerAHundredAndTwelveAnswersAtMost() public {
        uint128 bond = 1 ether;
        uint256 oneAnswer = 0.01 ether;
        uint256 loss = 0;
        for (uint256 i = 0; i < 1000; ++i) {
            uint256 price = priceOf(bond, i);
            if (price < oneAnswer) loss += oneAnswer - price;
        }
        vm.assertLe(loss, 112 * oneAnswer, "more than 112 answers");
    }

    function priceOf(uint256 bond, uint256 before) private pure returns (uint256) {
        uint256 price = bond / 10_000 * 2 ** (before / 16);
        return before >= 112 ? bond / 100 : price;
    }

    function openFor(address hub_, uint128 bond) private {
        fund(other, bond);
        fund(watchdog, 100 * uint256(bond));
        vm.prank(hub_);
        epochs.appoint(other, address(token));
        vm.prank(other);
        epochs.open(hub_, address(token), bond);
        Ledger memory ledger = aLedger();
        vm.warp((uint256(epoch.number) + 1) * W);
        vm.prank(other);
        epochs.post(address(token), epoch.number, ledger.content.root, ledger.accounts.debits, ledger.accounts.credits);
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
