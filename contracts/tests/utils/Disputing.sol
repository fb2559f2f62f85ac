// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Dispute, Leaf} from "../../src/interfaces/ICourt.sol";
import {Run} from "../../src/interfaces/IEscrow.sol";
import {Assignment, JobOrder} from "../../src/libraries/Messages.sol";
import {Signature} from "../../src/libraries/Signatures.sol";
import {Logs} from "./Logs.sol";
import {Market} from "./Market.sol";
import {Trees} from "./Trees.sol";

/// @notice A market with twenty judges, and an order of three segments whose second segment the runs of owners 0 and 1 forged.
abstract contract Disputing is Market, Trees {
    uint256 internal constant JUDGES = 20;
    bytes32 internal constant SECRET = "the hub's";
    address internal accuser = vm.addr(uint256(keccak256("perigee.test.accuser")));
    JobOrder internal order;
    Run internal forged;
    uint256 internal id;
    Dispute internal dispute;

    function setUp() public virtual override {
        super.setUp();
        for (uint256 i = 0; i < JUDGES; ++i) {
            enlists(judgeAt(i), 1);
        }
        token.mint(accuser, 100 * court.accuserBond());
        vm.prank(accuser);
        token.approve(address(court), type(uint256).max);
        order = anOrder();
        order.segments = 3;
        forged = aTreeRun(0, true);
    }

    function enlists(address judge, uint256 count) internal {
        token.mint(judge, count * TICKET);
        vm.startPrank(judge);
        token.approve(address(court), count * TICKET);
        court.enlist(count);
        vm.stopPrank();
    }

    /// @dev These ask their tickets back, a moment before whatever comes.
    function departs(uint256 from, uint256 to) internal {
        for (uint256 i = from; i < to; ++i) {
            vm.prank(judgeAt(i));
            court.delist(i);
        }
        vm.warp(block.timestamp + 1);
    }

    function judgeAt(uint256 i) internal pure returns (address) {
        return address(uint160(0x10000 + i));
    }

    // ---- runs with trees

    function aTreeRun(uint256 party, bool isForged) internal view returns (Run memory) {
        Assignment memory assignment = anAssignment(order, party);
        assignment.secretHash = keccak256(abi.encode(SECRET));
        return aTreeRun(assignment, party, isForged);
    }

    function aTreeRun(Assignment memory assignment, uint256 party, bool isForged)
        internal
        view
        returns (Run memory run)
    {
        run = aRun(assignment, party, anOpening(3, rootOf(assignment.orderHash, isForged), OUTPUT));
        run.opening.leafCount = 4;
        signRun(run, party);
    }

    function shownLeaf(uint32 border, bool isForged) internal view returns (Leaf memory) {
        return shownLeaf(forged.assignment.orderHash, border, isForged);
    }

    function trueLeaf() internal view returns (bytes32) {
        return leafOf(forged.assignment.orderHash, 2, false);
    }

    function forgedLeaf() internal view returns (bytes32) {
        return leafOf(forged.assignment.orderHash, 2, true);
    }

    // ---- a case

    function paidForgery() internal {
        direct(order, list(forged, aTreeRun(1, true)));
    }

    function accuse() internal returns (uint256) {
        return accuse(forged, 2, shownLeaf(1, true), shownLeaf(2, true), trueLeaf());
    }

    function accuse(Run memory run, uint32 border, Leaf memory prior, Leaf memory leaf, bytes32 claimed)
        internal
        returns (uint256)
    {
        Signature memory signature = signed(order);
        vm.recordLogs();
        vm.prank(accuser);
        id = court.accuse(order, signature, list(run), border, prior, leaf, claimed);
        dispute = Logs.opened(vm.getRecordedLogs());
        return id;
    }

    /// @dev By the ticket that it had from the beginning.
    function earnedBy(address judge) internal view returns (uint256) {
        return court.earned(uint160(judge) - 0x10000);
    }

    function draw() internal {
        vm.roll(block.number + 3);
        court.draw(id, dispute, SECRET);
    }

    /// @dev The first `count` seats vote so, those after them otherwise; all in time.
    function vote(uint256 count, bytes32 so, bytes32 otherwise) internal {
        commits(count, so, otherwise);
        vm.warp(block.timestamp + W / 2 + W / 8);
        reveals(count, so, otherwise);
        vm.warp(block.timestamp + W / 4);
    }

    function commits(uint256 count, bytes32 so, bytes32 otherwise) internal {
        address[] memory judges = court.judgesOf(id);
        for (uint256 seat = 0; seat < judges.length; ++seat) {
            bytes32 one = seat < count ? so : otherwise;
            if (one == 0) continue;
            vm.prank(judges[seat]);
            court.commit(id, seat, keccak256(abi.encode(id, judges[seat], one, bytes32(seat))));
        }
    }

    function reveals(uint256 count, bytes32 so, bytes32 otherwise) internal {
        address[] memory judges = court.judgesOf(id);
        for (uint256 seat = 0; seat < judges.length; ++seat) {
            bytes32 one = seat < count ? so : otherwise;
            if (one != 0) court.reveal(id, seat, one, bytes32(seat));
        }
    }
}
