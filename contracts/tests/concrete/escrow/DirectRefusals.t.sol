// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Opening, Run} from "../../../src/interfaces/IEscrow.sol";
import {Causes} from "../../../src/libraries/Causes.sol";
import {Assignment, JobOrder} from "../../../src/libraries/Messages.sol";
import {Signature} from "../../../src/libraries/Signatures.sol";
import {Market} from "../../utils/Market.sol";
import {Encoded} from "../../utils/Encoded.sol";

/// @notice Everything that is no proof. Each test changes one thing in a call that would otherwise pay.
contract DirectRefusalsTest is Market {
    JobOrder private order;

    function setUp() public override {
        super.setUp();
        order = anOrder();
    }

    /// @dev Shows `bad` beside a good run of another owner.
    function refuses(Run memory bad, bytes memory reason) private {
        Run memory good = aRun(order, 1);
        expect(reason);
        this.show(order, list(bad, good));
        // and: state is as it was
        vm.assertEq(escrow.spent(escrow.hashOrder(order)), 0);
    }

    /// @dev One frame more, so that the expected revert is the call's and not the signer's.
    function show(JobOrder memory order_, Run[] memory runs) external {
        escrow.direct(order_, signed(order_), runs, none());
    }

    // ---- the order

    function test_shouldRefuseAnOrderThatItsBuilderDidNotSign() public {
        bytes32 orderHash = escrow.hashOrder(order);
        Run[] memory runs = list(aRun(order, 0), aRun(order, 1));
        Signature[4] memory bad =
            [signedBy(hubKey, order), unsigned(), highS(signed(order)), otherParity(signed(order))];
        for (uint256 i = 0; i < bad.length; ++i) {
            expect(abi.encodeWithSelector(Causes.OrderNotSigned.selector, orderHash, builder));
            escrow.direct(order, bad[i], runs, none());
        }
    }

    function test_shouldRefuseAnOrderWithoutQuorum() public {
        order.quorum = 0;
        refuses(aRun(order, 0), abi.encodeWithSelector(Causes.QuorumZero.selector, escrow.hashOrder(order)));
    }

    function test_shouldRefuseAnOrderOfNobodyOrForNoHub() public {
        order.builder = address(0);
        refuses(aRun(order, 0), abi.encodeWithSelector(Causes.ZeroAddress.selector));
        order.builder = builder;
        order.hub = address(0);
        refuses(aRun(order, 0), abi.encodeWithSelector(Causes.ZeroAddress.selector));
    }

    function test_shouldRefuseAnOrderNotYetValid() public {
        order.validAfter = T0 + 1;
        refuses(aRun(order, 0), abi.encodeWithSelector(Causes.OrderNotYetValid.selector, T0 + 1, T0));
    }

    function test_shouldRefuseAnOrderThatLivesTooLongOrBackwards() public {
        order.deadline = T0 + MAX_ORDER + 1;
        refuses(aRun(order, 0), abi.encodeWithSelector(Causes.OrderTooLong.selector, T0, T0 + MAX_ORDER + 1, MAX_ORDER));
        order.deadline = T0 - 1;
        refuses(aRun(order, 0), abi.encodeWithSelector(Causes.OrderTooLong.selector, T0, T0 - 1, MAX_ORDER));
    }

    // ---- the assignment

    function test_shouldRefuseAnAuditor() public {
        Run memory bad = aRun(order, 0);
        bad.assignment.role = 1;
        signRun(bad, 0);
        refuses(bad, abi.encodeWithSelector(Causes.RoleNotPaid.selector, hashOf(bad), 1));
    }

    function test_shouldRefuseBordersOutOfRange() public {
        // from, border, to
        uint32[3][4] memory bad = [[uint32(10), 10, 30], [uint32(10), 9, 30], [uint32(0), 21, 20], [uint32(0), 30, 31]];
        for (uint256 i = 0; i < bad.length; ++i) {
            Assignment memory assignment = anAssignment(order, 0);
            (assignment.fromBorder, assignment.toBorder) = (bad[i][0], bad[i][2]);
            Run memory run = aRun(assignment, 0, anOpening(bad[i][1], ROOT, OUTPUT));
            Assignment memory same = anAssignment(order, 1);
            (same.fromBorder, same.toBorder) = (bad[i][0], bad[i][2]);
            expect(
                abi.encodeWithSelector(
                    Causes.BordersOutOfRange.selector, hashOf(run), bad[i][0], bad[i][1], bad[i][2], 30
                )
            );
            this.show(order, list(run, aRun(same, 1, anOpening(bad[i][1], ROOT, OUTPUT))));
        }
    }

    function test_shouldRefuseAPartOfAJobWithoutSegments() public {
        order.segments = 0;
        Assignment memory assignment = anAssignment(order, 0);
        assignment.toBorder = 1;
        Run memory run = aRun(assignment, 0, Opening(0, 0, 0, OUTPUT, "salt"));
        expect(abi.encodeWithSelector(Causes.BordersOutOfRange.selector, hashOf(run), 0, 0, 1, 0));
        this.show(order, list(run));

        // and: it cannot be resumed
        assignment.fromBorder = 1;
        run = aRun(assignment, 0, Opening(1, 0, 0, OUTPUT, "salt"));
        expect(abi.encodeWithSelector(Causes.BordersOutOfRange.selector, hashOf(run), 1, 1, 1, 0));
        this.show(order, list(run));
    }

    function test_shouldRefuseLeavesWhereThereAreNoneAndNoneWhereThereAre() public {
        Run memory bad = aRun(anAssignment(order, 0), 0, Opening(30, ROOT, 0, OUTPUT, "salt"));
        refuses(bad, abi.encodeWithSelector(Causes.LeavesOutOfPlace.selector, hashOf(bad), 30, ROOT, 0));
        order.segments = 0;
        bad = aRun(anAssignment(order, 0), 0, Opening(0, 0, 1, OUTPUT, "salt"));
        expect(abi.encodeWithSelector(Causes.LeavesOutOfPlace.selector, hashOf(bad), 0, 0, 1));
        this.show(order, list(bad));
        bad = aRun(anAssignment(order, 0), 0, Opening(0, ROOT, 0, OUTPUT, "salt"));
        expect(abi.encodeWithSelector(Causes.LeavesOutOfPlace.selector, hashOf(bad), 0, ROOT, 0));
        this.show(order, list(bad));
    }

    function test_shouldRefuseALeaseOutOfOrder() public {
        uint64[2][3] memory bad = [[T0 - 1, T0 + W], [T0 + 2, T0 + 1], [T0, order.deadline + 1]];
        for (uint256 i = 0; i < bad.length; ++i) {
            Assignment memory assignment = anAssignment(order, 0);
            (assignment.issuedAt, assignment.leaseUntil) = (bad[i][0], bad[i][1]);
            Run memory run = aRun(assignment, 0, anOpening(30, ROOT, OUTPUT));
            refuses(
                run,
                abi.encodeWithSelector(
                    Causes.LeaseOutOfOrder.selector, hashOf(run), bad[i][0], bad[i][1], order.validAfter, order.deadline
                )
            );
        }
    }

    function test_shouldRefuseAnAssignmentOfAnotherOrder() public {
        JobOrder memory other = anOrder();
        other.jobId = keccak256("another job");
        Run memory bad = aRun(other, 0);
        refuses(
            bad, abi.encodeWithSelector(Causes.OrderMismatch.selector, escrow.hashOrder(order), escrow.hashOrder(other))
        );
    }

    function test_shouldRefuseAnAssignmentThatTheHubDidNotSign() public {
        Run memory bad = aRun(order, 0);
        bytes32 assignmentHash = hashOf(bad);
        Signature[3] memory signatures =
            [sign(builderKey, assignmentHash), highS(sign(hubKey, assignmentHash)), unsigned()];
        for (uint256 i = 0; i < signatures.length; ++i) {
            bad.hubSignature = signatures[i];
            refuses(bad, abi.encodeWithSelector(Causes.HubNotSigned.selector, assignmentHash, hub));
        }
    }

    // ---- the provider and its key

    function test_shouldRefuseAProviderThatIsNotTheOwners() public {
        Assignment memory assignment = anAssignment(order, 0);
        assignment.provider = parties[2].provider;
        Run memory bad = aRun(assignment, 0, anOpening(30, ROOT, OUTPUT));
        bad.key.provider = parties[2].provider;
        signRun(bad, 0);
        refuses(
            bad,
            abi.encodeWithSelector(
                Causes.ProviderNotOwned.selector, parties[2].provider, parties[0].wallet, parties[2].wallet
            )
        );

        // and: one that nobody registered
        bad.assignment.provider = keccak256("nobody's");
        bad.key.provider = keccak256("nobody's");
        signRun(bad, 0);
        refuses(
            bad,
            abi.encodeWithSelector(
                Causes.ProviderNotOwned.selector, keccak256("nobody's"), parties[0].wallet, address(0)
            )
        );
    }

    function test_shouldRefuseAKeyOfAnotherOwnerProviderOrHub() public {
        for (uint256 i = 0; i < 3; ++i) {
            Run memory bad = aRun(order, 0);
            if (i == 0) bad.key.owner = parties[2].wallet;
            if (i == 1) bad.key.provider = parties[2].provider;
            if (i == 2) bad.key.hub = stranger;
            signRun(bad, 0);
            refuses(bad, abi.encodeWithSelector(Causes.KeyMismatch.selector, hashOf(bad)));
        }
    }

    function test_shouldRefuseAKeyNotInForceAtTheAssignment() public {
        Run memory bad = aRun(order, 0);
        (bad.key.notBefore, bad.key.expiresAt) = (T0 + 1, T0 + 9);
        signRun(bad, 0);
        refuses(bad, abi.encodeWithSelector(Causes.KeyNotInForce.selector, hashOf(bad), T0 + 1, T0, T0 + 9));
        (bad.key.notBefore, bad.key.expiresAt) = (T0 - 9, T0 - 1);
        signRun(bad, 0);
        refuses(bad, abi.encodeWithSelector(Causes.KeyNotInForce.selector, hashOf(bad), T0 - 9, T0, T0 - 1));
    }

    function test_shouldRefuseAKeyRevokedBeforeTheAssignment() public {
        Run memory bad = aRun(order, 0);
        vm.prank(parties[0].wallet);
        registry.revokeKey(bad.key.provider, bad.key.serial);
        refuses(bad, abi.encodeWithSelector(Causes.KeyRevoked.selector, bad.key.provider, 1, T0, T0));
    }

    function test_shouldRefuseAKeyThatItsOwnerDidNotSign() public {
        Run memory bad = aRun(order, 0);
        bytes32 keyHash = digest(Encoded.hash(bad.key));
        Signature[3] memory signatures =
            [sign(parties[2].walletKey, keyHash), highS(sign(parties[0].walletKey, keyHash)), unsigned()];
        for (uint256 i = 0; i < signatures.length; ++i) {
            bad.keySignature = signatures[i];
            refuses(bad, abi.encodeWithSelector(Causes.KeyNotSigned.selector, keyHash, parties[0].wallet));
        }
    }

    function test_shouldRefuseWithoutAcceptance() public {
        Run memory bad = aRun(order, 0);
        Signature[2] memory signatures = [aRun(order, 2).acceptanceSignature, highS(bad.acceptanceSignature)];
        for (uint256 i = 0; i < signatures.length; ++i) {
            bad.acceptanceSignature = signatures[i];
            refuses(bad, abi.encodeWithSelector(Causes.AcceptanceNotSigned.selector, hashOf(bad), parties[0].session));
        }
    }

    // ---- the commitment and its time

    function test_shouldRefuseAnOpeningOtherThanTheSealed() public {
        for (uint256 i = 0; i < 5; ++i) {
            Run memory bad = aRun(order, 0);
            if (i == 0) bad.opening.root = FORGED;
            if (i == 1) bad.opening.outputDigest = FORGED;
            if (i == 2) bad.opening.salt = FORGED;
            if (i == 3) bad.opening.leafCount = 31;
            if (i == 4) bad.commitmentSignature = highS(bad.commitmentSignature);
            bytes32 seal = commitment(bad).seal;
            refuses(
                bad, abi.encodeWithSelector(Causes.CommitmentNotSigned.selector, hashOf(bad), seal, parties[0].session)
            );
        }
    }

    function test_shouldRefuseAReceiptThatTheHubDidNotSign() public {
        Run memory bad = aRun(order, 0);
        Signature[3] memory signatures =
            [aRun(order, 2).receiptSignature, highS(bad.receiptSignature), bad.commitmentSignature];
        for (uint256 i = 0; i < signatures.length; ++i) {
            bad.receiptSignature = signatures[i];
            refuses(bad, abi.encodeWithSelector(Causes.ReceiptNotSigned.selector, commitmentOf(bad), hub));
        }
        bad = aRun(order, 0);
        bad.drawBlock = 8;
        refuses(bad, abi.encodeWithSelector(Causes.ReceiptNotSigned.selector, commitmentOf(bad), hub));
    }

    function test_shouldRefuseAReceiptLaterThanTheLease() public {
        Run memory bad = aRun(order, 0);
        bad.receivedAt = bad.assignment.leaseUntil + 1;
        signRun(bad, 0);
        refuses(
            bad,
            abi.encodeWithSelector(
                Causes.ReceiptLate.selector, commitmentOf(bad), T0 + W + 1, bad.assignment.leaseUntil
            )
        );
    }

    function test_shouldRefuseARecordedCommitmentUntilTheDeadline() public {
        Run memory bad = withoutReceipt(aRun(order, 0));
        escrow.recordCommitment(commitment(bad));
        vm.warp(order.deadline);
        refuses(bad, abi.encodeWithSelector(Causes.ReceiptMissing.selector, commitmentOf(bad), order.deadline));
    }

    function test_shouldRefuseACommitmentRecordedLateOrNever() public {
        Run memory bad = withoutReceipt(aRun(order, 0));
        vm.warp(order.deadline + 1);
        refuses(bad, abi.encodeWithSelector(Causes.CommitmentNotRecorded.selector, commitmentOf(bad)));
        escrow.recordCommitment(commitment(bad));
        refuses(
            bad,
            abi.encodeWithSelector(
                Causes.CommitmentRecordedLate.selector, commitmentOf(bad), order.deadline + 1, order.deadline
            )
        );
    }

    // ---- the quorum

    function test_shouldRefuseFewerThanTheQuorum() public {
        Run[] memory one = list(aRun(order, 0));
        expect(abi.encodeWithSelector(Causes.QuorumNotReached.selector, escrow.hashOrder(order), 2, 1));
        this.show(order, one);
    }

    function test_shouldRefuseAnEmptyCall() public {
        expect(abi.encodeWithSelector(Causes.NothingToDo.selector, escrow.hashOrder(order)));
        this.show(order, none());
    }

    function test_shouldRefuseAnswersThatDiffer() public {
        Run memory forgedRoot = aRun(order, 1, 30, FORGED, OUTPUT);
        Run memory forgedOutput = aRun(order, 1, 30, ROOT, FORGED);
        Run memory good = aRun(order, 0);
        expect(abi.encodeWithSelector(Causes.AnswersDiffer.selector, hashOf(forgedRoot)));
        this.show(order, list(good, forgedRoot));
        expect(abi.encodeWithSelector(Causes.AnswersDiffer.selector, hashOf(forgedOutput)));
        this.show(order, list(good, forgedOutput));
    }

    function test_shouldRefuseRunsOfDifferentBorders() public {
        Run memory shorter = aRun(order, 1, 29, ROOT, OUTPUT);
        Run[] memory runs = list(aRun(order, 0), shorter);
        expect(abi.encodeWithSelector(Causes.AnswersDiffer.selector, hashOf(shorter)));
        this.show(order, runs);
    }

    function test_shouldRefuseAnotherAnswerThanTheOneAgreed() public {
        this.show(order, list(aRun(order, 0), aRun(order, 1)));
        Run[] memory others = list(aRun(order, 2, 30, FORGED, OUTPUT), aRun(order, 3, 30, FORGED, OUTPUT));
        bytes32 stands = keccak256(abi.encode(ROOT, OUTPUT));
        expect(abi.encodeWithSelector(Causes.AnswerAlreadyAgreed.selector, escrow.hashOrder(order), 0, 30, stands));
        this.show(order, others);
    }
}
