// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

import {Checkpoint, Leaf} from "../../../src/interfaces/ICourt.sol";
import {Run} from "../../../src/interfaces/IEscrow.sol";
import {Causes} from "../../../src/libraries/Causes.sol";
import {Assignment, Messages} from "../../../src/libraries/Messages.sol";
import {Signature} from "../../../src/libraries/Signatures.sol";
import {Disputing} from "../../utils/Disputing.sol";

/// @notice Frauds that prove themselves and need no judges. frauds.tree says it in words.
contract FraudsTest is Disputing {
    function proves(Run memory one, Run memory other) private {
        Signature memory signature = signed(order);
        vm.prank(accuser);
        court.proveTwoOpenings(order, signature, list(one), list(other));
    }

    function refuses(Run[] memory one, Run[] memory other, bytes memory reason) private {
        Signature memory signature = signed(order);
        expect(reason);
        court.proveTwoOpenings(order, signature, one, other);
    }

    function test_shouldSlashTwoOpeningsOfOneAssignmentAndBorder() public {
        // given: one was paid already
        paidForgery();
        uint256 before = escrow.balanceOf(builder, address(token));

        // when
        proves(forged, aTreeRun(0, false));

        // then: what an accusation costs to who showed it, the rest to nobody, the pay back to the builder
        vm.assertEq(court.owed(builder), 0);
        vm.assertEq(court.owed(accuser), court.accuserBond());
        vm.assertEq(court.owed(ASHES), BOND - court.accuserBond());
        vm.assertEq(registry.stakeOf(parties[0].wallet), STAKE - BOND);
        vm.assertEq(escrow.balanceOf(builder, address(token)), before + PRICE);
        vm.assertEq(token.balanceOf(address(court)), JUDGES * TICKET + BOND);
    }

    function test_shouldSlashOnce() public {
        proves(forged, aTreeRun(0, false));
        refuses(
            list(forged),
            list(aTreeRun(0, false)),
            abi.encodeWithSelector(Causes.CondemnedAlready.selector, hashOf(forged))
        );
        Signature memory signature = signed(order);
        expect(abi.encodeWithSelector(Causes.CondemnedAlready.selector, hashOf(forged)));
        vm.prank(accuser);
        court.accuse(order, signature, list(forged), 2, shownLeaf(1, true), shownLeaf(2, true), trueLeaf());
    }

    function test_shouldTakeNoBondThatDirectHasBurned() public {
        // given: a quorum of others says something else
        escrow.direct(order, signed(order), list(aTreeRun(1, false), aTreeRun(2, false)), list(forged));
        vm.assertEq(registry.stakeOf(parties[0].wallet), STAKE - BOND);

        // when
        proves(forged, aTreeRun(0, false));

        // then: it earns nothing more, and nobody is rewarded for what is gone
        vm.assertTrue(escrow.condemned(hashOf(forged)));
        vm.assertEq(registry.stakeOf(parties[0].wallet), STAKE - BOND);
        vm.assertEq(court.owed(builder) + court.owed(accuser) + court.owed(ASHES), 0);
    }

    function test_shouldBurnNoBondThatTheCourtHasTaken() public {
        // given
        proves(forged, aTreeRun(0, false));

        // when
        escrow.direct(order, signed(order), list(aTreeRun(1, false), aTreeRun(2, false)), list(forged));

        // then
        vm.assertEq(registry.stakeOf(parties[0].wallet), STAKE - BOND);
        vm.assertFalse(escrow.bondBurned(hashOf(forged)));
    }

    function test_shouldSlashOnceThoughACaseIsOpenToo() public {
        // given
        accuse();
        draw();
        proves(forged, aTreeRun(0, false));
        vote(5, trueLeaf(), 0);

        // when
        court.close(id, dispute);

        // then
        vm.assertEq(registry.stakeOf(parties[0].wallet), STAKE - BOND);
        vm.assertEq(court.owed(builder), 0);
        vm.assertEq(court.owed(accuser), 2 * court.accuserBond() - 5 * FEE);
    }

    function test_shouldGiveNoMoreThanAQuarterForASmallBond() public {
        // given
        Assignment memory assignment = anAssignment(order, 0);
        assignment.bond = 4_000;

        // when
        proves(aTreeRun(assignment, 0, true), aTreeRun(assignment, 0, false));

        // then
        vm.assertEq(court.owed(accuser), 1_000);
        vm.assertEq(court.owed(ASHES), 3_000);
    }

    /// @dev Its own builder, its own hub, its own finder: no way out past the time a stake takes.
    function test_theOwnerThatProvesItsOwnFraudToHaveItsStakeAtOnce() public {
        // given: a case is coming, and the whole stake is the bond
        Assignment memory assignment = anAssignment(order, 0);
        assignment.bond = STAKE;

        // when
        proves(aTreeRun(assignment, 0, true), aTreeRun(assignment, 0, false));

        // then
        vm.assertEq(registry.stakeOf(parties[0].wallet), 0);
        vm.assertEq(court.owed(builder) + court.owed(accuser), court.accuserBond());
        vm.assertEq(court.owed(ASHES), STAKE - court.accuserBond());
    }

    function test_shouldFindNoFaultInTheSameOpeningOthersOrOtherBorders() public {
        bytes memory reason = abi.encodeWithSelector(Causes.NoFault.selector);
        refuses(list(forged), list(forged), reason);
        refuses(list(forged), list(aTreeRun(1, false)), reason);
        Run memory prefix = aTreeRun(0, false);
        prefix.opening.border = 2;
        signRun(prefix, 0);
        refuses(list(forged), list(prefix), reason);
        refuses(none(), list(forged), reason);
        refuses(list(forged), none(), reason);
        refuses(list(forged), list(aTreeRun(0, false), aTreeRun(0, false)), reason);
        refuses(list(forged, forged), list(forged), reason);
    }

    function test_shouldTakeNoOpeningThatWasNotSigned() public {
        Run memory invented = aTreeRun(0, false);
        invented.commitmentSignature = sign(parties[1].sessionKey, commitmentOf(invented));
        refuses(
            list(forged),
            list(invented),
            abi.encodeWithSelector(
                Causes.CommitmentNotSigned.selector, hashOf(invented), commitment(invented).seal, parties[0].session
            )
        );
    }

    // ---- two leaves of one border

    function twoFaced() private view returns (Run memory run, Leaf memory one, Leaf memory other) {
        bytes32 orderHash = forged.assignment.orderHash;
        (one.checkpoint, other.checkpoint) = (aCheckpoint(2, false), aCheckpoint(2, true));
        (one.proof, other.proof) = (new bytes32[](1), new bytes32[](1));
        (one.proof[0], other.proof[0]) = (leafAt(orderHash, other.checkpoint), leafAt(orderHash, one.checkpoint));
        run = forged;
        run.opening.root = Hashes.commutativeKeccak256(one.proof[0], other.proof[0]);
        signRun(run, 0);
    }

    function leafAt(bytes32 orderHash, Checkpoint memory c) private pure returns (bytes32) {
        return Messages.leaf(orderHash, 2, c.adapter, c.optimizer, c.state, c.metrics);
    }

    function test_shouldSlashTwoLeavesOfOneBorder() public {
        (Run memory run, Leaf memory one, Leaf memory other) = twoFaced();
        Signature memory signature = signed(order);
        vm.prank(accuser);
        court.proveTwoLeaves(order, signature, list(run), 2, one, other);
        vm.assertEq(registry.stakeOf(parties[0].wallet), STAKE - BOND);
        vm.assertEq(court.owed(ASHES), BOND - court.accuserBond());
    }

    function test_shouldFindNoFaultInOneLeafTwiceOrALeafElsewhere() public {
        (Run memory run, Leaf memory one,) = twoFaced();
        Signature memory signature = signed(order);
        expect(abi.encodeWithSelector(Causes.NoFault.selector));
        court.proveTwoLeaves(order, signature, list(run), 2, one, one);
        bytes32 root = run.opening.root;
        Leaf memory elsewhere = shownLeaf(1, true);
        expect(
            abi.encodeWithSelector(
                Causes.LeafNotProven.selector, leafAt(forged.assignment.orderHash, elsewhere.checkpoint), root
            )
        );
        court.proveTwoLeaves(order, signature, list(run), 2, one, elsewhere);
    }
}
