// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Court} from "../../src/Court.sol";
import {Epochs} from "../../src/Epochs.sol";
import {Escrow} from "../../src/Escrow.sol";
import {ProviderRegistry} from "../../src/ProviderRegistry.sol";
import {TestToken} from "../../src/TestToken.sol";
import {Vm} from "../utils/Vm.sol";
import {CourtHandler} from "./CourtHandler.sol";
import {EpochHandler} from "./EpochHandler.sol";
import {Handler} from "./Handler.sol";
import {HostileHandler} from "./HostileHandler.sol";

/// @notice One campaign, all invariants. README.md beside this says them in words; the numbers are its numbers.
contract ConservationTest {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    address private constant ASHES = address(0xdEaD);
    uint256 private constant TICKET = 50_000;

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    HostileHandler private handler;
    TestToken private token;
    Escrow private escrow;
    ProviderRegistry private registry;
    Epochs private epochs;
    Court private court;

    function setUp() public {
        handler = new HostileHandler();
        handler.setUp();
        (address t, address e, address r, address c) = handler.contracts();
        (token, escrow, registry, court) = (TestToken(t), Escrow(e), ProviderRegistry(r), Court(c));
        epochs = Epochs(escrow.epochs());
    }

    function targetContracts() public view returns (address[] memory all) {
        all = new address[](1);
        all[0] = address(handler);
    }

    /// @dev What happens often is listed often.
    function targetSelectors() public view returns (FuzzSelector[] memory all) {
        bytes4[55] memory often = [
            Handler.deposit.selector,
            Handler.withdraw.selector,
            Handler.allot.selector,
            Handler.allot.selector,
            Handler.recall.selector,
            Handler.reclaim.selector,
            Handler.order.selector,
            Handler.order.selector,
            Handler.approve.selector,
            Handler.flip.selector,
            Handler.release.selector,
            Handler.direct.selector,
            Handler.direct.selector,
            Handler.direct.selector,
            Handler.open.selector,
            Handler.open.selector,
            Handler.recordCommitment.selector,
            Handler.collect.selector,
            Handler.stake.selector,
            Handler.unstake.selector,
            Handler.withdrawStake.selector,
            Handler.revokeKey.selector,
            Handler.recordKey.selector,
            Handler.pass.selector,
            EpochHandler.post.selector,
            EpochHandler.post.selector,
            EpochHandler.answer.selector,
            EpochHandler.answer.selector,
            EpochHandler.lapse.selector,
            EpochHandler.settle.selector,
            EpochHandler.settle.selector,
            EpochHandler.carry.selector,
            EpochHandler.reopen.selector,
            CourtHandler.enlist.selector,
            CourtHandler.delist.selector,
            CourtHandler.redeem.selector,
            CourtHandler.peek.selector,
            CourtHandler.renew.selector,
            CourtHandler.gather.selector,
            CourtHandler.takeOwed.selector,
            CourtHandler.accuse.selector,
            CourtHandler.accuse.selector,
            CourtHandler.judge.selector,
            CourtHandler.judge.selector,
            CourtHandler.close.selector,
            CourtHandler.proveTwoOpenings.selector,
            HostileHandler.arm.selector,
            HostileHandler.moodyDeposit.selector,
            HostileHandler.moodyStake.selector,
            HostileHandler.moodyEnlist.selector,
            HostileHandler.moodyCollect.selector,
            HostileHandler.moodyWithdraw.selector,
            HostileHandler.moodyWithdrawStake.selector,
            HostileHandler.moodyTakeOwed.selector,
            HostileHandler.trespass.selector
        ];
        all = new FuzzSelector[](1);
        all[0].addr = address(handler);
        all[0].selectors = new bytes4[](often.length);
        for (uint256 i = 0; i < often.length; ++i) {
            all[0].selectors[i] = often[i];
        }
    }

    function invariant_allPropertiesHold() public view {
        // what the handlers saw themselves, call by call
        vm.assertEq(handler.broken(), "");
        vm.assertEq(handler.entered(), 0, "40: somebody came in while money moved");
        _money();
        _orders();
        _people();
    }

    function afterInvariant() public {
        handler.goHome();
        vm.assertEq(handler.broken(), "");
        vm.assertEq(
            token.balanceOf(address(escrow)), escrow.balanceOf(ASHES, address(token)), "14: money sticks in the escrow"
        );
        vm.assertEq(token.balanceOf(address(registry)), 0, "14: stake sticks in the registry");
        vm.assertEq(token.balanceOf(address(court)), court.owed(ASHES), "14: money sticks in the court");
        (, uint256 outside) = handler.receiverHas();
        outside += handler.outside() + handler.feesTaken() + court.owed(ASHES) + escrow.balanceOf(ASHES, address(token));
        vm.assertEq(handler.minted(), outside, "14: not everything went home");
    }

    function _money() private view {
        uint256 credits = _credits();
        (uint256 inside, uint256 outside) = handler.receiverHas();
        uint256 held = credits + handler.ownersFree() + handler.othersFree() + inside;
        for (uint256 b = 0; b < 2; ++b) {
            address builder = handler.builderAt(b);
            uint256 free = escrow.balanceOf(builder, address(token));
            vm.assertEq(free, handler.free(builder), "13: a free balance moved by itself");
            held += free;
            for (uint256 h = 0; h < 2; ++h) {
                (uint256 pending,) = escrow.recalled(builder, handler.hubAt(h), address(token));
                held += pending + escrow.allotment(builder, handler.hubAt(h), address(token));
            }
        }
        vm.assertEq(token.balanceOf(address(escrow)), held, "1: the escrow's books");
        uint256 stakes = 0;
        for (uint256 i = 0; i < 5; ++i) {
            address owner = handler.ownerAt(i);
            (uint256 pending,) = registry.unbonding(owner);
            pending += registry.stakeOf(owner);
            vm.assertEq(pending, handler.staked(i), "12: an owner's stake moved by itself");
            stakes += pending;
        }
        vm.assertEq(token.balanceOf(address(registry)), stakes, "2: the registry's books");
        uint256 judged = handler.owedInAll() + handler.pots() + handler.tickets() * TICKET;
        vm.assertEq(token.balanceOf(address(court)), judged, "3: the court's books");
        outside += handler.outside() + handler.feesTaken();
        vm.assertEq(handler.minted(), outside + held + stakes + judged, "4: nothing made or lost");
        (uint256 settlerBonds, uint256 demandBonds) = handler.heldByEpochs();
        vm.assertEq(
            escrow.balanceOf(address(epochs), address(token)), settlerBonds + demandBonds, "5: the epochs' books"
        );
        vm.assertEq(handler.epochCredited(), handler.epochCharged() + handler.epochCovered(), "6: debits equal credits");
        vm.assertEq(
            handler.ownersFree(),
            handler.epochCredited() + handler.released(),
            "6: owners have what they were paid, nothing else"
        );
        vm.assertEq(inside, handler.SAVED(), "6: a payee has nothing inside but its own");
        vm.assertEq(
            handler.reserved(), handler.collected() + credits + handler.returned(), "7: reserved = collected + waiting"
        );
    }

    function _credits() private view returns (uint256 all) {
        for (uint256 o = 0; o < handler.orderCount(); ++o) {
            for (uint256 i = 0; i < 5; ++i) {
                (,, uint256 matured, uint256 maturing,) = escrow.credit(handler.assignmentAt(o, i));
                all += matured + maturing;
            }
        }
    }

    function _orders() private view {
        uint256 all = 0;
        for (uint256 o = 0; o < handler.orderCount(); ++o) {
            uint256 spent = escrow.spent(handler.orderHashAt(o));
            vm.assertEq(spent, handler.lastSpent(o), "11: an order cost something without a call about it");
            all += spent;
        }
        vm.assertEq(
            all, handler.reserved() + handler.released() + handler.carriedAmount(), "8: all that was drawn was paid"
        );
    }

    function _people() private view {
        for (uint256 i = 0; i < 5; ++i) {
            vm.assertEq(
                registry.disputes(handler.ownerAt(i)), handler.casesAgainst(i), "39: a stake is held while a case runs"
            );
        }
        for (uint256 o = 0; o < handler.orderCount(); ++o) {
            for (uint256 i = 0; i < 5; ++i) {
                bytes32 hash = handler.assignmentAt(o, i);
                vm.assertTrue(i == 4 || !escrow.condemned(hash), "30: an honest run was condemned");
                vm.assertTrue(
                    escrow.frozen(hash) == (handler.openCases(hash) > 0), "39: a credit is frozen while a case runs"
                );
            }
        }
        vm.assertEq(token.balanceOf(ASHES), handler.burned(), "23: burned is what runs were burned for");
    }
}
