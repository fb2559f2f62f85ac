// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Agreement, Epoch, IEpochs, Scattered} from "../../src/interfaces/IEpochs.sol";
import {Run} from "../../src/interfaces/IEscrow.sol";
import {Line} from "../../src/libraries/Lines.sol";
import {JobOrder} from "../../src/libraries/Messages.sol";
import {Ledgers} from "../utils/Ledgers.sol";
import {Handler} from "./Handler.sol";

/// @notice Settlers who post true epochs and false ones, and a watchdog who looks at each: it demands what is hidden or could
/// not be proven, and accuses what proves itself.
contract EpochHandler is Handler, Ledgers {
    enum Fault {
        None,
        Withheld,
        Inflated,
        WrongSum,
        Shifted
    }

    struct Post {
        Epoch epoch;
        Fault fault;
        bytes ledger;
        bytes32 demanded;
        uint256 index;
        uint256 bond;
        bool settled;
        uint256 seed;
    }

    uint128 internal constant SETTLER_BOND = 1_000_000;
    address[2] internal settlers;
    address internal constant WATCHDOG = address(0xD06);
    Post[] internal posts;

    // ---- ghosts
    uint256 public epochCharged;
    uint256 public epochCredited;
    uint256 public epochCovered;
    uint256 public carriedAmount;
    mapping(bytes32 epoch => bool) internal settledBefore;

    function setUp() public virtual override {
        super.setUp();
        settlers = [vm.addr(uint256(keccak256("settler 0"))), vm.addr(uint256(keccak256("settler 1")))];
        for (uint256 h = 0; h < 2; ++h) {
            vm.prank(hubs[h]);
            epochs.appoint(settlers[h], address(token));
            bonded(h);
        }
        fund(WATCHDOG, 100 * uint256(SETTLER_BOND));
    }

    function fund(address who, uint256 amount) private {
        give(who, amount);
        vm.startPrank(who);
        token.approve(address(escrow), amount);
        escrow.deposit(address(token), amount);
        vm.stopPrank();
    }

    function bonded(uint256 h) private {
        fund(settlers[h], SETTLER_BOND);
        vm.prank(settlers[h]);
        epochs.open(hubs[h], address(token), SETTLER_BOND);
    }

    function reopen(uint256 h) external {
        bonded(h % 2);
    }

    // ---- a settler's epoch

    /// @dev The epoch of this order's window, with lines of all its hub's orders that belong there.
    function post(uint256 which, uint256 seed) external {
        if (orders.length == 0) return;
        JobOrder memory one = orders[which % orders.length];
        if (one.direct) return;
        uint256 number = one.deadline / W;
        if (block.timestamp < (number + 1) * W) vm.warp((number + 1) * W + seed % W);
        if (block.timestamp / W != number + 1) return;
        Ledger memory ledger = ledgerOf(linesOf(one.hub, number, seed));
        if (ledger.lines.length == 0) return;
        Fault fault = spoil(ledger, seed);
        uint256 h = one.hub == hubs[0] ? 0 : 1;
        // forge-lint: disable-next-line(unsafe-typecast)
        Epoch memory epoch = Epoch(one.hub, address(token), uint32(number));
        vm.prank(settlers[h]);
        epochs.post(address(token), epoch.number, ledger.content.root, ledger.accounts.debits, ledger.accounts.credits);
        posts.push(Post(epoch, fault, abi.encode(ledger), 0, 0, 0, false, seed));
        watch(posts[posts.length - 1], ledger, seed);
    }

    function linesOf(address hub_, uint256 number, uint256 seed) private view returns (Line[] memory lines) {
        lines = new Line[](orders.length * FORGER);
        uint256 count = 0;
        for (uint256 o = 0; o < orders.length; ++o) {
            JobOrder memory order_ = orders[o];
            if (order_.direct || order_.hub != hub_ || order_.deadline / W != number) continue;
            // a wallet's order counts once it is approved
            if (orderSignatures[o].vs == 0 && !escrow.orderApproved(orderHashes[o])) continue;
            uint256[FORGER] memory dues = duesOf(o, seed);
            for (uint256 i = 0; i < FORGER; ++i) {
                bytes32 hash = assignmentHashes[o][i];
                if (dues[i] == 0) continue;
                // forge-lint: disable-next-line(unsafe-typecast)
                lines[count++] = Line(order_.builder, orderHashes[o], hash, ownerAt(i), uint128(dues[i]), 0);
            }
        }
        assembly ("memory-safe") {
            mstore(lines, count)
        }
    }

    /// @dev What an epoch pays the runs that this settler shows: all that is due, or shares of what the order may still cost.
    function duesOf(uint256 o, uint256 seed) private view returns (uint256[FORGER] memory dues) {
        uint256 most = orders[o].maxPayment;
        uint256 left = most - escrow.spent(orderHashes[o]);
        uint256 wanted = 0;
        uint256 shown = 0;
        for (uint256 i = 0; i < FORGER; ++i) {
            if (!isShown(o, i, seed)) continue;
            ++shown;
            uint256 paid_ = escrow.paid(orderHashes[o], assignmentHashes[o][i]);
            uint256 earned = prices[o][i] < most ? prices[o][i] : most;
            if (earned > paid_) dues[i] = earned - paid_;
            wanted += dues[i];
        }
        for (uint256 i = 0; i < FORGER; ++i) {
            if (shown < orders[o].quorum) dues[i] = 0;
            else if (wanted > left) dues[i] = dues[i] * left / wanted;
        }
    }

    function isShown(uint256 o, uint256 i, uint256 seed) private pure returns (bool) {
        return (seed >> (8 + (o * FORGER + i) % 200)) & 1 == 0;
    }

    function spoil(Ledger memory ledger, uint256 seed) private pure returns (Fault fault) {
        fault = Fault(seed % 8 < 4 ? 0 : seed % 8 - 3);
        if (fault == Fault.Inflated) {
            ledger.lines[0].amount += type(uint64).max;
            for (uint256 i = 0; i < ledger.lines.length && ledger.lines[i].builder == ledger.lines[0].builder; ++i) {
                ledger.lines[i].sum += type(uint64).max;
            }
            seal(ledger);
        } else if (fault == Fault.WrongSum) {
            ledger.lines[ledger.lines.length - 1].sum += 1;
            reseal(ledger);
        } else if (fault == Fault.Shifted) {
            uint256 last = ledger.accounts.credits.length - 1;
            if (last == 0 || ledger.accounts.credits[0].amount == 1) return Fault.None;
            ledger.accounts.credits[0].amount -= 1;
            ledger.accounts.credits[last].amount += 1;
            reseal(ledger);
        }
    }

    function watch(Post storage one, Ledger memory ledger, uint256 seed) private {
        uint256 index = one.fault == Fault.Inflated ? 0 : (seed >> 100) % ledger.lines.length;
        uint256 last = ledger.lines.length - 1;
        if (one.fault == Fault.WrongSum) {
            vm.prank(WATCHDOG);
            epochs.accuseLines(one.epoch, ledger.content, stretch(ledger, last == 0 ? 0 : last - 1, last + 1));
        } else if (one.fault == Fault.Shifted) {
            address victim = ledger.accounts.credits[0].owner;
            for (uint256 i = 0; i <= last; ++i) {
                if (ledger.lines[i].owner != victim) continue;
                Scattered memory shown = scattered(ledger, i, i + 1);
                vm.prank(WATCHDOG);
                epochs.accuseCredit(one.epoch, ledger.content, ledger.accounts, victim, shown);
            }
        } else if (one.fault != Fault.None || (seed >> 90) & 3 == 0) {
            one.bond = epochs.demandBond(one.epoch);
            vm.prank(WATCHDOG);
            // forge-lint: disable-next-line(unsafe-typecast)
            epochs.demandLine(one.epoch, ledger.content, uint32(index));
            (one.demanded, one.index) = (bytes32(index), index + 1);
        }
    }

    /// @dev The settler tries; what was inflated must never pass.
    function answer(uint256 which) external {
        if (posts.length == 0) return;
        Post storage one = posts[which % posts.length];
        if (one.index == 0 || one.fault == Fault.Withheld) return;
        Ledger memory ledger = abi.decode(one.ledger, (Ledger));
        uint256 o = orderOf(ledger.lines[one.index - 1].orderHash);
        Agreement[] memory agreements = new Agreement[](1);
        Run[] memory runs = new Run[](FORGER);
        uint256 count = 0;
        for (uint256 i = 0; i < FORGER; ++i) {
            if (isShown(o, i, one.seed)) runs[count++] = runOf(o, i, orders[o].segments, false);
        }
        assembly ("memory-safe") {
            mstore(runs, count)
        }
        agreements[0] = Agreement(runs);
        epochs.answer(
            one.epoch,
            ledger.content,
            one.demanded,
            stretchOf(ledger, orders[o].builder, orderHashes[o]),
            orders[o],
            orderSignatures[o],
            agreements
        );
        one.index = 0;
        needs(one.fault == Fault.None, "32: an answer passed for what nobody could be paid for by direct");
    }

    function lapse(uint256 which) public {
        if (posts.length == 0) return;
        Post storage one = posts[which % posts.length];
        if (one.index == 0) return;
        bool settledAlready = epochs.stateOf(one.epoch) == IEpochs.State.Settled;
        epochs.lapse(one.epoch, one.demanded);
        needs(!settledAlready, "34: a settled epoch was voided");
        one.index = 0;
    }

    function settle(uint256 which) public {
        if (posts.length == 0) return;
        Post storage one = posts[which % posts.length];
        Ledger memory ledger = abi.decode(one.ledger, (Ledger));
        (uint256 charged, uint256 credited) = (allotments(), ownersFree());
        uint256[2] memory had = [drawable(one.epoch.hub, 0), drawable(one.epoch.hub, 1)];
        address builder0 = ledger.accounts.debits[0].builder;
        uint256 before = escrow.balanceOf(builder0, address(token));
        (, uint128 bondBefore,) = epochs.book(one.epoch.hub, address(token));
        vm.prank(WATCHDOG);
        epochs.settle(one.epoch, ledger.content, ledger.accounts);
        (, uint128 bondAfter,) = epochs.book(one.epoch.hub, address(token));
        needs(escrow.balanceOf(builder0, address(token)) == before, "13: a free balance moved by itself");
        (charged, credited) = (charged - allotments(), ownersFree() - credited);
        if (epochs.stateOf(one.epoch) != IEpochs.State.Settled) {
            needs(charged == 0 && credited == 0, "43: an epoch that was voided moved money of builders or owners");
            return;
        }
        one.settled = true;
        epochCharged += charged;
        epochCredited += credited;
        epochCovered += bondBefore - bondAfter;
        paysWhole(one.epoch.hub, ledger, had, credited);
        needs(one.fault == Fault.None, "33: a false epoch was settled");
        bytes32 key = keccak256(abi.encode(one.epoch));
        needs(!settledBefore[key], "34: an epoch was settled twice");
        settledBefore[key] = true;
        for (uint256 i = 0; i < ledger.lines.length; ++i) {
            Line memory line = ledger.lines[i];
            epochPaid[orderOf(line.orderHash)][partyOf(line.owner)] += line.amount;
        }
    }

    /// @dev Builder by builder: it was charged what its lines come to or all it had; and owners were credited all lines.
    function paysWhole(address hub_, Ledger memory ledger, uint256[2] memory had, uint256 credited) private {
        uint256 all = 0;
        for (uint256 b = 0; b < 2; ++b) {
            uint256 sum = 0;
            for (uint256 i = 0; i < ledger.lines.length; ++i) {
                if (ledger.lines[i].builder == builders[b]) sum += ledger.lines[i].amount;
            }
            all += sum;
            uint256 due = sum < had[b] ? sum : had[b];
            needs(had[b] - drawable(hub_, b) == due, "43: a builder was charged something else than its lines");
        }
        needs(credited == all, "43: an epoch was settled in part");
    }

    function drawable(address hub_, uint256 b) private view returns (uint256) {
        (uint256 pending,) = escrow.recalled(builders[b], hub_, address(token));
        return pending + escrow.allotment(builders[b], hub_, address(token));
    }

    function carry(uint256 which) external {
        if (orders.length == 0 || posts.length == 0) return;
        which %= orders.length;
        JobOrder memory order_ = orders[which];
        for (uint256 p = 0; p < posts.length; ++p) {
            Post storage one = posts[p];
            if (!one.settled || one.epoch.hub != order_.hub || one.epoch.number != order_.deadline / W) continue;
            Ledger memory ledger = abi.decode(one.ledger, (Ledger));
            uint256 before = escrow.spent(orderHashes[which]);
            epochs.carry(one.epoch, ledger.content, stretchOf(ledger, order_.builder, orderHashes[which]), order_);
            needs(!carried[which], "35: an epoch's lines were carried twice");
            carried[which] = true;
            carriedAmount += escrow.spent(orderHashes[which]) - before;
            look(which);
        }
    }

    // ---- parts

    function orderOf(bytes32 orderHash) private view returns (uint256 o) {
        while (orderHashes[o] != orderHash) ++o;
    }

    function partyOf(address owner) private view returns (uint256 i) {
        while (ownerAt(i) != owner) ++i;
    }

    function allotments() private view returns (uint256 all) {
        for (uint256 b = 0; b < 2; ++b) {
            for (uint256 h = 0; h < 2; ++h) {
                (uint256 pending,) = escrow.recalled(builderAt(b), hubAt(h), address(token));
                all += pending + escrow.allotment(builderAt(b), hubAt(h), address(token));
            }
        }
    }

    function ownersFree() public view returns (uint256 all) {
        for (uint256 i = 0; i < parties.length; ++i) {
            all += escrow.balanceOf(ownerAt(i), address(token));
        }
    }

    /// @dev What is in the escrow for settlers, their watchdog, the epochs themselves, and nobody.
    function othersFree() external view returns (uint256) {
        return escrow.balanceOf(settlers[0], address(token)) + escrow.balanceOf(settlers[1], address(token))
            + escrow.balanceOf(WATCHDOG, address(token)) + escrow.balanceOf(address(epochs), address(token))
            + escrow.balanceOf(ASHES, address(token));
    }

    /// @dev What the epochs hold for others: bonds, and the bonds of open demands.
    function heldByEpochs() external view returns (uint256 bonds, uint256 demandBonds) {
        for (uint256 h = 0; h < 2; ++h) {
            (, uint128 one,) = epochs.book(hubs[h], address(token));
            bonds += one;
        }
        for (uint256 p = 0; p < posts.length; ++p) {
            if (posts[p].index != 0) demandBonds += posts[p].bond;
        }
    }

    /// @dev Settlers and owners too take out what is theirs.
    function goHome() public virtual override {
        super.goHome();
        for (uint256 p = 0; p < posts.length; ++p) {
            if (posts[p].index != 0) lapse(p);
        }
        for (uint256 p = 0; p < posts.length; ++p) {
            if (epochs.stateOf(posts[p].epoch) == IEpochs.State.Final) settle(p);
        }
        for (uint256 h = 0; h < 2; ++h) {
            (, uint128 held, uint64 leavesAt) = epochs.book(hubs[h], address(token));
            if (held == 0) continue;
            if (leavesAt == 0) {
                vm.prank(h == 0 ? settlers[h] : hubs[h]);
                epochs.close(settlers[h], address(token));
            }
            vm.warp(block.timestamp + 9 * W);
            epochs.withdrawBond(settlers[h], address(token));
        }
        for (uint256 i = 0; i < parties.length; ++i) {
            out(ownerAt(i));
        }
        out(settlers[0]);
        out(settlers[1]);
        out(WATCHDOG);
    }
}
