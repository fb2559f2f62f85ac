// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Blockhash} from "@openzeppelin/contracts/utils/Blockhash.sol";

import {ICourt} from "../interfaces/ICourt.sol";
import {IEscrow} from "../interfaces/IEscrow.sol";
import {Errors} from "../libraries/Errors.sol";
import {Judges} from "./Judges.sol";

/// @title Cases
/// @notice How a court is drawn, votes, and is replaced where it is silent.
abstract contract Cases is Judges {
    uint256 internal constant FIRST = 5;
    uint256 internal constant SECOND = 9;
    uint256 private constant MOST_REPLACEMENTS = 2;

    struct Seat {
        address judge;
        uint64 ticket;
        bytes32 commitment;
        bytes32 vote;
    }

    /// @param slashable what the assignment's bond may cost; 0: not of the strict class
    /// @param pot what is left of the accuser's bond
    /// @param tickets how many there were when the seed's block was named: later ones cannot be drawn
    /// @param commitUntil 0 before the draw
    struct Case {
        bytes32 assignmentHash;
        bytes32 priorLeaf;
        bytes32 accusedLeaf;
        bytes32 claimedLeaf;
        bytes32 secretHash;
        bytes32 seed;
        address accuser;
        uint64 openedAt;
        address accused;
        uint64 drawBlock;
        address builder;
        uint64 commitUntil;
        address hub;
        uint64 tickets;
        uint8 court;
        uint8 replacements;
        Outcome outcome;
        uint128 slashable;
        uint128 pot;
        Seat[] seats;
        address[] sat;
    }

    IEscrow internal immutable _escrow;
    uint64 public immutable window;
    uint256 public immutable fee;

    Case[] internal _cases;

    /// @param fee_ what a judge is paid for a case
    /// @param ticketPrice_ what a silent judge loses
    constructor(address escrow_, address stakeToken_, uint64 window_, uint256 fee_, uint256 ticketPrice_)
        Judges(stakeToken_, ticketPrice_)
    {
        if (fee_ == 0) revert Errors.ZeroAmount();
        _escrow = IEscrow(escrow_);
        window = window_;
        fee = fee_;
    }

    /// @inheritdoc ICourt
    function draw(uint256 id, bytes32 secret) external {
        Case storage theirs = _running(id);
        // Check: the block is there, and the hub's secret, unless it had its time.
        if (theirs.commitUntil != 0) revert Errors.DrawnAlready(id);
        bool told = keccak256(abi.encode(secret)) == theirs.secretHash;
        uint256 from = theirs.openedAt + window / 8;
        if (!told && block.timestamp < from) revert Errors.TooEarly(from, block.timestamp);
        bytes32 hash = Blockhash.blockHash(theirs.drawBlock);
        if (hash == 0) revert Errors.NoBlockHash(theirs.drawBlock, block.number);
        // Effect
        theirs.seed = keccak256(abi.encode(hash, told ? secret : bytes32(0), id, theirs.court));
        theirs.commitUntil = uint64(block.timestamp) + window / 2;
        uint256 size = theirs.court == 1 ? FIRST : SECOND;
        for (uint256 seat = 0; seat < size; ++seat) {
            (uint256 ticket, address judge) = _pick(theirs.seed, seat, theirs.tickets, _excluded(theirs));
            // too few who could judge: nobody is slashed
            if (judge == address(0)) {
                _riseAll(theirs);
                return _end(id, theirs, Outcome.Undecided);
            }
            _seat(theirs, ticket, judge);
        }
        emit Drawn(id, theirs.court, theirs.seed, judgesOf(id), theirs.commitUntil);
    }

    /// @inheritdoc ICourt
    function replace(uint256 id) external {
        Case storage theirs = _running(id);
        // Check: the time to commit is over, the time to reveal has not begun, and this is not done for ever.
        if (theirs.commitUntil == 0 || block.timestamp < theirs.commitUntil) {
            revert Errors.TooEarly(theirs.commitUntil, block.timestamp);
        }
        if (block.timestamp >= _revealFrom(theirs) || theirs.replacements == MOST_REPLACEMENTS) {
            revert Errors.TooLate(_revealFrom(theirs), block.timestamp);
        }
        // Effect
        ++theirs.replacements;
        theirs.commitUntil = uint64(block.timestamp) + window / 4;
        theirs.seed = keccak256(abi.encode(theirs.seed));
        uint256 replaced = 0;
        for (uint256 seat = 0; seat < theirs.seats.length; ++seat) {
            Seat storage silent = theirs.seats[seat];
            if (silent.commitment != 0) continue;
            (uint256 ticket, address judge) = _pick(theirs.seed, seat, theirs.tickets, _excluded(theirs));
            if (judge == address(0)) continue;
            emit Replaced(id, seat, silent.judge, judge);
            _rise(silent.ticket);
            _forfeit(id, silent.ticket);
            _sit(ticket);
            // tickets are counted in 64 bits
            // forge-lint: disable-next-line(unsafe-typecast)
            (silent.judge, silent.ticket) = (judge, uint64(ticket));
            theirs.sat.push(judge);
            ++replaced;
        }
        if (replaced == 0) revert Errors.NothingToDo(bytes32(id));
    }

    /// @inheritdoc ICourt
    function commit(uint256 id, uint256 seat, bytes32 commitment) external {
        Case storage theirs = _running(id);
        Seat storage mine = theirs.seats[seat];
        // Check
        if (mine.judge != msg.sender) revert Errors.NotTheJudge(msg.sender);
        if (block.timestamp >= theirs.commitUntil) revert Errors.TooLate(theirs.commitUntil, block.timestamp);
        if (mine.commitment != 0 || commitment == 0) revert Errors.VotedAlready(id, seat);
        // Effect
        mine.commitment = commitment;
        emit Committed(id, seat);
    }

    /// @inheritdoc ICourt
    function reveal(uint256 id, uint256 seat, bytes32 vote, bytes32 salt) external {
        Case storage theirs = _running(id);
        Seat storage mine = theirs.seats[seat];
        // Check: in time, once, and what was committed.
        uint256 from = _revealFrom(theirs);
        if (theirs.commitUntil == 0 || block.timestamp < from) revert Errors.TooEarly(from, block.timestamp);
        uint256 until = _revealUntil(theirs);
        if (block.timestamp >= until) revert Errors.TooLate(until, block.timestamp);
        if (mine.vote != 0 || vote == 0) revert Errors.VotedAlready(id, seat);
        if (mine.commitment != keccak256(abi.encode(id, mine.judge, vote, salt))) revert Errors.NotTheVote(id, seat);
        // Effect
        mine.vote = vote;
        emit Revealed(id, seat, vote);
    }

    // ---- reading

    /// @inheritdoc ICourt
    function escrow() external view returns (address) {
        return address(_escrow);
    }

    /// @inheritdoc ICourt
    function accuserBond() public view returns (uint256) {
        return 2 * (FIRST + SECOND) * fee;
    }

    /// @inheritdoc ICourt
    function judgesOf(uint256 id) public view returns (address[] memory judges) {
        Seat[] storage seats = _cases[id].seats;
        judges = new address[](seats.length);
        for (uint256 i = 0; i < judges.length; ++i) {
            judges[i] = seats[i].judge;
        }
    }

    // ---- inside

    function _end(uint256 id, Case storage theirs, Outcome outcome) internal virtual;

    /// @dev Names the block whose hash decides, two ahead, and who can be drawn.
    function _call(Case storage theirs, uint8 court) internal {
        (theirs.court, theirs.replacements, theirs.commitUntil) = (court, 0, 0);
        (theirs.openedAt, theirs.drawBlock) = (uint64(block.timestamp), uint64(block.number + 2));
        theirs.tickets = uint64(_ticketCount());
    }

    function _seat(Case storage theirs, uint256 ticket, address judge) internal {
        _sit(ticket);
        // forge-lint: disable-next-line(unsafe-typecast)
        theirs.seats.push(Seat(judge, uint64(ticket), 0, 0));
        theirs.sat.push(judge);
    }

    /// @dev The parties, and everybody who sat in this case before.
    function _excluded(Case storage theirs) internal view returns (address[] memory all) {
        uint256 count = theirs.sat.length;
        all = new address[](count + 4);
        (all[0], all[1], all[2], all[3]) = (theirs.accuser, theirs.accused, theirs.builder, theirs.hub);
        for (uint256 i = 0; i < count; ++i) {
            all[i + 4] = theirs.sat[i];
        }
    }

    function _dismiss(uint256 id, Case storage theirs) internal {
        for (uint256 i = 0; i < theirs.seats.length; ++i) {
            _rise(theirs.seats[i].ticket);
            if (theirs.seats[i].vote == 0) _forfeit(id, theirs.seats[i].ticket);
        }
    }

    /// @dev The leaf that at least `needed` judges came to, which is more than half of them; 0: there is none.
    function _found(Case storage theirs, uint256 needed) internal view returns (bytes32) {
        uint256 size = theirs.seats.length;
        for (uint256 i = 0; i + needed <= size; ++i) {
            bytes32 vote = theirs.seats[i].vote;
            uint256 same = 0;
            for (uint256 j = i; j < size && vote != 0; ++j) {
                if (theirs.seats[j].vote == vote) ++same;
            }
            if (same >= needed) return vote;
        }
        return 0;
    }

    /// @dev Between the time to commit and this, who did not commit is replaced.
    function _revealFrom(Case storage theirs) internal view returns (uint256) {
        return theirs.commitUntil + window / 8;
    }

    function _revealUntil(Case storage theirs) internal view returns (uint256) {
        return _revealFrom(theirs) + window / 4;
    }

    function _riseAll(Case storage theirs) internal {
        for (uint256 i = 0; i < theirs.seats.length; ++i) {
            _rise(theirs.seats[i].ticket);
        }
        delete theirs.seats;
    }

    function _running(uint256 id) internal view returns (Case storage theirs) {
        if (id >= _cases.length || _cases[id].outcome != Outcome.None) revert Errors.NoSuchCase(id);
        return _cases[id];
    }
}
