// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {DirectCall, ReleaseCall, Run} from "../../../src/interfaces/IEscrow.sol";
import {Causes} from "../../../src/libraries/Causes.sol";
import {JobOrder} from "../../../src/libraries/Messages.sol";
import {Market} from "../../utils/Market.sol";

/// @notice Many orders in one transaction. batches.tree says it in words.
contract BatchesTest is Market {
    JobOrder[3] private orders;

    function setUp() public override {
        super.setUp();
        for (uint256 i = 0; i < 3; ++i) {
            orders[i] = anOrder();
            orders[i].jobId = keccak256(abi.encode("job", i));
        }
    }

    function aReleaseCall(uint256 i) private view returns (ReleaseCall memory) {
        Run memory run = aRun(orders[i], i);
        return ReleaseCall(
            orders[i], run.assignment, run.hubSignature, aReleaseOf(run, PRICE), signed(aReleaseOf(run, PRICE))
        );
    }

    function aDirectCall(uint256 i) private view returns (DirectCall memory) {
        return DirectCall(orders[i], signed(orders[i]), list(aRun(orders[i], 0), aRun(orders[i], 1)), none());
    }

    function test_shouldReleaseMany() public {
        ReleaseCall[] memory calls = new ReleaseCall[](3);
        for (uint256 i = 0; i < 3; ++i) {
            calls[i] = aReleaseCall(i);
        }
        escrow.releaseAll(calls);
        for (uint256 i = 0; i < 3; ++i) {
            vm.assertEq(escrow.balanceOf(parties[i].wallet, address(token)), PRICE);
        }
    }

    /// @dev Anybody may make one call of a batch first.
    function test_shouldPassOverWhatWasReleasedMeanwhile() public {
        // given
        ReleaseCall[] memory calls = new ReleaseCall[](3);
        (calls[0], calls[1], calls[2]) = (aReleaseCall(0), aReleaseCall(1), aReleaseCall(1));
        ReleaseCall memory one = calls[0];
        vm.prank(stranger);
        escrow.release(one.order, one.assignment, one.hubSignature, one.release, one.signature);

        // when
        escrow.releaseAll(calls);

        // then
        vm.assertEq(escrow.balanceOf(parties[0].wallet, address(token)), PRICE);
        vm.assertEq(escrow.balanceOf(parties[1].wallet, address(token)), PRICE);
    }

    function test_shouldCheckWhatABatchPassesOver() public {
        ReleaseCall[] memory calls = new ReleaseCall[](2);
        (calls[0], calls[1]) = (aReleaseCall(0), aReleaseCall(0));
        calls[1].signature = unsigned();
        expect(abi.encodeWithSelector(Causes.ReleaseNotSigned.selector, escrow.hashOrder(orders[0]), builder));
        escrow.releaseAll(calls);
    }

    function test_shouldReleaseAllOrNone() public {
        ReleaseCall[] memory calls = new ReleaseCall[](2);
        (calls[0], calls[1]) = (aReleaseCall(0), aReleaseCall(1));
        calls[1].release.amount = PRICE + 1;
        calls[1].signature = signed(calls[1].release);
        expect(
            abi.encodeWithSelector(
                Causes.AmountAbovePrice.selector, escrow.hashAssignment(calls[1].assignment), PRICE + 1, PRICE
            )
        );
        escrow.releaseAll(calls);
        vm.assertEq(escrow.balanceOf(parties[0].wallet, address(token)), 0);
    }

    function test_shouldCheckEachSignatureOfABatch() public {
        ReleaseCall[] memory calls = new ReleaseCall[](2);
        (calls[0], calls[1]) = (aReleaseCall(0), aReleaseCall(1));
        calls[1].signature = calls[0].signature;
        expect(abi.encodeWithSelector(Causes.ReleaseNotSigned.selector, escrow.hashOrder(orders[1]), builder));
        escrow.releaseAll(calls);
    }

    function test_shouldSettleMany() public {
        DirectCall[] memory calls = new DirectCall[](3);
        for (uint256 i = 0; i < 3; ++i) {
            calls[i] = aDirectCall(i);
        }
        escrow.directAll(calls);
        for (uint256 i = 0; i < 3; ++i) {
            vm.assertEq(escrow.spent(escrow.hashOrder(orders[i])), 2 * PRICE);
        }
    }

    function test_shouldPassOverWhatWasSettledMeanwhile() public {
        // given
        DirectCall[] memory calls = new DirectCall[](3);
        (calls[0], calls[1], calls[2]) = (aDirectCall(0), aDirectCall(1), aDirectCall(1));
        vm.prank(stranger);
        direct(orders[0], calls[0].agreeing);

        // when
        escrow.directAll(calls);

        // then
        vm.assertEq(escrow.spent(escrow.hashOrder(orders[0])), 2 * PRICE);
        vm.assertEq(escrow.spent(escrow.hashOrder(orders[1])), 2 * PRICE);
    }

    function test_shouldSettleAllOrNone() public {
        DirectCall[] memory calls = new DirectCall[](2);
        (calls[0], calls[1]) = (aDirectCall(0), aDirectCall(1));
        calls[1].agreeing[0].hubSignature = calls[0].agreeing[0].hubSignature;
        expect(abi.encodeWithSelector(Causes.HubNotSigned.selector, hashOf(calls[1].agreeing[0]), hub));
        escrow.directAll(calls);
        vm.assertEq(escrow.spent(escrow.hashOrder(orders[0])), 0);
    }

    function test_shouldBurnWhoContradictsInABatch() public {
        DirectCall[] memory calls = new DirectCall[](2);
        (calls[0], calls[1]) = (aDirectCall(0), aDirectCall(1));
        calls[1].contradicting = list(aRun(orders[1], 2, 30, FORGED, OUTPUT));
        escrow.directAll(calls);
        vm.assertTrue(escrow.bondBurned(hashOf(calls[1].contradicting[0])));
    }

    function test_shouldDoNothingForNothing() public {
        escrow.releaseAll(new ReleaseCall[](0));
        escrow.directAll(new DirectCall[](0));
    }
}
