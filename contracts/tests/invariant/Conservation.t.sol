// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Epochs} from "../../src/Epochs.sol";
import {Escrow} from "../../src/Escrow.sol";
import {ProviderRegistry} from "../../src/ProviderRegistry.sol";
import {TestToken} from "../../src/TestToken.sol";
import {Vm} from "../utils/Vm.sol";
import {EpochHandler} from "./EpochHandler.sol";
import {Handler} from "./Handler.sol";

/// @notice One campaign, all invariants. README.md beside this says them in words; the numbers are its numbers.
contract ConservationTest {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    EpochHandler private handler;
    TestToken private token;
    Escrow private escrow;
    ProviderRegistry private registry;
    Epochs private epochs;

    function setUp() public {
        handler = new EpochHandler();
        handler.setUp();
        (address t, address e, address r) = handler.contracts();
        (token, escrow, registry) = (TestToken(t), Escrow(e), ProviderRegistry(r));
        epochs = Epochs(escrow.epochs());
    }

    function targetContracts() public view returns (address[] memory all) {
        all = new address[](1);
        all[0] = address(handler);
    }

    /// @dev What happens often is listed often.
    function targetSelectors() public view returns (FuzzSelector[] memory all) {
        bytes4[28] memory often = [
            Handler.deposit.selector,
            Handler.withdraw.selector,
            Handler.allot.selector,
            Handler.recall.selector,
            Handler.reclaim.selector,
            Handler.order.selector,
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
            Handler.pass.selector,
            Handler.pass.selector,
            EpochHandler.post.selector,
            EpochHandler.post.selector,
            EpochHandler.answer.selector,
            EpochHandler.answer.selector,
            EpochHandler.lapse.selector,
            EpochHandler.settle.selector,
            EpochHandler.settle.selector,
            EpochHandler.carry.selector,
            EpochHandler.reopen.selector
        ];
        all = new FuzzSelector[](1);
        all[0].addr = address(handler);
        all[0].selectors = new bytes4[](often.length);
        for (uint256 i = 0; i < often.length; ++i) {
            all[0].selectors[i] = often[i];
        }
    }

    function invariant_allPropertiesHold() public view {
        _money();
        _orders();
        _people();
    }

    function afterInvariant() public {
        // 14
        handler.goHome();
        vm.assertEq(
            token.balanceOf(address(escrow)),
            escrow.balanceOf(address(0xdEaD), address(token)),
            "14: money sticks in the escrow"
        );
        vm.assertEq(token.balanceOf(address(registry)), 0, "14: stake sticks in the registry");
    }

    function _money() private view {
        uint256 credits = _credits();
        uint256 held = credits + handler.ownersFree() + handler.othersFree();
        for (uint256 b = 0; b < 2; ++b) {
            address builder = handler.builderAt(b);
            held += escrow.balanceOf(builder, address(token));
            for (uint256 h = 0; h < 2; ++h) {
                (uint256 pending,) = escrow.recalled(builder, handler.hubAt(h), address(token));
                held += pending + escrow.allotment(builder, handler.hubAt(h), address(token));
            }
        }
        vm.assertEq(token.balanceOf(address(escrow)), held, "1: the escrow's books");
        uint256 stakes = 0;
        uint256 outside = token.balanceOf(address(0xdEaD));
        for (uint256 i = 0; i < 5; ++i) {
            address owner = handler.ownerAt(i);
            (uint256 pending,) = registry.unbonding(owner);
            stakes += registry.stakeOf(owner) + pending;
            outside += token.balanceOf(owner);
        }
        vm.assertEq(token.balanceOf(address(registry)), stakes, "2: the registry's books");
        (uint256 settlerBonds, uint256 demands) = handler.heldByEpochs();
        vm.assertEq(
            escrow.balanceOf(address(epochs), address(token)), settlerBonds + demands * 10_000, "15: the epochs' books"
        );
        vm.assertEq(
            handler.epochCredited(), handler.epochCharged() + handler.epochCovered(), "16: debits equal credits"
        );
        vm.assertEq(handler.falseAnswers() + handler.falseSettlements(), 0, "17: something false was paid");
        outside += token.balanceOf(handler.builderAt(0)) + token.balanceOf(handler.builderAt(1));
        vm.assertEq(handler.minted(), outside + held + stakes, "3: nothing made or lost");
        vm.assertEq(handler.reserved(), handler.collected() + credits, "7: reserved = collected + waiting");
    }

    function _credits() private view returns (uint256 all) {
        for (uint256 o = 0; o < handler.orderCount(); ++o) {
            for (uint256 i = 0; i < 5; ++i) {
                (bytes32 assignmentHash,) = handler.assignmentAt(o, i);
                (,, uint256 matured, uint256 maturing,) = escrow.credit(assignmentHash);
                all += matured + maturing;
            }
        }
    }

    function _orders() private view {
        uint256 all = 0;
        for (uint256 o = 0; o < handler.orderCount(); ++o) {
            (bytes32 orderHash, uint256 maxPayment) = handler.orderAt(o);
            uint256 sum = 0;
            uint256 byEpoch = 0;
            for (uint256 i = 0; i < 5; ++i) {
                (bytes32 assignmentHash, uint256 price) = handler.assignmentAt(o, i);
                uint256 paid = escrow.paid(orderHash, assignmentHash);
                uint256 more = handler.carried(o) ? 0 : handler.epochPaid(o, i);
                vm.assertLe(paid + more, price, "5: never above the price");
                (sum, byEpoch) = (sum + paid, byEpoch + more);
            }
            vm.assertEq(escrow.spent(orderHash), sum, "4: cost = paid");
            vm.assertLe(sum + byEpoch, maxPayment, "4: never above the maximum");
            all += sum;
        }
        vm.assertEq(
            all, handler.reserved() + handler.released() + handler.carriedAmount(), "6: all that was drawn was paid"
        );
        vm.assertEq(handler.fell(), 0, "8: something paid fell");
        vm.assertEq(handler.changed(), 0, "9: something agreed changed");
    }

    function _people() private view {
        for (uint256 b = 0; b < 2; ++b) {
            vm.assertEq(
                escrow.balanceOf(handler.builderAt(b), address(token)),
                handler.freeBalance(b),
                "13: a free balance moved by itself"
            );
        }
        for (uint256 i = 0; i < 4; ++i) {
            (uint256 pending,) = registry.unbonding(handler.ownerAt(i));
            vm.assertEq(
                registry.stakeOf(handler.ownerAt(i)) + pending, handler.staked(i), "12: an honest owner lost stake"
            );
        }
        uint256 bonds = 0;
        for (uint256 o = 0; o < handler.orderCount(); ++o) {
            (bytes32 assignmentHash,) = handler.assignmentAt(o, 4);
            if (escrow.bondBurned(assignmentHash)) bonds += handler.bond();
        }
        vm.assertLe(token.balanceOf(address(0xdEaD)), bonds, "11: more burned than was named");
    }
}
