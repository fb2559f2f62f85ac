// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Evidence} from "../../src/Evidence.sol";
import {Orders} from "../../src/abstracts/Orders.sol";
import {Credit, Debit, Epoch} from "../../src/interfaces/IEpochs.sol";
import {DirectCall, ReleaseCall, Run} from "../../src/interfaces/IEscrow.sol";
import {Line} from "../../src/libraries/Lines.sol";
import {JobOrder, Release} from "../../src/libraries/Messages.sol";
import {Signature} from "../../src/libraries/Signatures.sol";
import {Settling} from "../utils/Settling.sol";

/// @notice What whole transactions cost, with their 21,000 and their calldata, from cold storage: each call is a transaction
/// of its own here. `snapshots/Gas.json` keeps the numbers; README.md holds them against the goals.
/// forge-config: default.isolate = true
contract GasTest is Settling {
    uint256 private constant JOBS = 1000;
    uint256 private constant ACCOUNTS = 10;

    function setUp() public override {
        super.setUp();
        // every page was written before, as in a market that runs
        for (uint256 i = 0; i < parties.length; ++i) {
            fund(parties[i].wallet, PRICE);
        }
    }

    // ---- epochs

    function accounts(uint256 builders, uint256 owners)
        private
        pure
        returns (Debit[] memory debits, Credit[] memory credits)
    {
        (debits, credits) = (new Debit[](builders), new Credit[](owners));
        for (uint256 i = 0; i < builders; ++i) {
            debits[i] = Debit(vmAddress(i), uint32(JOBS / builders), uint128(JOBS * PRICE / builders));
        }
        for (uint256 i = 0; i < owners; ++i) {
            credits[i] = Credit(vmAddress(i), uint128(JOBS * PRICE / owners));
        }
    }

    /// @dev As dense as real ones, ascending.
    function vmAddress(uint256 i) private pure returns (address) {
        return address(uint160((i + 1) << 152) | uint160(uint256(keccak256(abi.encode(i))) >> 104));
    }

    function posted(uint256 builders, uint256 owners, string memory name) private {
        (Debit[] memory debits, Credit[] memory credits) = accounts(builders, owners);
        vm.warp(T0 + 10 * W);
        vm.prank(settler);
        epochs.post(address(token), due(), keccak256("root"), debits, credits);
        vm.snapshotGasLastCall("Gas", name);
    }

    function test_post() public {
        posted(1, 1, "epoch: post, 1 builder and 1 owner");
    }

    function test_postOfManyAccounts() public {
        posted(ACCOUNTS, ACCOUNTS, "epoch: post, 10 builders and 10 owners");
    }

    function test_settle() public {
        // given: builders with allotments, owners who earned before
        (Debit[] memory debits, Credit[] memory credits) = accounts(ACCOUNTS, ACCOUNTS);
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            fund(vmAddress(i), 2 * JOBS * PRICE);
            vm.prank(vmAddress(i));
            escrow.allot(hub, address(token), JOBS * PRICE);
        }
        vm.warp(T0 + 10 * W);
        vm.prank(settler);
        epochs.post(address(token), due(), keccak256("root"), debits, credits);
        Epoch memory epoch = Epoch(hub, address(token), uint32(block.timestamp / W - 1));
        Ledger memory ledger;
        (ledger.accounts.debits, ledger.accounts.credits) = (debits, credits);
        (ledger.content.root, ledger.content.count) = (keccak256("root"), uint32(JOBS));
        ledger.content.accounts = keccak256(abi.encode(debits, credits));
        toWindow(epoch, 3);

        // when
        settle(epoch, ledger);
        vm.snapshotGasLastCall("Gas", "epoch: settle, 10 builders and 10 owners");

        // then
        address owner = vmAddress(3);
        token.mint(owner, 1);
        vm.prank(owner);
        escrow.withdraw(address(token), owner, JOBS * PRICE / ACCOUNTS);
        vm.snapshotGasLastCall("Gas", "epoch: claim");
    }

    function test_answer() public {
        // given: 10,000 lines, two of them this order's
        JobOrder memory order = anEpochOrder(1);
        Run[] memory runs = list(aRun(order, 0), aRun(order, 1));
        Line[] memory lines = new Line[](10_000);
        bool ordered = hashOf(runs[0]) < hashOf(runs[1]);
        for (uint256 i = 0; i < lines.length; ++i) {
            lines[i] = Line(builder, bytes32(i < 6000 ? i : type(uint256).max - 10_000 + i), bytes32(i), hub, 1, 0);
        }
        lines[6000] = aLine(runs[ordered ? 0 : 1], PRICE);
        lines[6001] = aLine(runs[ordered ? 1 : 0], PRICE);
        Ledger memory ledger = ledgerOf(lines);
        Epoch memory epoch = epochOf(order);
        post(epoch, ledger);
        bytes32 what = demandLine(epoch, ledger, 6000);
        vm.snapshotGasLastCall("Gas", "epoch: demand");

        // when
        answer(epoch, ledger, what, order, runs);
        vm.snapshotGasLastCall("Gas", "epoch: answer, quorum of 2 in 10,000 lines");
        toWindow(epoch, 4);
        settle(epoch, ledger);
        carry(epoch, ledger, order);
        vm.snapshotGasLastCall("Gas", "epoch: carry, 2 of 10,000 lines");
    }

    // ---- one job

    function test_release() public {
        Run memory run = aRun(anOrder(), 0);
        Signature memory signature = signed(aReleaseOf(run, PRICE));
        token.mint(parties[0].wallet, 1);
        escrow.release(anOrder(), run.assignment, run.hubSignature, aReleaseOf(run, PRICE), signature);
        vm.snapshotGasLastCall("Gas", "release, one");
    }

    function test_direct() public {
        direct(anOrder(), list(aRun(anOrder(), 0), aRun(anOrder(), 1)));
        vm.snapshotGasLastCall("Gas", "direct, quorum of 2");
    }

    // ---- batches and signatures

    function test_releaseAll() public {
        ReleaseCall[] memory calls = new ReleaseCall[](100);
        JobOrder memory order = anOrder();
        for (uint256 i = 0; i < calls.length; ++i) {
            order.jobId = keccak256(abi.encode(i));
            Run memory run = aRun(order, i % 5);
            Release memory release_ = aReleaseOf(run, PRICE / 10);
            calls[i] = ReleaseCall(order, run.assignment, run.hubSignature, release_, signed(release_));
            order = copyOf(order);
        }
        escrow.releaseAll(calls);
        vm.snapshotGasLastCall("Gas", "releaseAll, 100");
    }

    function test_directAll() public {
        DirectCall[] memory calls = new DirectCall[](10);
        JobOrder memory order = anOrder();
        for (uint256 i = 0; i < calls.length; ++i) {
            order.jobId = keccak256(abi.encode(i));
            calls[i] = DirectCall(order, signed(order), list(aRun(order, 0), aRun(order, 1)), none());
            order = copyOf(order);
        }
        escrow.directAll(calls);
        vm.snapshotGasLastCall("Gas", "directAll, 10 with a quorum of 2");
    }

    function copyOf(JobOrder memory order) private pure returns (JobOrder memory) {
        return abi.decode(abi.encode(order), (JobOrder));
    }

    /// @dev What a further run costs to check: five signatures, and what they sign.
    function test_evidence() public {
        JobOrder memory order = anOrder();
        Run[] memory runs = new Run[](5);
        for (uint256 i = 0; i < 5; ++i) {
            runs[i] = aRun(order, i);
        }
        Signature memory signature = signed(order);
        Run[] memory two = list(runs[0], runs[1]);
        asTransaction(address(evidence), abi.encodeCall(Evidence.weigh, (order, signature, two)));
        vm.snapshotGasLastCall("Gas", "evidence of 2 runs");
        asTransaction(address(evidence), abi.encodeCall(Evidence.weigh, (order, signature, runs)));
        vm.snapshotGasLastCall("Gas", "evidence of 5 runs");
    }

    /// @dev A view's call would be no transaction of its own.
    function asTransaction(address to, bytes memory data) private {
        (bool done,) = to.call(data);
        require(done, "done");
    }

    /// @dev Nothing but signatures: what one more costs.

    function test_signature() public {
        Signatures signatures = new Signatures();
        bytes32 signedHash = keccak256("anything");
        Signature[] memory all = new Signature[](101);
        for (uint256 i = 0; i < all.length; ++i) {
            all[i] = sign(hubKey, signedHash);
        }
        Signature[] memory one = new Signature[](1);
        one[0] = all[0];
        asTransaction(address(signatures), abi.encodeCall(Signatures.check, (signedHash, one, hub)));
        vm.snapshotGasLastCall("Gas", "1 signature, checked");
        asTransaction(address(signatures), abi.encodeCall(Signatures.check, (signedHash, all, hub)));
        vm.snapshotGasLastCall("Gas", "101 signatures, checked");
    }
}

/// @notice Nothing but the check that every signature goes through.
contract Signatures is Orders(1, 1) {
    function check(bytes32 digest_, Signature[] calldata signatures, address by) external view {
        for (uint256 i = 0; i < signatures.length; ++i) {
            require(_signed(digest_, signatures[i], by), "signed");
        }
    }

    function _digest(bytes32 structHash) internal pure override returns (bytes32) {
        return structHash;
    }
}
