// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Run} from "../../src/interfaces/IEscrow.sol";
import {Causes} from "../../src/libraries/Causes.sol";
import {Acceptance, JobOrder, Receipt, Release} from "../../src/libraries/Messages.sol";
import {Signature} from "../../src/libraries/Signatures.sol";
import {Twisting} from "../utils/Twisting.sol";
import {Encoded} from "../utils/Encoded.sol";

/// @notice The replay matrix: each of the eight signed messages, in each way in which one that was good once could be shown again.
/// Every cell is refused for its own reason, or cannot be; then it says why.
contract ReplayMatrixTest is Twisting {
    enum Message {
        JobOrder,
        Assignment,
        Acceptance,
        SessionKey,
        Commitment,
        Receipt,
        Verdict,
        Release
    }

    enum Way {
        OtherChain,
        OtherContract,
        OtherVersion,
        Used,
        Expired,
        Cancelled,
        HighS,
        ZeroAddress
    }

    JobOrder private order;
    /// @dev the run of owner 0 (for a verdict the verdict of owner 1 upon it) that a cell spoils
    Run private one;
    Run[] private shown;
    Signature private orderSignature;
    Release private releaseOfOne;
    Signature private releaseSignature;

    function setUp() public override {
        super.setUp();
        order = anOrder();
        one = aRun(order, 0);
        orderSignature = signed(order);
        releaseOfOne = aReleaseOf(one, PRICE);
        releaseSignature = signed(releaseOfOne);
    }

    function test_shouldRejectEveryMessageInEveryWay() public {
        uint256 refused = 0;
        uint256 impossible = 0;
        for (uint8 m = 0; m <= uint8(type(Message).max); ++m) {
            for (uint8 w = 0; w <= uint8(type(Way).max); ++w) {
                string memory why = whyNot(Message(m), Way(w));
                if (bytes(why).length > 0) {
                    ++impossible;
                    continue;
                }
                // each cell from the same beginning
                uint256 snapshot = vm.snapshotState();
                bytes4 reason = cell(Message(m), Way(w));
                vm.assertTrue(reason != bytes4(0), string.concat("accepted: ", vm.toString(m), " ", vm.toString(w)));
                vm.assertEq(
                    bytes32(reason),
                    bytes32(reasonOf(Message(m), Way(w))),
                    string.concat("refused for another reason: ", vm.toString(m), " ", vm.toString(w))
                );
                vm.revertToState(snapshot);
                ++refused;
            }
        }
        vm.assertEq(refused, 60);
        vm.assertEq(impossible, 4);
    }

    /// @dev The same calls with nothing spoiled pass: no cell is refused for what the test forgot.
    function test_shouldAcceptEachMessageUnspoiled() public {
        for (uint8 m = 0; m <= uint8(type(Message).max); ++m) {
            uint256 snapshot = vm.snapshotState();
            begin(Message(m));
            vm.assertEq(bytes32(show(Message(m))), bytes32(0), vm.toString(m));
            vm.revertToState(snapshot);
        }
    }

    /// @dev Cells that cannot be, and why.
    function whyNot(Message m, Way w) private pure returns (string memory) {
        if (w == Way.Cancelled) {
            if (m == Message.JobOrder) {
                return "no order can be taken back: what a recall takes is theCancelThatFrontRunsSettlement";
            }
            if (m == Message.Assignment) return "no hub can take an assignment back: its lease ends, which is Expired";
            if (m == Message.Receipt) {
                return "no hub can take a receipt back, so that nobody's evidence hangs on its mood";
            }
        }
        if (w == Way.Expired && m == Message.Acceptance) {
            return "an acceptance has no time of its own: its assignment's and its key's are theirs";
        }
        return "";
    }

    function reasonOf(Message m, Way w) private pure returns (bytes4) {
        if (w == Way.Used) {
            if (m == Message.JobOrder || m == Message.Release) return Causes.NothingToDo.selector;
            if (m == Message.Assignment) return Causes.OwnerTwice.selector;
            if (m == Message.SessionKey) return Causes.KeyAlreadyRecorded.selector;
        }
        if (w == Way.Expired) {
            if (m == Message.Assignment || m == Message.Receipt) return Causes.ReceiptLate.selector;
            if (m == Message.SessionKey) return Causes.KeyNotInForce.selector;
            if (m == Message.Commitment) return Causes.CommitmentRecordedLate.selector;
            return Causes.OrderOver.selector;
        }
        if (w == Way.Cancelled) return m == Message.Release ? Causes.NothingToDo.selector : Causes.KeyRevoked.selector;
        if (w == Way.ZeroAddress) {
            if (m == Message.SessionKey) return Causes.ProviderNotOwned.selector;
            if (m == Message.JobOrder || m == Message.Release || m == Message.Assignment || m == Message.Receipt) {
                return Causes.ZeroAddress.selector;
            }
            // nobody can have accepted, which is asked before what nobody committed to or found
            return Causes.AcceptanceNotSigned.selector;
        }
        if (m == Message.JobOrder) return Causes.OrderNotSigned.selector;
        if (m == Message.Assignment) return Causes.HubNotSigned.selector;
        if (m == Message.Acceptance) return Causes.AcceptanceNotSigned.selector;
        if (m == Message.SessionKey) return Causes.KeyNotSigned.selector;
        if (m == Message.Commitment) return Causes.CommitmentNotSigned.selector;
        if (m == Message.Receipt) return Causes.ReceiptNotSigned.selector;
        return m == Message.Verdict ? Causes.VerdictNotSigned.selector : Causes.ReleaseNotSigned.selector;
    }

    // ---- a cell

    function begin(Message m) private {
        delete shown;
        if (m == Message.Verdict) {
            shown.push(one);
            shown.push(aVerdict(order, 1, one));
            shown.push(aVerdict(order, 2, one));
        } else {
            shown.push(one);
            shown.push(aRun(order, 1));
        }
    }

    /// @return reason 0 when it was accepted
    function cell(Message m, Way w) private returns (bytes4 reason) {
        begin(m);
        if (w == Way.OtherChain) spoil(m, 0);
        else if (w == Way.OtherContract) spoil(m, 1);
        else if (w == Way.OtherVersion) spoil(m, 2);
        else if (w == Way.HighS) spoil(m, 4);
        else if (w == Way.Used) return used(m);
        else if (w == Way.Expired) expire(m);
        else if (w == Way.Cancelled) cancel(m);
        else return byNobody(m);
        return show(m);
    }

    /// @dev Signed rightly but for one thing.
    function spoil(Message m, uint256 way) private {
        Run storage run = shown[m == Message.Verdict ? 1 : 0];
        bytes32 hash = hashOf(run);
        uint256 party = m == Message.Verdict ? 1 : 0;
        if (m == Message.JobOrder) orderSignature = twisted(builderKey, Encoded.hash(order), way);
        if (m == Message.Release) releaseSignature = twisted(builderKey, Encoded.hash(releaseOfOne), way);
        if (m == Message.Assignment) run.hubSignature = twisted(hubKey, Encoded.hash(run.assignment), way);
        if (m == Message.SessionKey) run.keySignature = twisted(parties[0].walletKey, Encoded.hash(run.key), way);
        if (m == Message.Acceptance) {
            run.acceptanceSignature = twisted(parties[0].sessionKey, Encoded.hash(Acceptance(hash)), way);
        }
        if (m == Message.Commitment) {
            run.commitmentSignature = twisted(parties[0].sessionKey, Encoded.hash(commitment(run)), way);
        }
        if (m == Message.Receipt) {
            run.receiptSignature =
                twisted(hubKey, Encoded.hash(Receipt(commitmentOf(run), run.receivedAt, run.drawBlock)), way);
        }
        if (m == Message.Verdict) {
            run.commitmentSignature = twisted(parties[party].sessionKey, Encoded.hash(verdictOf(run, one)), way);
        }
    }

    /// @dev A second time, or for another than it was signed for.
    function used(Message m) private returns (bytes4) {
        Run storage run = shown[m == Message.Verdict ? 1 : 0];
        Run memory other = aRun(order, 2);
        if (m == Message.JobOrder || m == Message.Release) show(m);
        if (m == Message.Assignment) shown.push(one);
        if (m == Message.Acceptance) (run.acceptanceSignature) = other.acceptanceSignature;
        if (m == Message.Commitment) (run.commitmentSignature) = other.commitmentSignature;
        if (m == Message.Receipt) {
            (run.receiptSignature, run.receivedAt, run.drawBlock) =
            (other.receiptSignature, other.receivedAt, other.drawBlock);
        }
        if (m == Message.Verdict) run.commitmentSignature = aVerdict(order, 1, other).commitmentSignature;
        if (m != Message.SessionKey) return show(m);
        registry.recordKey(run.key, run.keySignature);
        try registry.recordKey(run.key, run.keySignature) {
            return 0;
        } catch (bytes memory reason) {
            return bytes4(reason);
        }
    }

    function expire(Message m) private {
        Run storage run = shown[0];
        if (m == Message.JobOrder || m == Message.Release || m == Message.Verdict) {
            vm.warp(order.deadline + 6 * W + 1);
        } else if (m == Message.SessionKey) {
            run.key.expiresAt = run.assignment.issuedAt - 1;
            signAgain(0, 0);
        } else if (m == Message.Commitment) {
            vm.warp(order.deadline + 1);
            escrow.recordCommitment(commitment(run));
            shown[0] = withoutReceipt(run);
        } else {
            run.receivedAt = run.assignment.leaseUntil + 1;
            signAgain(0, 0);
        }
    }

    /// @dev Keys by a revocation that stands when the assignment is issued; a release by a newer one.
    function cancel(Message m) private {
        if (m == Message.Release) {
            show(m);
            releaseOfOne.amount = PRICE / 2;
            releaseSignature = signed(releaseOfOne);
            return;
        }
        uint256 party = m == Message.Verdict ? 1 : 0;
        vm.prank(parties[party].wallet);
        registry.revokeKey(parties[party].provider, 1);
    }

    /// @dev A signature that recovers to nobody, where nobody is who should have signed.
    function byNobody(Message m) private returns (bytes4) {
        Signature memory nothing = Signature(0, bytes32(uint256(1) << 255));
        Run storage run = shown[m == Message.Verdict ? 1 : 0];
        if (m == Message.JobOrder || m == Message.Release) {
            order.builder = address(0);
            (orderSignature, releaseSignature) = (nothing, nothing);
        } else if (m == Message.Assignment || m == Message.Receipt) {
            order.hub = address(0);
            (run.hubSignature, run.receiptSignature) = (nothing, nothing);
        } else if (m == Message.SessionKey) {
            (run.assignment.owner, run.key.owner) = (address(0), address(0));
            (run.assignment.provider, run.key.provider) = (bytes32("nobody's"), bytes32("nobody's"));
            signAgain(0, 0);
            run.keySignature = nothing;
        } else {
            // the owner says that nobody is its key
            uint256 party = m == Message.Verdict ? 1 : 0;
            run.key.key = address(0);
            signAgain(party, party);
            (run.acceptanceSignature, run.commitmentSignature) = (nothing, nothing);
        }
        return show(m);
    }

    function signAgain(uint256 place, uint256 party) private {
        Run memory run = shown[place];
        signRun(run, party);
        shown[place] = run;
    }

    function show(Message m) private returns (bytes4) {
        if (m == Message.Release) {
            try escrow.release(order, one.assignment, one.hubSignature, releaseOfOne, releaseSignature) {
                return 0;
            } catch (bytes memory reason) {
                return bytes4(reason);
            }
        }
        try escrow.direct(order, orderSignature, shown, none()) {
            return 0;
        } catch (bytes memory reason) {
            return bytes4(reason);
        }
    }
}
