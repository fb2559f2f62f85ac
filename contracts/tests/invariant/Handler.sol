// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Opening, Run} from "../../src/interfaces/IEscrow.sol";
import {Assignment, JobOrder, Messages, Release} from "../../src/libraries/Messages.sol";
import {Market} from "../utils/Market.sol";

/// @notice Does at random what builders, hubs, owners and strangers can do, and remembers what it should come to.
/// A call that the contracts refuse changes nothing here either.
contract Handler is Market {
    uint256 internal constant FORGER = 4;
    uint256 internal constant MAX_ORDERS = 20;

    uint256[2] internal builderKeys;
    uint256[2] internal hubKeys;
    JobOrder[] internal orders;
    mapping(uint256 order => mapping(uint256 party => uint256 price)) internal prices;
    // worked out once: hashing and deriving addresses is what would take the campaign's time
    address[2] internal builders;
    address[2] internal hubs;
    bytes32[] internal orderHashes;
    bytes[] internal orderSignatures;
    mapping(uint256 order => mapping(uint256 party => bytes32)) internal assignmentHashes;

    // ---- ghosts: what the books should say
    uint256 public minted;
    uint256 public reserved;
    uint256 public collected;
    uint256 public released;
    uint256[2] public freeBalance;
    uint256[5] public staked;
    mapping(bytes32 => uint256) public lastPaid;
    mapping(bytes32 => uint256) public lastSpent;
    mapping(bytes32 => bytes32) public lastAnswer;
    uint256 public fell;
    uint256 public changed;

    function setUp() public virtual override {
        super.setUp();
        minted = FUNDS + parties.length * STAKE;
        builderKeys = [builderKey, uint256(keccak256("another builder"))];
        hubKeys = [hubKey, uint256(keccak256("another hub"))];
        for (uint256 i = 0; i < 2; ++i) {
            (builders[i], hubs[i]) = (vm.addr(builderKeys[i]), vm.addr(hubKeys[i]));
        }
        freeBalance[0] = FUNDS - ALLOTTED;
        for (uint256 i = 0; i < parties.length; ++i) {
            staked[i] = STAKE;
        }
    }

    // ---- builders

    function deposit(uint256 who, uint256 amount) external {
        who %= 2;
        amount = bound(amount, 1, 5 * PRICE);
        address by = builders[who];
        token.mint(by, amount);
        minted += amount;
        vm.startPrank(by);
        token.approve(address(escrow), amount);
        escrow.deposit(address(token), amount);
        vm.stopPrank();
        freeBalance[who] += amount;
    }

    function withdraw(uint256 who, uint256 amount) external {
        who %= 2;
        amount = bound(amount, 1, freeBalance[who] + 1);
        address by = builders[who];
        vm.prank(by);
        escrow.withdraw(address(token), by, amount);
        freeBalance[who] -= amount;
    }

    function allot(uint256 who, uint256 toHub, uint256 amount) external {
        who %= 2;
        amount = bound(amount, 1, freeBalance[who] + 1);
        vm.prank(builders[who]);
        escrow.allot(hubs[toHub % 2], address(token), amount);
        freeBalance[who] -= amount;
    }

    function recall(uint256 who, uint256 fromHub, uint256 amount) external {
        address by = builders[who % 2];
        address from = hubs[fromHub % 2];
        amount = bound(amount, 1, escrow.allotment(by, from, address(token)) + 1);
        vm.prank(by);
        escrow.recall(from, address(token), amount);
    }

    function reclaim(uint256 who, uint256 fromHub) external {
        who %= 2;
        vm.prank(builders[who]);
        freeBalance[who] += escrow.reclaim(hubs[fromHub % 2], address(token));
    }

    function order(uint256 who, uint256 atHub, uint256 shape, uint256 maxPayment, uint256 price) external {
        if (orders.length == MAX_ORDERS) return;
        uint256 number = orders.length;
        uint64 now_ = uint64(block.timestamp);
        orders.push(
            JobOrder({
                builder: builders[who % 2],
                hub: hubs[atHub % 2],
                jobId: bytes32(number),
                specHash: keccak256("spec"),
                token: address(token),
                maxPayment: bound(maxPayment, 1, 6 * PRICE),
                segments: shape % 3 == 0 ? 0 : 8,
                quorum: uint8(1 + (shape >> 8) % 3),
                direct: (shape >> 16) % 4 != 0,
                validAfter: now_,
                deadline: now_ + uint64(bound(shape >> 32, W, MAX_ORDER))
            })
        );
        for (uint256 i = 0; i < parties.length; ++i) {
            prices[number][i] = bound(uint256(keccak256(abi.encode(price, i))), 0, 2 * PRICE);
        }
        bytes32 orderHash = digest(Messages.hash(orders[number]));
        orderHashes.push(orderHash);
        orderSignatures.push(sign(builderKeys[who % 2], orderHash));
        for (uint256 i = 0; i < parties.length; ++i) {
            assignmentHashes[number][i] = digest(Messages.hash(assignmentOf(number, i)));
        }
    }

    function release(uint256 which, uint256 party, uint256 amount) external {
        if (orders.length == 0) return;
        which %= orders.length;
        party %= parties.length;
        JobOrder memory order_ = orders[which];
        Assignment memory assignment = assignmentOf(which, party);
        bytes32 assignmentHash = assignmentHashes[which][party];
        uint256 before = escrow.paid(assignment.orderHash, assignmentHash);
        amount = bound(amount, 0, assignment.price);
        Release memory release_ = Release(assignment.orderHash, assignmentHash, assignment.owner, amount);
        bytes memory hubSignature = sign(hubKeyOf(order_), assignmentHash);
        vm.prank(order_.builder);
        escrow.release(order_, assignment, hubSignature, release_, "");
        released += amount - before;
        look(which);
    }

    // ---- runs

    /// @dev Up to five runs, each true or (the forger's) false, by receipt or by record, of some border.
    function direct(uint256 which, uint256 mask, uint256 border, bool showForged) external {
        if (orders.length == 0) return;
        which %= orders.length;
        JobOrder memory order_ = orders[which];
        uint32 b = borderOf(order_, border);
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
        escrow.direct(order_, orderSignatures[which], agreeing, contradicting);
        reserved += escrow.spent(orderHashes[which]) - before;
        look(which);
    }

    function open(uint256 which, uint256 party, uint256 border) external {
        if (orders.length == 0) return;
        which %= orders.length;
        party %= parties.length;
        JobOrder memory order_ = orders[which];
        Run memory run = runOf(which, party, borderOf(order_, border), party == FORGER);
        uint256 before = escrow.spent(orderHashes[which]);
        escrow.open(order_, orderSignatures[which], run);
        reserved += escrow.spent(orderHashes[which]) - before;
        look(which);
    }

    function recordCommitment(uint256 which, uint256 party, uint256 border) external {
        if (orders.length == 0) return;
        which %= orders.length;
        party %= parties.length;
        escrow.recordCommitment(commitment(runOf(which, party, borderOf(orders[which], border), party == FORGER)));
    }

    function collect(uint256 which, uint256 party) external {
        if (orders.length == 0) return;
        bytes32[] memory one = new bytes32[](1);
        one[0] = assignmentHashes[which % orders.length][party % parties.length];
        (,, uint256 matured,,) = escrow.credit(one[0]);
        escrow.collect(one);
        collected += matured;
    }

    // ---- owners

    function stake(uint256 party, uint256 amount) external {
        party %= parties.length;
        amount = bound(amount, 1, STAKE);
        token.mint(parties[party].wallet, amount);
        minted += amount;
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
        vm.prank(by);
        staked[party] -= registry.withdrawStake(by);
    }

    // ---- time

    function pass(uint256 time) external {
        // mostly within an order's life, now and then past everything
        vm.warp(block.timestamp + (time % 5 == 0 ? MAX_ORDER + 9 * W : bound(time, 1, W)));
    }

    // ---- what it looks at after a call

    /// @dev Counts what must never happen: something paid that falls, something agreed that changes.
    function look(uint256 which) internal {
        bytes32 orderHash = orderHashes[which];
        uint256 spent = escrow.spent(orderHash);
        if (spent < lastSpent[orderHash]) ++fell;
        lastSpent[orderHash] = spent;
        for (uint256 i = 0; i < parties.length; ++i) {
            bytes32 assignmentHash = assignmentHashes[which][i];
            uint256 now_ = escrow.paid(orderHash, assignmentHash);
            if (now_ < lastPaid[assignmentHash]) ++fell;
            lastPaid[assignmentHash] = now_;
        }
        for (uint32 b = 0; b <= 8; ++b) {
            (bytes32 answer,) = escrow.agreed(orderHash, 0, b);
            bytes32 key = keccak256(abi.encode(orderHash, b));
            if (lastAnswer[key] != 0 && answer != lastAnswer[key]) ++changed;
            lastAnswer[key] = answer;
        }
    }

    // ---- parts

    function orderCount() external view returns (uint256) {
        return orders.length;
    }

    function orderAt(uint256 which) external view returns (bytes32 orderHash, uint256 maxPayment) {
        return (orderHashes[which], orders[which].maxPayment);
    }

    function assignmentAt(uint256 which, uint256 party) external view returns (bytes32 assignmentHash, uint256 price) {
        return (assignmentHashes[which][party], prices[which][party]);
    }

    function bond() external pure returns (uint256) {
        return BOND;
    }

    function assignmentOf(uint256 which, uint256 party) internal view returns (Assignment memory assignment) {
        JobOrder memory order_ = orders[which];
        assignment = Assignment({
            orderHash: orderHashes[which],
            // there is a handful of parties
            // forge-lint: disable-next-line(unsafe-typecast)
            attempt: uint32(party + 1),
            provider: parties[party].provider,
            owner: parties[party].wallet,
            role: 0,
            fromBorder: 0,
            toBorder: order_.segments,
            numericClass: Messages.STRICT_CLASS,
            price: 0,
            bond: BOND,
            secretHash: keccak256("secret"),
            issuedAt: order_.validAfter,
            leaseUntil: order_.validAfter + W
        });
        assignment.price = prices[which][party];
        if (which % 3 == 2) assignment.numericClass = keccak256("some GPU");
    }

    function borderOf(JobOrder memory order_, uint256 seed) internal pure returns (uint32) {
        if (order_.segments == 0) return 0;
        return seed % 2 == 0 ? order_.segments : uint32(1 + (seed >> 1) % order_.segments);
    }

    function runOf(uint256 which, uint256 party, uint32 border, bool forged) internal returns (Run memory run) {
        JobOrder memory order_ = orders[which];
        (hub, hubKey) = (order_.hub, hubKeyOf(order_));
        bool leaves = order_.segments != 0;
        bytes32 output = forged ? FORGED : border == order_.segments ? OUTPUT : bytes32(0);
        bytes32 root = leaves ? keccak256(abi.encode(which, border, forged)) : bytes32(0);
        run = aRun(
            assignmentOf(which, party),
            party,
            Opening(border, root, leaves ? border : 0, output, keccak256(abi.encode("salt", party)))
        );
        run.key.expiresAt = type(uint64).max;
        signRun(run, party);
        // a commitment that is on chain is shown without the hub's receipt, once the deadline allows it
        if (escrow.recordedAt(commitmentOf(run)) != 0 && block.timestamp > order_.deadline) run = withoutReceipt(run);
    }

    function hubKeyOf(JobOrder memory order_) internal view returns (uint256) {
        return order_.hub == hubs[0] ? hubKeys[0] : hubKeys[1];
    }

    function builderAt(uint256 i) public view returns (address) {
        return builders[i];
    }

    function hubAt(uint256 i) public view returns (address) {
        return hubs[i];
    }

    function ownerAt(uint256 i) public view returns (address) {
        return parties[i].wallet;
    }

    function contracts() external view returns (address, address, address) {
        return (address(token), address(escrow), address(registry));
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
                uint256 active = escrow.allotment(builderAt(b), hubAt(h), address(token));
                if (active > 0) {
                    vm.prank(builderAt(b));
                    escrow.recall(hubAt(h), address(token), active);
                }
            }
        }
        for (uint256 i = 0; i < parties.length; ++i) {
            uint256 active = registry.stakeOf(ownerAt(i));
            if (active > 0) {
                vm.prank(ownerAt(i));
                registry.unstake(active);
            }
        }
        vm.warp(block.timestamp + MAX_ORDER + 9 * W);
        for (uint256 b = 0; b < 2; ++b) {
            for (uint256 h = 0; h < 2; ++h) {
                (uint256 pending,) = escrow.recalled(builderAt(b), hubAt(h), address(token));
                if (pending > 0) {
                    vm.prank(builderAt(b));
                    escrow.reclaim(hubAt(h), address(token));
                }
            }
            uint256 free = escrow.balanceOf(builderAt(b), address(token));
            if (free > 0) {
                vm.prank(builderAt(b));
                escrow.withdraw(address(token), builderAt(b), free);
            }
        }
        for (uint256 i = 0; i < parties.length; ++i) {
            (uint256 pending,) = registry.unbonding(ownerAt(i));
            if (pending > 0) {
                vm.prank(ownerAt(i));
                registry.withdrawStake(ownerAt(i));
            }
        }
    }
}
