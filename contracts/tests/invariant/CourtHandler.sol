// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Dispute, ICourt} from "../../src/interfaces/ICourt.sol";
import {Run} from "../../src/interfaces/IEscrow.sol";
import {Logs} from "../utils/Logs.sol";
import {Vm} from "../utils/Vm.sol";
import {EpochHandler} from "./EpochHandler.sol";

/// @notice An accuser who is right and one who is wrong, and judges: two of eighteen lie, all are silent now and then.
contract CourtHandler is EpochHandler {
    struct Trial {
        uint256 which;
        uint256 party;
        uint256 pot;
        uint256 commitUntil;
        uint256 waitsFrom;
        bytes32 claimed;
        bool running;
    }

    uint256 internal constant JUDGES = 18;
    uint256 internal constant LIARS = 2;
    address internal constant ACCUSER = address(0xACC);
    Trial[] internal trials;
    mapping(uint256 id => Dispute) internal disputes;
    uint256 public tickets;
    uint256 public returned;
    mapping(uint256 ticket => address) internal holders;
    /// @dev Asked back, their price not yet.
    mapping(uint256 ticket => bool) internal asked;
    uint256 internal leaving;
    uint256 internal sold;
    /// @dev What a case's secret and block would give, when somebody looked before the draw.
    mapping(uint256 id => bytes32) internal foreseen;
    mapping(bytes32 assignmentHash => uint256) public openCases;
    mapping(uint256 party => uint256) public casesAgainst;

    function setUp() public virtual override {
        super.setUp();
        for (uint256 i = 0; i < JUDGES; ++i) {
            enlist(i, 1);
        }
    }

    // ---- judges

    function enlist(uint256 who, uint256 count) public {
        address by = judgeAt(who % JUDGES);
        count = bound(count, 1, 3);
        give(by, count * TICKET);
        vm.startPrank(by);
        token.approve(address(court), count * TICKET);
        court.enlist(count);
        vm.stopPrank();
        for (uint256 i = 0; i < count; ++i) {
            holders[sold++] = by;
        }
        tickets += count;
    }

    function delist(uint256 ticket) public {
        ticket %= sold;
        vm.prank(holders[ticket]);
        court.delist(ticket);
        asked[ticket] = true;
        ++leaving;
    }

    function redeem(uint256 ticket) public {
        ticket %= sold;
        court.redeem(ticket);
        needs(asked[ticket], "44: a ticket that nobody asked back was given back");
        asked[ticket] = false;
        --leaving;
        --tickets;
    }

    function renew(uint256 seed) external {
        (uint256 before,) = court.roll();
        court.renew(seed % 3 == 0 ? type(uint256).max : bound(seed, 1, sold));
        (uint256 number, uint256 places) = court.roll();
        needs(number == before || places >= tickets - leaving, "42: a ticket that stands lost its place");
    }

    function gather(uint256 ticket) public {
        uint256 before = owedInAll();
        uint256[] memory one = new uint256[](1);
        one[0] = ticket % sold;
        court.gather(one);
        needs(owedInAll() == before && court.earned(one[0]) == 0, "41: gathering changed what the court owes");
    }

    function takeOwed(uint256 who) external {
        address[] memory all = owedTo();
        address by = all[who % (all.length - 1)]; // nobody is the last
        vm.prank(by);
        court.withdraw(by);
    }

    // ---- accusing

    function accuse(uint256 which, uint256 seed) external {
        if (orders.length == 0) return;
        which %= orders.length;
        if (orders[which].segments == 0) return;
        uint256 party = seed % 3 == 0 ? (seed >> 8) % FORGER : FORGER;
        bool isForged = party == FORGER;
        bytes32 orderHash = orderHashes[which];
        Run[] memory run = new Run[](1);
        run[0] = runOf(which, party, SEGMENTS, isForged);
        // an accuser of an honest run is wrong; one of a forger mostly right
        bytes32 claimed = isForged && seed % 7 != 0 ? leafOf(orderHash, 2, false) : keccak256("a third leaf");
        uint256 bond = court.accuserBond();
        give(ACCUSER, bond);
        vm.prank(ACCUSER);
        token.approve(address(court), bond);
        // one call at a time: a prank that a refusal ends goes on otherwise
        vm.recordLogs();
        vm.prank(ACCUSER);
        court.accuse(
            orders[which],
            orderSignatures[which],
            run,
            2,
            shownLeaf(orderHash, 1, isForged),
            shownLeaf(orderHash, 2, isForged),
            claimed
        );
        disputes[trials.length] = Logs.opened(vm.getRecordedLogs());
        trials.push(Trial(which, party, bond, 0, block.timestamp + W, claimed, true));
        ++openCases[assignmentHashes[which][party]];
        ++casesAgainst[party];
    }

    function proveTwoOpenings(uint256 which) external {
        if (orders.length == 0) return;
        which %= orders.length;
        Run[] memory one = new Run[](1);
        Run[] memory other = new Run[](1);
        one[0] = runOf(which, FORGER, orders[which].segments, true);
        other[0] = runOf(which, FORGER, orders[which].segments, false);
        bytes32 hash = assignmentHashes[which][FORGER];
        bool before = escrow.condemned(hash);
        vm.recordLogs();
        vm.prank(ACCUSER);
        court.proveTwoOpenings(orders[which], orderSignatures[which], one, other);
        needs(!before, "28: condemned twice");
        heard(vm.getRecordedLogs(), which, FORGER);
        look(which);
    }

    // ---- a case

    /// @dev The next step of a case, in time for it.
    function judge(uint256 id, uint256 seed) external {
        if (trials.length == 0) return;
        id %= trials.length;
        Trial storage trial = trials[id];
        if (trial.commitUntil == 0) return drawn(id, seed);
        if (block.timestamp < trial.commitUntil) votes(id, seed);
        if (seed % 3 == 0) return;
        if (block.timestamp < trial.commitUntil) vm.warp(trial.commitUntil);
        if (seed % 3 == 1 && replaced(id)) return votes(id, seed >> 8);
        if (block.timestamp < trial.commitUntil + W / 8) vm.warp(trial.commitUntil + W / 8);
        reveals(id, seed);
    }

    /// @dev Whoever has the hub's secret sees what it would draw.
    function peek(uint256 id) external {
        if (trials.length == 0) return;
        id %= trials.length;
        vm.roll(block.number + 3);
        uint256 before = vm.snapshotState();
        court.draw(id, disputes[id], SECRET);
        bytes32 bench = keccak256(abi.encode(court.judgesOf(id)));
        vm.revertToState(before);
        foreseen[id] = bench;
    }

    function drawn(uint256 id, uint256 seed) private {
        vm.roll(block.number + 3);
        bool told = seed % 4 != 0;
        if (!told) vm.warp(block.timestamp + W / 8);
        vm.recordLogs();
        uint256 before = owedInAll();
        court.draw(id, disputes[id], told ? SECRET : bytes32(0));
        bytes32 bench = keccak256(abi.encode(court.judgesOf(id)));
        needs(!told || foreseen[id] == 0 || bench == foreseen[id], "45: somebody changed what a known seed gives");
        foreseen[id] = 0;
        if (court.judgesOf(id).length == 0) {
            // called again
            vm.getRecordedLogs();
            needs(owedInAll() == before, "29: a draw that found too few cost somebody something");
            return;
        }
        trials[id].commitUntil = block.timestamp + W / 2;
        trials[id].waitsFrom = block.timestamp + W / 2 + W / 8 + W / 4;
        ended(id, before);
    }

    function voteOf(uint256 id, address who) private view returns (bytes32) {
        bool lies = uint160(who) < 0x10000 + LIARS;
        return leafOf(orderHashes[trials[id].which], 2, lies);
    }

    function votes(uint256 id, uint256 seed) private {
        address[] memory judges = court.judgesOf(id);
        for (uint256 seat = 0; seat < judges.length; ++seat) {
            if ((seed >> (16 + 3 * seat)) & 7 == 0) continue;
            bytes32 commitment_ = keccak256(abi.encode(id, judges[seat], voteOf(id, judges[seat]), bytes32(seat)));
            vm.prank(judges[seat]);
            try court.commit(id, seat, commitment_) {} catch {}
        }
    }

    function replaced(uint256 id) private returns (bool) {
        uint256 before = owedInAll();
        vm.recordLogs();
        try court.replace(id, disputes[id]) {
            trials[id].commitUntil = block.timestamp + W / 4;
            trials[id].waitsFrom = block.timestamp + W / 4 + W / 8 + W / 4;
            ended(id, before);
            return true;
        } catch {
            vm.getRecordedLogs();
            return false;
        }
    }

    function reveals(uint256 id, uint256 seed) private {
        address[] memory judges = court.judgesOf(id);
        for (uint256 seat = 0; seat < judges.length; ++seat) {
            if ((seed >> (100 + 4 * seat)) & 15 == 0) continue;
            try court.reveal(id, seat, voteOf(id, judges[seat]), bytes32(seat)) {} catch {}
        }
    }

    function close(uint256 id) public {
        if (trials.length == 0) return;
        id %= trials.length;
        Trial storage trial = trials[id];
        if (trial.running && block.timestamp < trial.waitsFrom) vm.warp(trial.waitsFrom);
        vm.recordLogs();
        uint256 before = owedInAll();
        court.close(id, disputes[id]);
        needs(trial.running, "29: a case ended twice");
        ended(id, before);
        if (trial.running) (trial.commitUntil, trial.waitsFrom) = (0, block.timestamp + W);
    }

    /// @dev What a step of a case came to: tickets forfeited, fees paid, the end.
    function ended(uint256 id, uint256 owedBefore) private {
        Trial storage trial = trials[id];
        Vm.Log[] memory logs = vm.getRecordedLogs();
        uint256 forfeited = 0;
        bool over = false;
        ICourt.Outcome outcome;
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == ICourt.Forfeited.selector) {
                ++forfeited;
                uint256 ticket = abi.decode(logs[i].data, (uint256));
                if (asked[ticket]) --leaving;
                asked[ticket] = false;
            }
            if (logs[i].topics[0] != ICourt.Closed.selector) continue;
            over = true;
            (outcome,) = abi.decode(logs[i].data, (ICourt.Outcome, uint256));
        }
        tickets -= forfeited;
        if (!over) {
            // fees of a first court that could not decide
            trial.pot -= owedInAll() - owedBefore - forfeited * TICKET;
            return;
        }
        (trial.running, trial.pot) = (false, 0);
        --openCases[assignmentHashes[trial.which][trial.party]];
        --casesAgainst[trial.party];
        bool guilty = trial.party == FORGER;
        needs(outcome != ICourt.Outcome.Condemned || guilty, "30: an honest run was condemned");
        needs(outcome != ICourt.Outcome.Cleared || !guilty, "30: a forged run was cleared");
        uint256 before = slashed;
        heard(logs, trial.which, trial.party);
        needs(slashed == before || trial.which % 3 != 2, "31: a court slashed outside the strict class");
        look(trial.which);
    }

    /// @dev What was slashed, and what of a credit went back to the builder.
    function heard(Vm.Log[] memory logs, uint256 which, uint256 party) private {
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == keccak256("StakeSlashed(address,uint256,uint256)")) {
                (uint256 amount,) = abi.decode(logs[i].data, (uint256, uint256));
                slashed += amount;
                staked[party] -= amount;
                needs(party == FORGER, "23: who was right was slashed");
                bondLost(which, party, amount);
            }
            if (logs[i].topics[0] == keccak256("CreditReturned(bytes32,address,address,uint256)")) {
                uint256 amount = abi.decode(logs[i].data, (uint256));
                free[orders[which].builder] += amount;
                returned += amount;
            }
        }
    }

    // ---- reading

    function judgeAt(uint256 i) internal pure returns (address) {
        return address(uint160(0x10000 + i));
    }

    /// @dev All to whom the court may owe something; the last is nobody.
    function owedTo() internal view returns (address[] memory all) {
        all = new address[](JUDGES + parties.length + 4);
        uint256 n = 0;
        for (uint256 i = 0; i < JUDGES; ++i) {
            all[n++] = judgeAt(i);
        }
        for (uint256 i = 0; i < parties.length; ++i) {
            all[n++] = ownerAt(i);
        }
        (all[n], all[n + 1], all[n + 2], all[n + 3]) = (builders[0], builders[1], ACCUSER, ASHES);
    }

    function owedInAll() public view returns (uint256 sum) {
        address[] memory all = owedTo();
        for (uint256 i = 0; i < all.length; ++i) {
            sum += court.owed(all[i]);
        }
        for (uint256 ticket = 0; ticket < sold; ++ticket) {
            sum += court.earned(ticket);
        }
    }

    function pots() external view returns (uint256 sum) {
        for (uint256 i = 0; i < trials.length; ++i) {
            sum += trials[i].pot;
        }
    }

    /// @dev What people have outside of all contracts.
    function outside() public view returns (uint256 sum) {
        address[] memory all = owedTo();
        for (uint256 i = 0; i < all.length; ++i) {
            sum += token.balanceOf(all[i]);
        }
        sum += token.balanceOf(settlers[0]) + token.balanceOf(settlers[1]) + token.balanceOf(WATCHDOG);
    }

    /// @dev First every case ends, by anybody's call; then judges leave.
    function goHome() public virtual override {
        for (uint256 i = 0; i < trials.length; ++i) {
            while (trials[i].running) {
                close(i);
            }
        }
        for (uint256 ticket = 0; ticket < sold; ++ticket) {
            vm.prank(holders[ticket]);
            try court.delist(ticket) {} catch {}
            gather(ticket);
        }
        vm.warp(block.timestamp + 2 * W);
        for (uint256 ticket = 0; ticket < sold; ++ticket) {
            try court.redeem(ticket) {} catch {}
        }
        address[] memory all = owedTo();
        for (uint256 i = 0; i + 1 < all.length; ++i) {
            if (court.owed(all[i]) == 0) continue;
            vm.prank(all[i]);
            court.withdraw(all[i]);
        }
        super.goHome();
    }
}
