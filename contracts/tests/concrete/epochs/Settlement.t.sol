// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Credit, Debit, Epoch, IEpochs} from "../../../src/interfaces/IEpochs.sol";
import {IEscrow} from "../../../src/interfaces/IEscrow.sol";
import {Causes} from "../../../src/libraries/Causes.sol";
import {Line} from "../../../src/libraries/Lines.sol";
import {TwoJobs} from "../../utils/TwoJobs.sol";

/// @notice Posting and settling. settlement.tree says it in words.
contract SettlementTest is TwoJobs {
    address private accuser = vm.addr(78);

    function balance(address who) private view returns (uint256) {
        return escrow.balanceOf(who, address(token));
    }

    function test_shouldPayOwnersIntoTheirFreeBalance() public {
        // given
        Ledger memory ledger = aLedger();
        post(epoch, ledger);
        vm.snapshotGasLastCall("Epochs", "post, 1 builder and 2 owners");
        vm.assertTrue(isState(epoch, IEpochs.State.Pending));
        toWindow(epoch, 3);
        vm.assertTrue(isState(epoch, IEpochs.State.Final));

        // when
        settle(epoch, ledger);
        vm.snapshotGasLastCall("Epochs", "settle, 1 builder and 2 owners");

        // then
        vm.assertTrue(isState(epoch, IEpochs.State.Settled));
        vm.assertEq(balance(parties[0].wallet), 2 * PRICE);
        vm.assertEq(balance(parties[1].wallet), 2 * PRICE);
        vm.assertEq(escrow.allotment(builder, hub, address(token)), ALLOTTED - 4 * PRICE);
        vm.prank(parties[0].wallet);
        escrow.withdraw(address(token), stranger, 2 * PRICE);
        vm.snapshotGasLastCall("Epochs", "claim");
        vm.assertEq(token.balanceOf(stranger), 2 * PRICE);
    }

    function test_shouldCreditNothingBeforeTheWindow() public {
        // given
        Ledger memory ledger = aLedger();
        post(epoch, ledger);
        vm.warp((uint256(epoch.number) + 3) * W - 1);

        // when, then
        expect(abi.encodeWithSelector(Causes.EpochNotFinal.selector, epoch.number));
        settle(epoch, ledger);
    }

    function test_shouldSettleOnce() public {
        Ledger memory ledger = aLedger();
        post(epoch, ledger);
        toWindow(epoch, 3);
        settle(epoch, ledger);
        expect(abi.encodeWithSelector(Causes.NoSuchEpoch.selector, hub, address(token), epoch.number));
        settle(epoch, ledger);
    }

    function test_shouldSettleNothingButWhatWasPosted() public {
        Ledger memory ledger = aLedger();
        post(epoch, ledger);
        toWindow(epoch, 3);
        Ledger memory other = aLedger();
        other.content.count = 5;
        expect(abi.encodeWithSelector(Causes.ContentMismatch.selector));
        settle(epoch, other);
        other.content.count = 4;
        other.accounts.credits[0].amount += 1;
        expect(abi.encodeWithSelector(Causes.ContentMismatch.selector));
        settle(epoch, other);
    }

    function test_shouldPostWithinOneWindowOnly() public {
        // given: the window that ended last is the epoch's, until the next ends
        Ledger memory ledger = aLedger();
        vm.warp((uint256(epoch.number) + 2) * W - 1);
        vm.prank(settler);
        epochs.post(address(token), due(), ledger.content.root, ledger.accounts.debits, ledger.accounts.credits);

        // then: it is that epoch; a moment later it is the next one's
        vm.assertTrue(isState(epoch, IEpochs.State.Pending));
        vm.warp((uint256(epoch.number) + 2) * W);
        vm.prank(settler);
        epochs.post(address(token), due(), ledger.content.root, ledger.accounts.debits, ledger.accounts.credits);
        vm.assertTrue(isState(Epoch(hub, address(token), epoch.number + 1), IEpochs.State.Pending));
    }

    /// @dev A transaction that waited past its window would else pay the same lines twice, or cost the bond.
    function test_shouldRefuseToPostForAnotherWindow() public {
        Ledger memory ledger = aLedger();
        vm.warp((uint256(epoch.number) + 2) * W);
        expect(abi.encodeWithSelector(Causes.EpochNotDue.selector, epoch.number, epoch.number + 1));
        vm.prank(settler);
        epochs.post(address(token), epoch.number, ledger.content.root, ledger.accounts.debits, ledger.accounts.credits);
        vm.warp((uint256(epoch.number) + 1) * W - 1);
        expect(abi.encodeWithSelector(Causes.EpochNotDue.selector, epoch.number, epoch.number - 1));
        vm.prank(settler);
        epochs.post(address(token), epoch.number, ledger.content.root, ledger.accounts.debits, ledger.accounts.credits);
    }

    function test_shouldRefuseASecondPostOfOneEpoch() public {
        Ledger memory ledger = aLedger();
        post(epoch, ledger);
        expect(abi.encodeWithSelector(Causes.PageTaken.selector, settler, address(token), epoch.number));
        vm.prank(settler);
        epochs.post(address(token), due(), ledger.content.root, ledger.accounts.debits, ledger.accounts.credits);
    }

    function test_shouldRefuseToWriteOverAnEpochNotSettled() public {
        // given: four windows later the page comes round again
        Ledger memory ledger = aLedger();
        post(epoch, ledger);
        toWindow(epoch, 5);
        expect(abi.encodeWithSelector(Causes.PageTaken.selector, settler, address(token), epoch.number));
        vm.prank(settler);
        epochs.post(address(token), due(), ledger.content.root, ledger.accounts.debits, ledger.accounts.credits);

        // when
        settle(epoch, ledger);
        vm.prank(settler);
        epochs.post(address(token), due(), ledger.content.root, ledger.accounts.debits, ledger.accounts.credits);
        vm.snapshotGasLastCall("Epochs", "post, 1 builder and 2 owners, page written before");
    }

    function test_shouldRefuseWhoHasNoBook() public {
        Ledger memory ledger = aLedger();
        expect(abi.encodeWithSelector(Causes.BookClosed.selector, stranger, address(token)));
        vm.prank(stranger);
        epochs.post(address(token), due(), ledger.content.root, ledger.accounts.debits, ledger.accounts.credits);
    }

    function test_shouldRefuseAccountsThatDoNotBalance() public {
        Ledger memory ledger = aLedger();
        ledger.accounts.credits[0].amount += 1;
        expect(abi.encodeWithSelector(Causes.AccountsUnbalanced.selector, 4 * PRICE, 4 * PRICE + 1));
        vm.prank(settler);
        epochs.post(address(token), due(), ledger.content.root, ledger.accounts.debits, ledger.accounts.credits);
        // nor may it take more than it gives
        ledger.accounts.credits[0].amount -= 1;
        ledger.accounts.debits[0].amount += 1;
        expect(abi.encodeWithSelector(Causes.AccountsUnbalanced.selector, 4 * PRICE + 1, 4 * PRICE));
        vm.prank(settler);
        epochs.post(address(token), due(), ledger.content.root, ledger.accounts.debits, ledger.accounts.credits);
    }

    function test_shouldRefuseAccountsOutOfOrderTwiceOrEmpty() public {
        Debit[] memory debits = new Debit[](2);
        Credit[] memory credits = new Credit[](2);
        (debits[0], debits[1]) = (Debit(builder, 1, 1), Debit(builder, 1, 1));
        (credits[0], credits[1]) = (Credit(hub, 1), Credit(hub, 1));
        refusesAccounts(debits, credits, 1);
        debits[1].builder = address(type(uint160).max);
        refusesAccounts(debits, credits, 1);
        (credits[0].owner, credits[1].owner, credits[1].amount) = (address(1), address(2), 0);
        refusesAccounts(debits, credits, 1);
        debits[0].lines = 0;
        refusesAccounts(debits, credits, 0);
        (debits[0].lines, debits[0].amount) = (1, 0);
        refusesAccounts(debits, credits, 0);
    }

    function test_shouldPublishTheAccountsAsTheyAreEncoded() public {
        Ledger memory ledger = aLedger();
        vm.warp((uint256(epoch.number) + 1) * W);
        vm.prank(settler);
        vm.expectEmit(address(epochs));
        emit IEpochs.Posted(
            settler,
            address(token),
            epoch.number,
            ledger.content.root,
            abi.encode(ledger.accounts.debits, ledger.accounts.credits)
        );
        epochs.post(address(token), due(), ledger.content.root, ledger.accounts.debits, ledger.accounts.credits);
    }

    /// @dev They are published and hashed as they came, so no field may have two forms.
    function test_shouldRefuseAccountsWithBitsBeyondTheirFields() public {
        Ledger memory ledger = aLedger();
        bytes memory call = abi.encodeCall(
            epochs.post,
            (address(token), epoch.number, ledger.content.root, ledger.accounts.debits, ledger.accounts.credits)
        );
        vm.warp((uint256(epoch.number) + 1) * W);
        // the number; a debit's three words, after the root, two places and a length; the credits' length; two of a credit
        for (uint256 word = 1; word < 12; ++word) {
            if ((word > 1 && word < 6) || word == 9) continue;
            call[4 + 32 * word] = 0x01;
            vm.prank(settler);
            (bool done, bytes memory reason) = address(epochs).call(call);
            vm.assertTrue(!done && reason.length == 0, vm.toString(word));
            call[4 + 32 * word] = 0x00;
        }
        vm.prank(settler);
        (bool clean,) = address(epochs).call(call);
        vm.assertTrue(clean);
    }

    function refusesAccounts(Debit[] memory debits, Credit[] memory credits, uint256 index) private {
        expect(abi.encodeWithSelector(Causes.AccountsOutOfOrder.selector, index));
        vm.prank(settler);
        epochs.post(address(token), due(), "root", debits, credits);
    }

    function test_shouldRefuseMoreAccountsThanOneTransactionCanSettle() public {
        expect(abi.encodeWithSelector(Causes.TooManyAccounts.selector, 400, 1));
        vm.prank(settler);
        epochs.post(address(token), due(), "root", new Debit[](400), new Credit[](1));
    }

    function test_shouldRefuseAnEpochOfNothing() public {
        expect(abi.encodeWithSelector(Causes.LineOutOfRange.selector, 0, 0, 0));
        vm.prank(settler);
        epochs.post(address(token), due(), "root", new Debit[](0), new Credit[](0));
    }

    // ---- a shortfall

    function shortBy(uint256 lacking) private returns (Ledger memory ledger) {
        ledger = aLedger();
        post(epoch, ledger);
        vm.startPrank(builder);
        escrow.recall(hub, address(token), ALLOTTED - 4 * PRICE + lacking);
        vm.warp(block.timestamp + MAX_ORDER + 9 * W);
        escrow.reclaim(hub, address(token));
        vm.stopPrank();
    }

    function test_shouldTakeAShortfallFromTheBond() public {
        // given: the hub promised what is not there any more
        Ledger memory ledger = shortBy(SETTLER_BOND / 4);

        // when
        settle(epoch, ledger);

        // then: owners have all, the settler less, and no more pages
        vm.assertEq(balance(parties[0].wallet), 2 * PRICE);
        vm.assertEq(balance(parties[1].wallet), 2 * PRICE);
        (, uint128 bond, uint64 leavesAt) = epochs.book(hub, address(token));
        vm.assertEq(bond, SETTLER_BOND - SETTLER_BOND / 4);
        vm.assertEq(leavesAt, block.timestamp + 9 * W);
        expect(abi.encodeWithSelector(Causes.BookClosed.selector, settler, address(token)));
        vm.prank(settler);
        epochs.post(address(token), due(), ledger.content.root, ledger.accounts.debits, ledger.accounts.credits);
    }

    /// @dev The hub is the builder that has nothing, its owner and the settler as well: each line is true.
    function overdrawn() private view returns (Ledger memory) {
        Line[] memory all = new Line[](5);
        Line[] memory honest = lines();
        for (uint256 i = 0; i < 4; ++i) {
            all[i] = honest[i];
        }
        all[4] = Line(stranger, keccak256("its order"), keccak256("its run"), watchdog, 2 ** 96, 0);
        return ledgerOf(all);
    }

    function test_shouldVoidWhatTheBondDoesNotCover() public {
        // given
        Ledger memory ledger = overdrawn();
        post(epoch, ledger);
        toWindow(epoch, 3);
        uint256 had = balance(watchdog);

        // when
        vm.expectEmit(address(epochs));
        emit IEpochs.BookRuined(hub, address(token), accuser, SETTLER_BOND);
        vm.prank(accuser);
        settle(epoch, ledger);
        vm.snapshotGasLastCall("Epochs", "settle, void, 2 builders and 3 owners");

        // then: nobody is charged or paid, and the book is ruined
        vm.assertTrue(isState(epoch, IEpochs.State.Nothing));
        vm.assertEq(escrow.allotment(builder, hub, address(token)), ALLOTTED);
        vm.assertEq(balance(parties[0].wallet) + balance(parties[1].wallet), 0);
        vm.assertEq(balance(watchdog), had);
        vm.assertEq(balance(accuser), SETTLER_BOND / 2);
        vm.assertEq(balance(ASHES), SETTLER_BOND / 2);
        vm.assertEq(balance(address(epochs)), 0);
        (, uint128 bond, uint64 leavesAt) = epochs.book(hub, address(token));
        vm.assertEq(bond, 0);
        vm.assertEq(leavesAt, block.timestamp + 4 * W);
        expect(abi.encodeWithSelector(Causes.NoSuchEpoch.selector, hub, address(token), epoch.number));
        settle(epoch, ledger);
        expect(abi.encodeWithSelector(Causes.ContentMismatch.selector));
        carry(epoch, ledger, first);
    }

    function test_shouldPayByDirectWhatAShortfallVoided() public {
        // given: demanded of, so that it is final as late as an epoch can be, and settled when `direct` is open for all
        Ledger memory ledger = overdrawn();
        post(epoch, ledger);
        answer(epoch, ledger, demandOrder(epoch, firstHash()), first, firstRuns);
        toWindow(epoch, 5);
        expect(abi.encodeWithSelector(Causes.OrderInEpoch.selector, firstHash()));
        direct(first, firstRuns);

        // when
        settle(epoch, ledger);

        // then: a window is left, and a builder may release as well
        vm.warp(block.timestamp + W);
        direct(first, firstRuns);
        vm.assertEq(escrow.spent(firstHash()), 2 * PRICE);
        vm.prank(builder);
        escrow.release(
            second, secondRuns[0].assignment, secondRuns[0].hubSignature, aReleaseOf(secondRuns[0], PRICE), unsigned()
        );
        vm.assertEq(balance(parties[0].wallet), PRICE);
    }

    function test_shouldPayWholeWhatTheBondCoversToTheLastUnit() public {
        // given: the bond is one PRICE
        Ledger memory ledger = shortBy(SETTLER_BOND);

        // when
        settle(epoch, ledger);

        // then
        vm.assertEq(balance(parties[0].wallet) + balance(parties[1].wallet), 4 * PRICE);
        (, uint128 bond,) = epochs.book(hub, address(token));
        vm.assertEq(bond, 0);
    }

    function test_shouldVoidWhatLacksOneUnitMoreThanTheBond() public {
        // given
        Ledger memory ledger = shortBy(SETTLER_BOND + 1);

        // when
        settle(epoch, ledger);

        // then
        vm.assertTrue(isState(epoch, IEpochs.State.Nothing));
        vm.assertEq(escrow.allotment(builder, hub, address(token)), 4 * PRICE - SETTLER_BOND - 1);
        vm.assertEq(balance(parties[0].wallet) + balance(parties[1].wallet), 0);
    }

    /// @dev Whatever a builder does between the close of the window and the settling, what it was to pay stays there.
    function test_shouldLeaveNoBuilderAWayToBringAnHonestEpochDown() public {
        // given: an allotment of just what the epoch takes, another hub, and an order of the next window
        vm.startPrank(builder);
        escrow.recall(hub, address(token), ALLOTTED - 4 * PRICE);
        vm.warp(block.timestamp + MAX_ORDER + 9 * W);
        escrow.reclaim(hub, address(token));
        vm.stopPrank();
        (first, second) = (anEpochOrder(1), anEpochOrder(2));
        (first.validAfter, first.deadline) = (uint64(block.timestamp), uint64(block.timestamp) + 2 * W);
        (second.validAfter, second.deadline) = (first.validAfter, first.deadline);
        for (uint256 i = 0; i < 2; ++i) {
            (firstRuns[i], secondRuns[i]) = (aRun(first, i), aRun(second, i));
        }
        epoch = epochOf(first);
        Ledger memory ledger = aLedger();
        post(epoch, ledger);

        // when: it asks all back, releases to a run of the epoch, settles another way, moves it to another hub
        vm.startPrank(builder);
        escrow.recall(hub, address(token), 4 * PRICE);
        (, uint64 from) = escrow.recalled(builder, hub, address(token));
        expect(abi.encodeWithSelector(Causes.StillLocked.selector, from, block.timestamp));
        escrow.reclaim(hub, address(token));
        expect(abi.encodeWithSelector(Causes.OrderInEpoch.selector, firstHash()));
        escrow.release(
            first, firstRuns[0].assignment, firstRuns[0].hubSignature, aReleaseOf(firstRuns[0], PRICE), unsigned()
        );
        vm.stopPrank();
        toWindow(epoch, 3);
        settle(epoch, ledger);

        // then
        vm.assertTrue(from > (uint256(epoch.number) + 4) * W);
        vm.assertEq(balance(parties[0].wallet), 2 * PRICE);
    }

    // ---- the escrow's doors

    function test_shouldLetNobodyElseMoveMoney() public {
        expect(abi.encodeWithSelector(Causes.NotTheEpochs.selector, address(this)));
        escrow.charge(hub, address(token), new Debit[](0), 0);
        expect(abi.encodeWithSelector(Causes.NotTheEpochs.selector, address(this)));
        escrow.move(address(token), builder, address(this), 1);
        expect(abi.encodeWithSelector(Causes.NotTheEpochs.selector, address(this)));
        escrow.carry(firstHash(), firstHash(), address(this), 1);
    }
}
