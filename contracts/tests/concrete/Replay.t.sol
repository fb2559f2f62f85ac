// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Escrow} from "../../src/Escrow.sol";
import {Run} from "../../src/interfaces/IEscrow.sol";
import {Causes} from "../../src/libraries/Causes.sol";
import {Acceptance, Assignment, JobOrder, Receipt, Release, SessionKey} from "../../src/libraries/Messages.sol";
import {Signature} from "../../src/libraries/Signatures.sol";
import {Twisting} from "../utils/Twisting.sol";
import {Encoded} from "../utils/Encoded.sol";

/// @notice The replay matrix: every message that the contracts read, signed rightly but for another chain, escrow, domain
/// version or name, with a high s, by the zero address, or in the form of another message. None may count.
contract ReplayTest is Twisting {
    JobOrder private order;

    function setUp() public override {
        super.setUp();
        order = anOrder();
    }

    function test_shouldRejectEveryTwistedJobOrder() public {
        Run[] memory runs = list(aRun(order, 0), aRun(order, 1));
        for (uint256 way = 0; way < WAYS; ++way) {
            Signature memory signature = twisted(builderKey, Encoded.hash(order), way);
            expect(abi.encodeWithSelector(Causes.OrderNotSigned.selector, runs[0].assignment.orderHash, builder));
            escrow.direct(order, signature, runs, none());
        }
    }

    function test_shouldRejectEveryTwistedAssignment() public {
        for (uint256 way = 0; way < WAYS; ++way) {
            Run memory bad = aRun(order, 0);
            bad.hubSignature = twisted(hubKey, Encoded.hash(bad.assignment), way);
            refuses(bad, abi.encodeWithSelector(Causes.HubNotSigned.selector, hashOf(bad), hub));
        }
    }

    function test_shouldRejectEveryTwistedSessionKey() public {
        for (uint256 way = 0; way < WAYS; ++way) {
            Run memory bad = aRun(order, 0);
            bytes32 keyHash = digest(Encoded.hash(bad.key));
            bad.keySignature = twisted(parties[0].walletKey, Encoded.hash(bad.key), way);
            refuses(bad, abi.encodeWithSelector(Causes.KeyNotSigned.selector, keyHash, parties[0].wallet));
            expect(abi.encodeWithSelector(Causes.KeyNotSigned.selector, keyHash, parties[0].wallet));
            registry.recordKey(bad.key, bad.keySignature);
        }
    }

    function test_shouldRejectEveryTwistedAcceptance() public {
        for (uint256 way = 0; way < WAYS; ++way) {
            Run memory bad = aRun(order, 0);
            bad.acceptanceSignature = twisted(parties[0].sessionKey, Encoded.hash(Acceptance(hashOf(bad))), way);
            refuses(bad, abi.encodeWithSelector(Causes.AcceptanceNotSigned.selector, hashOf(bad), parties[0].session));
        }
    }

    function test_shouldRejectEveryTwistedCommitment() public {
        for (uint256 way = 0; way < WAYS; ++way) {
            Run memory bad = aRun(order, 0);
            bad.commitmentSignature = twisted(parties[0].sessionKey, Encoded.hash(commitment(bad)), way);
            refuses(
                bad,
                abi.encodeWithSelector(
                    Causes.CommitmentNotSigned.selector, hashOf(bad), commitment(bad).seal, parties[0].session
                )
            );
        }
    }

    function test_shouldRejectEveryTwistedReceipt() public {
        for (uint256 way = 0; way < WAYS; ++way) {
            Run memory bad = aRun(order, 0);
            bytes32 commitmentHash = commitmentOf(bad);
            bad.receiptSignature = twisted(hubKey, Encoded.hash(Receipt(commitmentHash, T0, 7)), way);
            refuses(bad, abi.encodeWithSelector(Causes.ReceiptNotSigned.selector, commitmentHash, hub));
        }
    }

    function test_shouldRejectEveryTwistedVerdict() public {
        Run memory run = aRun(order, 0);
        Signature memory signature = signed(order);
        for (uint256 way = 0; way < WAYS; ++way) {
            Run memory bad = aVerdict(order, 1, run);
            bad.commitmentSignature = twisted(parties[1].sessionKey, Encoded.hash(verdictOf(bad, run)), way);
            Run[] memory shown = list(run, bad, aVerdict(order, 2, run));
            expect(
                abi.encodeWithSelector(
                    Causes.VerdictNotSigned.selector, hashOf(bad), commitmentOf(run), parties[1].session
                )
            );
            escrow.direct(order, signature, shown, none());
        }
    }

    function test_shouldRejectEveryTwistedRelease() public {
        Assignment memory assignment = anAssignment(order, 0);
        bytes32 assignmentHash = escrow.hashAssignment(assignment);
        Signature memory hubSignature = sign(hubKey, assignmentHash);
        Release memory release_ = Release(assignment.orderHash, assignmentHash, parties[0].wallet, PRICE);
        for (uint256 way = 0; way < WAYS; ++way) {
            Signature memory signature = twisted(builderKey, Encoded.hash(release_), way);
            expect(abi.encodeWithSelector(Causes.ReleaseNotSigned.selector, assignment.orderHash, builder));
            escrow.release(order, assignment, hubSignature, release_, signature);
        }
    }

    function test_shouldRejectOneMessageInTheFormOfAnother() public {
        // an acceptance's signature is no commitment's, a receipt's no assignment's, and so on round
        Run memory bad = aRun(order, 0);
        Signature memory acceptance = bad.acceptanceSignature;
        bad.acceptanceSignature = bad.commitmentSignature;
        refuses(bad, abi.encodeWithSelector(Causes.AcceptanceNotSigned.selector, hashOf(bad), parties[0].session));
        bad = aRun(order, 0);
        bad.commitmentSignature = acceptance;
        refuses(
            bad,
            abi.encodeWithSelector(
                Causes.CommitmentNotSigned.selector, hashOf(bad), commitment(bad).seal, parties[0].session
            )
        );
        bad = aRun(order, 0);
        (bad.hubSignature, bad.receiptSignature) = (bad.receiptSignature, bad.hubSignature);
        refuses(bad, abi.encodeWithSelector(Causes.HubNotSigned.selector, hashOf(bad), hub));
    }

    function test_shouldRejectAKeyForAnotherHub() public {
        Run memory bad = aRun(order, 0);
        bad.key.hub = stranger;
        signRun(bad, 0);
        refuses(bad, abi.encodeWithSelector(Causes.KeyMismatch.selector, hashOf(bad)));
    }

    function test_shouldRejectAnOrderUsedAlready() public {
        Run[] memory runs = list(aRun(order, 0), aRun(order, 1));
        direct(order, runs);
        expect(abi.encodeWithSelector(Causes.NothingToDo.selector, runs[0].assignment.orderHash));
        direct(order, runs);
    }

    function test_shouldRejectEverythingAtAnotherEscrow() public {
        // given: a second escrow with the same parties, and money in it
        Run[] memory runs = list(aRun(order, 0), aRun(order, 1));
        Signature memory signature = signed(order);
        Escrow other = anEscrow(address(token), W, MAX_ORDER);
        bytes32 otherHash = other.hashOrder(order);
        vm.assertTrue(otherHash != runs[0].assignment.orderHash);

        // when, then
        expect(abi.encodeWithSelector(Causes.OrderNotSigned.selector, otherHash, builder));
        other.direct(order, signature, runs, none());
    }

    function test_shouldRejectEverythingAfterTheChainSplits() public {
        // given
        Run[] memory runs = list(aRun(order, 0), aRun(order, 1));
        Signature memory signature = signed(order);
        vm.chainId(31338);
        bytes32 hereHash = escrow.hashOrder(order);

        // when, then: the domain is computed at use
        expect(abi.encodeWithSelector(Causes.OrderNotSigned.selector, hereHash, builder));
        escrow.direct(order, signature, runs, none());
        SessionKey memory key = runs[0].key;
        bytes32 keyHash = registry.hashSessionKey(key);
        expect(abi.encodeWithSelector(Causes.KeyNotSigned.selector, keyHash, parties[0].wallet));
        registry.recordKey(key, runs[0].keySignature);
    }

    function refuses(Run memory bad, bytes memory reason) private {
        Run[] memory runs = list(bad, aRun(order, 1));
        Signature memory signature = signed(order);
        expect(reason);
        escrow.direct(order, signature, runs, none());
    }
}
