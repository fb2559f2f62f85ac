// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Run} from "../../src/interfaces/IEscrow.sol";
import {Assignment, JobOrder, Release, SessionKey} from "../../src/libraries/Messages.sol";
import {Signature} from "../../src/libraries/Signatures.sol";
import {FlippingWallet} from "../utils/Wallets.sol";
import {Parts} from "./Parts.sol";
import {Encoded} from "../utils/Encoded.sol";

/// @notice Does at random what builders, hubs, owners and strangers can do, and remembers what it should come to.
/// A call that the contracts refuse changes nothing here either. The second builder is a contract that flips.
contract Handler is Parts {
    // ---- ghosts: what the books should say
    uint256 public collected;
    uint256 public burned;
    uint256 public slashed;
    uint256[5] public staked;
    FlippingWallet internal wallet;
    bytes32[] internal recorded;
    bytes32[] internal keys;
    /// @dev By burning and by verdicts together.
    mapping(bytes32 assignmentHash => uint256) internal bondTaken;

    function setUp() public virtual override {
        super.setUp();
        minted = FUNDS + parties.length * STAKE;
        wallet = new FlippingWallet();
        builders = [builder, address(wallet)];
        hubKeys = [hubKey, uint256(keccak256("another hub"))];
        hubs = [hub, vm.addr(hubKeys[1])];
        free[builder] = FUNDS - ALLOTTED;
        for (uint256 i = 0; i < parties.length; ++i) {
            staked[i] = STAKE;
        }
    }

    // ---- builders

    function deposit(uint256 who, uint256 amount) external {
        address by = builders[who % 2];
        amount = bound(amount, 1, 5 * PRICE);
        give(by, amount);
        vm.startPrank(by);
        token.approve(address(escrow), amount);
        escrow.deposit(address(token), amount);
        vm.stopPrank();
        free[by] += amount;
    }

    function withdraw(uint256 who, uint256 amount) external {
        address by = builders[who % 2];
        amount = bound(amount, 1, free[by] + 1);
        vm.prank(by);
        escrow.withdraw(address(token), by, amount);
        free[by] -= amount;
    }

    function allot(uint256 who, uint256 toHub, uint256 amount) external {
        address by = builders[who % 2];
        amount = bound(amount, 1, free[by] + 1);
        vm.prank(by);
        escrow.allot(hubs[toHub % 2], address(token), amount);
        free[by] -= amount;
    }

    function recall(uint256 who, uint256 fromHub, uint256 amount) external {
        address by = builders[who % 2];
        address from = hubs[fromHub % 2];
        amount = bound(amount, 1, escrow.allotment(by, from, address(token)) + 1);
        vm.prank(by);
        escrow.recall(from, address(token), amount);
    }

    function reclaim(uint256 who, uint256 fromHub) external {
        address by = builders[who % 2];
        (, uint64 from) = escrow.recalled(by, hubs[fromHub % 2], address(token));
        vm.prank(by);
        uint256 amount = escrow.reclaim(hubs[fromHub % 2], address(token));
        free[by] += amount;
        needs(block.timestamp >= from, "24: an allotment left before its time");
    }

    function order(uint256 who, uint256 atHub, uint256 shape, uint256 maxPayment, uint256 price) external {
        if (orders.length == MAX_ORDERS) return;
        (who, atHub) = (who % 2, atHub % 2);
        uint256 number = orders.length;
        JobOrder memory its = newOrder(who, atHub, shape, bound(maxPayment, 1, 6 * PRICE));
        orders.push(its);
        orderHashes.push(digest(Encoded.hash(its)));
        // the wallet signs nothing: it approves on chain, sooner or later
        orderSignatures.push(who == 0 ? sign(builderKey, orderHashes[number]) : unsigned());
        for (uint256 i = 0; i < parties.length; ++i) {
            prices[number][i] = bound(uint256(keccak256(abi.encode(price, i))), 0, 2 * PRICE);
            serials[number][i] = serialOf[i];
            assignmentHashes[number][i] = digest(Encoded.hash(assignmentOf(number, i)));
        }
        if (who == 1 && shape >> 255 == 1) approve(number);
    }

    function approve(uint256 which) public {
        if (orders.length == 0) return;
        which %= orders.length;
        vm.prank(orders[which].builder);
        escrow.approveOrder(orders[which]);
        look(which);
    }

    /// @dev The wallet says the contrary from now on, and plain accounts become wallets that say so too (EIP-7702).
    function flip(uint256 who) external {
        wallet.flip();
        if (who % 4 == 0) vm.etch(parties[(who >> 8) % parties.length].wallet, address(wallet).code);
        if (who % 4 == 1) vm.etch(hubs[(who >> 8) % 2], address(wallet).code);
        if (who % 4 == 2) vm.etch(builders[0], address(wallet).code);
    }

    function release(uint256 which, uint256 party, uint256 amount) external {
        if (orders.length == 0) return;
        (which, party) = (which % orders.length, party % parties.length);
        JobOrder memory order_ = orders[which];
        Assignment memory assignment = assignmentOf(which, party);
        bytes32 assignmentHash = assignmentHashes[which][party];
        uint256 before = escrow.paid(assignment.orderHash, assignmentHash);
        amount = bound(amount, 0, assignment.price);
        Release memory release_ = Release(assignment.orderHash, assignmentHash, assignment.owner, amount);
        Signature memory hubSignature = sign(hubKeyOf(order_.hub), assignmentHash);
        vm.prank(order_.builder);
        escrow.release(order_, assignment, hubSignature, release_, unsigned());
        released += amount - before;
        look(which);
    }

    // ---- runs

    /// @dev Up to five runs, each true or (the forger's) false, by receipt or by record, of some border.
    function direct(uint256 which, uint256 mask, uint256 border, bool showForged) external {
        if (orders.length == 0) return;
        which %= orders.length;
        uint32 b = borderOf(which, border);
        uint256 count = 0;
        for (uint256 i = 0; i < FORGER; ++i) {
            if ((mask >> i) & 1 == 1) ++count;
        }
        Run[] memory agreeing = new Run[](count);
        for (uint256 i = 0; i < FORGER; ++i) {
            if ((mask >> i) & 1 == 1) agreeing[--count] = runOf(which, i, b, false);
        }
        Run[] memory contradicting = new Run[](showForged ? 1 : 0);
        if (showForged) contradicting[0] = runOf(which, FORGER, b, true);
        uint256 before = escrow.spent(orderHashes[which]);
        uint256 ashes = token.balanceOf(ASHES);
        escrow.direct(orders[which], orderSignatures[which], agreeing, contradicting);
        reserved += escrow.spent(orderHashes[which]) - before;
        counted(which, token.balanceOf(ASHES) - ashes);
        look(which);
    }

    function counted(uint256 which, uint256 more) private {
        burned += more;
        staked[FORGER] -= more;
        bondLost(which, FORGER, more);
    }

    function bondLost(uint256 which, uint256 party, uint256 more) internal {
        bytes32 hash = assignmentHashes[which][party];
        bondTaken[hash] += more;
        needs(bondTaken[hash] <= BOND, "23: an assignment cost more than the bond it named");
    }

    function open(uint256 which, uint256 party, uint256 border) external {
        if (orders.length == 0) return;
        (which, party) = (which % orders.length, party % parties.length);
        Run memory run = runOf(which, party, borderOf(which, border), party == FORGER);
        uint256 before = escrow.spent(orderHashes[which]);
        escrow.open(orders[which], orderSignatures[which], run);
        needs(block.timestamp > orders[which].deadline, "25: opened before the deadline");
        reserved += escrow.spent(orderHashes[which]) - before;
        look(which);
    }

    function recordCommitment(uint256 which, uint256 party, uint256 border) external {
        if (orders.length == 0) return;
        (which, party) = (which % orders.length, party % parties.length);
        Run memory run = runOf(which, party, borderOf(which, border), party == FORGER);
        recorded.push(escrow.recordCommitment(commitment(run)));
        lookAtRecords();
    }

    function lookAtRecords() internal {
        for (uint256 i = recorded.length > 8 ? recorded.length - 8 : 0; i < recorded.length; ++i) {
            stands("18: a record's time changed", recorded[i], bytes32(uint256(escrow.recordedAt(recorded[i]))));
        }
    }

    function collect(uint256 which, uint256 party) external {
        if (orders.length == 0) return;
        bytes32[] memory one = new bytes32[](1);
        one[0] = assignmentHashes[which % orders.length][party % parties.length];
        (,, uint256 matured,,) = escrow.credit(one[0]);
        escrow.collect(one);
        collected += matured;
        needs(matured == 0 || !escrow.frozen(one[0]), "26: a disputed credit was paid out");
    }

    // ---- owners

    function stake(uint256 party, uint256 amount) external {
        party %= parties.length;
        amount = bound(amount, 1, STAKE);
        give(parties[party].wallet, amount);
        vm.startPrank(parties[party].wallet);
        token.approve(address(registry), amount);
        registry.stake(amount);
        vm.stopPrank();
        staked[party] += amount;
    }

    function unstake(uint256 party, uint256 amount) external {
        party %= parties.length;
        amount = bound(amount, 1, registry.stakeOf(parties[party].wallet) + 1);
        vm.prank(parties[party].wallet);
        registry.unstake(amount);
    }

    function withdrawStake(uint256 party) external {
        party %= parties.length;
        address by = parties[party].wallet;
        (, uint64 from) = registry.unbonding(by);
        bool held = registry.disputes(by) > 0;
        vm.prank(by);
        staked[party] -= registry.withdrawStake(by);
        needs(block.timestamp >= from && !held, "27: a stake left before its time, or under a dispute");
    }

    /// @dev Keys are revoked for what comes; what was assigned before is proven with the old one.
    function revokeKey(uint256 party) external {
        party %= parties.length;
        vm.prank(parties[party].wallet);
        registry.revokeKey(parties[party].provider, serialOf[party]);
        stands("19: a key's revocation moved", keccak256(abi.encode(party, serialOf[party])), bytes32(block.timestamp));
        ++serialOf[party];
        for (uint32 serial = 1; serial < serialOf[party]; ++serial) {
            (, uint64 time) = registry.standing(parties[party].provider, serial);
            stands("19: a key's revocation moved", keccak256(abi.encode(party, serial)), bytes32(uint256(time)));
        }
    }

    function recordKey(uint256 which, uint256 party) external {
        if (orders.length == 0) return;
        (which, party) = (which % orders.length, party % parties.length);
        SessionKey memory key = keyOf(which, party);
        vm.prank(parties[party].wallet);
        keys.push(registry.recordKey(key, unsigned()));
        for (uint256 i = 0; i < keys.length; ++i) {
            needs(registry.keyRecorded(keys[i]), "19: a recorded key is not recorded");
        }
    }

    // ---- time

    function pass(uint256 time) external {
        // mostly within an order's life, now and then past everything
        vm.warp(block.timestamp + (time % 8 == 0 ? MAX_ORDER + 9 * W : bound(time, 1, W)));
    }

    /// @dev Everybody goes home, by nothing but their own calls.
    function goHome() public virtual {
        vm.warp(block.timestamp + MAX_ORDER + 9 * W);
        for (uint256 o = 0; o < orders.length; ++o) {
            for (uint256 i = 0; i < parties.length; ++i) {
                bytes32[] memory one = new bytes32[](1);
                one[0] = assignmentHashes[o][i];
                escrow.collect(one);
            }
        }
        for (uint256 b = 0; b < 2; ++b) {
            for (uint256 h = 0; h < 2; ++h) {
                uint256 active = escrow.allotment(builders[b], hubs[h], address(token));
                if (active == 0) continue;
                vm.prank(builders[b]);
                escrow.recall(hubs[h], address(token), active);
            }
        }
        for (uint256 i = 0; i < parties.length; ++i) {
            uint256 active = registry.stakeOf(ownerAt(i));
            if (active == 0) continue;
            vm.prank(ownerAt(i));
            registry.unstake(active);
        }
        vm.warp(block.timestamp + MAX_ORDER + 9 * W);
        for (uint256 b = 0; b < 2; ++b) {
            for (uint256 h = 0; h < 2; ++h) {
                (uint256 pending,) = escrow.recalled(builders[b], hubs[h], address(token));
                if (pending == 0) continue;
                vm.prank(builders[b]);
                escrow.reclaim(hubs[h], address(token));
            }
            out(builders[b]);
        }
        for (uint256 i = 0; i < parties.length; ++i) {
            (uint256 pending,) = registry.unbonding(ownerAt(i));
            if (pending == 0) continue;
            vm.prank(ownerAt(i));
            registry.withdrawStake(ownerAt(i));
        }
    }

    function out(address who) internal {
        uint256 all = escrow.balanceOf(who, address(token));
        if (all == 0) return;
        vm.prank(who);
        escrow.withdraw(address(token), who, all);
    }
}
