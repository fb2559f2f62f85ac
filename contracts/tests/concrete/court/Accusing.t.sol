// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

import {Leaf} from "../../../src/interfaces/ICourt.sol";
import {Run} from "../../../src/interfaces/IEscrow.sol";
import {Causes} from "../../../src/libraries/Causes.sol";
import {Assignment} from "../../../src/libraries/Messages.sol";
import {Signature} from "../../../src/libraries/Signatures.sol";
import {Disputing} from "../../utils/Disputing.sol";

/// @notice Who can be accused of what, and until when. procedure.tree says it in words.
contract AccusingTest is Disputing {
    // ---- accusing

    function refuses(Run memory run, uint32 border, Leaf memory prior, Leaf memory leaf, bytes memory reason) private {
        refuses(run, border, prior, leaf, trueLeaf(), reason);
    }

    function refuses(
        Run memory run,
        uint32 border,
        Leaf memory prior,
        Leaf memory leaf,
        bytes32 claimed,
        bytes memory reason
    ) private {
        Signature memory signature = signed(order);
        expect(reason);
        vm.prank(accuser);
        court.accuse(order, signature, list(run), border, prior, leaf, claimed);
    }

    function test_shouldNotBlameASuccessorForAForgedPrefix() public {
        // given: it started at border 2, whatever was before
        Assignment memory assignment = anAssignment(order, 2);
        assignment.fromBorder = 2;
        Run memory successor = aTreeRun(assignment, 2, true);

        // when, then: not for the border it was given, and not for those before
        bytes memory reason = abi.encodeWithSelector(Causes.BorderNotAnsweredFor.selector, hashOf(successor), 2);
        refuses(successor, 2, shownLeaf(1, true), shownLeaf(2, true), reason);
    }

    function test_shouldRefuseABorderBeyondTheOpening() public {
        bytes memory reason = abi.encodeWithSelector(Causes.BorderNotAnsweredFor.selector, hashOf(forged), 4);
        refuses(forged, 4, shownLeaf(1, true), shownLeaf(2, true), reason);
        reason = abi.encodeWithSelector(Causes.BorderNotAnsweredFor.selector, hashOf(forged), 0);
        refuses(forged, 0, shownLeaf(1, true), shownLeaf(2, true), reason);
    }

    function test_shouldRefuseLeavesThatAreNotTheRuns() public {
        bytes32 root = forged.opening.root;
        bytes32 orderHash = forged.assignment.orderHash;
        bytes memory reason = abi.encodeWithSelector(Causes.LeafNotProven.selector, trueLeaf(), root);
        refuses(forged, 2, shownLeaf(1, true), shownLeaf(2, false), reason);
        // a leaf in another's place
        Leaf memory moved = shownLeaf(2, true);
        bytes32 wrong = wrongBorder(orderHash, moved);
        reason = abi.encodeWithSelector(Causes.LeafNotProven.selector, wrong, root);
        refuses(forged, 2, moved, shownLeaf(2, true), reason);
    }

    function wrongBorder(bytes32 orderHash, Leaf memory leaf) private view returns (bytes32) {
        return this.leafAt(orderHash, 1, leaf);
    }

    function leafAt(bytes32 orderHash, uint32 border, Leaf memory leaf) external pure returns (bytes32) {
        return keccak256(
            bytes.concat(
                keccak256(
                    abi.encode(
                        orderHash,
                        border,
                        leaf.checkpoint.adapter,
                        leaf.checkpoint.optimizer,
                        leaf.checkpoint.state,
                        leaf.checkpoint.metrics
                    )
                )
            )
        );
    }

    // ---- the first segment of a tree as agents make it: the leaves after the run's fromBorder

    function test_shouldHearTheFirstSegmentOfATreeThatHasNoLeafBeforeIt() public {
        // given
        Run memory run = aRunFrom(0);
        bytes32 orderHash = run.assignment.orderHash;
        Leaf memory none;

        // when
        accuse(run, 1, none, firstLeaf(orderHash), trueLeaf());

        // then: judges go by the spec
        vm.assertEq(dispute.priorLeaf, 0);
        vm.assertEq(dispute.accusedLeaf, leafOf(orderHash, 1, true));
        draw();
        vote(5, trueLeaf(), 0);
        court.close(id, dispute);
        vm.assertTrue(escrow.condemned(hashOf(run)));
    }

    function test_shouldRefuseTheFirstSegmentOfASuccessor() public {
        // given: it went on from border 1, which is not in its tree
        Run memory run = aRunFrom(1);
        bytes32 prior = leafOf(run.assignment.orderHash, 1, true);
        Leaf memory leaf;
        leaf.checkpoint = aCheckpoint(2, true);
        leaf.proof = new bytes32[](1);
        leaf.proof[0] = leafOf(run.assignment.orderHash, 3, true);

        // when, then
        bytes memory reason = abi.encodeWithSelector(Causes.LeafNotProven.selector, prior, run.opening.root);
        refuses(run, 2, shownLeaf(1, true), leaf, reason);
    }

    function aRunFrom(uint32 border) private view returns (Run memory run) {
        Assignment memory assignment = anAssignment(order, 0);
        assignment.secretHash = keccak256(abi.encode(SECRET));
        assignment.fromBorder = border;
        bytes32 root = pairOf(assignment.orderHash, 2, true);
        if (border == 0) root = Hashes.commutativeKeccak256(leafOf(assignment.orderHash, 1, true), root);
        run = aRun(assignment, 0, anOpening(3, root, OUTPUT));
        run.opening.leafCount = 3 - border;
        signRun(run, 0);
    }

    function firstLeaf(bytes32 orderHash) private pure returns (Leaf memory leaf) {
        leaf.checkpoint = aCheckpoint(1, true);
        leaf.proof = new bytes32[](1);
        leaf.proof[0] = pairOf(orderHash, 2, true);
    }

    function test_shouldRefuseToClaimTheLeafItAccusesOrNone() public {
        refuses(
            forged,
            2,
            shownLeaf(1, true),
            shownLeaf(2, true),
            forgedLeaf(),
            abi.encodeWithSelector(Causes.NoFault.selector)
        );
        refuses(forged, 2, shownLeaf(1, true), shownLeaf(2, true), 0, abi.encodeWithSelector(Causes.NoFault.selector));
    }

    function test_shouldHearOneCaseAboutASegmentAtATime() public {
        accuse();
        bytes32 segment = keccak256(abi.encode(leafOf(forged.assignment.orderHash, 1, true), forgedLeaf()));
        bytes memory reason = abi.encodeWithSelector(Causes.JudgedAlready.selector, hashOf(forged), segment);
        refuses(forged, 2, shownLeaf(1, true), shownLeaf(2, true), reason);
        // another segment is another case
        accuse(forged, 3, shownLeaf(2, true), shownLeaf(3, true), trueLeaf());
    }

    function test_shouldNeedTheBond() public {
        Signature memory signature = signed(order);
        vm.expectRevert();
        vm.prank(stranger);
        court.accuse(order, signature, list(forged), 2, shownLeaf(1, true), shownLeaf(2, true), trueLeaf());
    }

    // ---- until when

    /// @dev Whoever settles at the last second leaves a court its time: what ripens in a window or two is still there to freeze.
    function test_shouldHearForTwoWindowsOfWhatWasSettledAtTheLastSecond() public {
        // given
        vm.warp(order.deadline + 6 * W);
        paidForgery();
        vm.warp(order.deadline + 7 * W - 1);
        (,, uint256 matured, uint256 maturing,) = escrow.credit(hashOf(forged));
        vm.assertEq(matured, 0);
        vm.assertEq(maturing, PRICE);

        // when
        accuse();

        // then
        vm.assertTrue(escrow.frozen(hashOf(forged)));
    }

    function test_shouldHearUntilEightWindowsAfterTheDeadline() public {
        uint256 endsAt = order.deadline + 8 * W;
        vm.warp(endsAt + 1);
        Signature memory signature = signed(order);
        bytes32 orderHash = forged.assignment.orderHash;
        expect(abi.encodeWithSelector(Causes.OrderOver.selector, orderHash, endsAt, endsAt + 1));
        vm.prank(accuser);
        court.accuse(order, signature, list(forged), 2, shownLeaf(1, true), shownLeaf(2, true), trueLeaf());
        vm.warp(endsAt);
        accuse();
        vm.assertTrue(escrow.frozen(hashOf(forged)));
    }

    /// @dev A stake asked back when the order ran cannot leave before the court stops hearing of it.
    function test_shouldFindTheStakeThatWasAskedBackUnderTheOrder() public {
        // given
        vm.warp(order.validAfter);
        vm.prank(parties[0].wallet);
        registry.unstake(STAKE);
        (, uint64 leaves) = registry.unbonding(parties[0].wallet);
        vm.assertTrue(leaves > uint256(order.validAfter) + MAX_ORDER + 8 * W);
        vm.warp(order.deadline + 8 * W);

        // when
        accuse();

        // then: it waits for the verdict, however long that takes
        vm.warp(leaves);
        expect(abi.encodeWithSelector(Causes.StakeHeld.selector, parties[0].wallet, 1));
        vm.prank(parties[0].wallet);
        registry.withdrawStake(parties[0].wallet);
    }
}
