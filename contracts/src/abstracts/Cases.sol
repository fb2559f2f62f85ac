// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Blockhash} from "@openzeppelin/contracts/utils/Blockhash.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Dispute, ICourt} from "../interfaces/ICourt.sol";
import {IEscrow} from "../interfaces/IEscrow.sol";
import {Causes} from "../libraries/Causes.sol";
import {Judges} from "./Judges.sol";

/// @title Cases
/// @notice How a court is drawn, votes, and is replaced where it is silent.
///
/// Of a case the court keeps the hash of what it is about, one slot for how far it is, one for five judges' tickets (the second
/// court has two), and one for each vote. What it is about is shown again by whoever needs it.
abstract contract Cases is Judges {
    using SafeCast for uint256;

    uint256 internal constant FIRST = 5;
    uint256 internal constant SECOND = 9;
    uint256 private constant MOST_REPLACEMENTS = 2;
    /// @dev Blocks. Hashes are kept for 8,191 (EIP-2935), which may be less than W/8 where blocks are quick.
    uint256 private constant SOON_FORGOTTEN = 4096;

    /// @dev One slot. 31 bytes of a hash are enough to tell it from others.
    /// @param word of what the judge committed to; once revealed, of the leaf it came to
    struct Ballot {
        bytes31 word;
        bool revealed;
    }

    /// @param dispute the hash of what it is about
    /// @param commitUntil 0 before the draw
    /// @param places how many the roll had when the seed's block was named: later ones cannot be drawn
    /// @param roll which
    /// @param fees how many were paid from the accuser's bond
    /// @param again whether a draw found too few: from then on the hub's secret counts no more
    /// @param seed what replacements are drawn by
    /// @param seats their tickets
    /// @param sat the tickets of who sat before
    struct Case {
        bytes32 dispute;
        uint40 openedAt;
        uint40 drawBlock;
        uint40 commitUntil;
        uint32 places;
        uint24 roll;
        uint8 court;
        uint8 replacements;
        uint8 fees;
        Outcome outcome;
        bool again;
        bytes5 seed;
        uint32[9] seats;
        uint32[] sat;
        mapping(uint256 court => mapping(uint256 seat => Ballot)) ballots;
    }

    IEscrow internal immutable _escrow;

    mapping(uint256 id => Case) private _cases;

    constructor(address escrow_, address stakeToken_, uint64 window_, uint256 fee_, uint256 ticketPrice_)
        Judges(stakeToken_, window_, fee_, ticketPrice_)
    {
        _escrow = IEscrow(escrow_);
    }

    /// @inheritdoc ICourt
    function draw(uint256 id, Dispute calldata dispute, bytes32 secret) external {
        Case storage theirs = _shown(id, dispute);
        // Check: in time, the block is there, and the hub's secret, unless it had its time.
        if (theirs.commitUntil != 0) revert Causes.DrawnAlready(id);
        uint256 until = theirs.openedAt + window;
        if (block.timestamp >= until) revert Causes.TooLate(until, block.timestamp);
        bool told = !theirs.again && keccak256(abi.encode(secret)) == dispute.secretHash;
        uint256 from = theirs.openedAt + window / 8;
        if (!told && !theirs.again && block.timestamp < from && block.number < theirs.drawBlock + SOON_FORGOTTEN) {
            revert Causes.TooEarly(from, block.timestamp);
        }
        bytes32 hash = Blockhash.blockHash(theirs.drawBlock);
        if (hash == 0) revert Causes.NoBlockHash(theirs.drawBlock, block.number);
        bytes32 seed = keccak256(abi.encode(hash, told ? secret : bytes32(0), id, theirs.court));
        (uint256[] memory tickets, address[] memory judges) = _bench(theirs, dispute, seed);
        // Effect: too few who could judge; who is there now can be drawn by another block, as long as W is not over. A hub that
        // chose between two draws each time would have its bench in the end.
        if (judges.length == 0) return _name(id, theirs);
        for (uint256 seat = 0; seat < tickets.length; ++seat) {
            theirs.seats[seat] = tickets[seat].toUint32();
            _sit(tickets[seat]);
        }
        // forge-lint: disable-next-line(unsafe-typecast)
        (theirs.seed, theirs.commitUntil) = (bytes5(seed), (block.timestamp + window / 2).toUint40());
        emit Drawn(id, theirs.court, seed, judges, theirs.commitUntil);
    }

    /// @inheritdoc ICourt
    function replace(uint256 id, Dispute calldata dispute) external {
        Case storage theirs = _shown(id, dispute);
        // Check: the time to commit is over, the time to reveal has not begun, and this is not done for ever.
        if (theirs.commitUntil == 0 || block.timestamp < theirs.commitUntil) {
            revert Causes.TooEarly(theirs.commitUntil, block.timestamp);
        }
        if (block.timestamp >= _revealFrom(theirs) || theirs.replacements == MOST_REPLACEMENTS) {
            revert Causes.TooLate(_revealFrom(theirs), block.timestamp);
        }
        // Effect
        ++theirs.replacements;
        bytes32 seed = keccak256(abi.encode(theirs.seed, theirs.replacements));
        (address[] memory excluded, uint256 known) = _excluded(theirs, dispute);
        uint256 before = known;
        uint256 size = _size(theirs);
        for (uint256 seat = 0; seat < size; ++seat) {
            if (theirs.ballots[theirs.court][seat].word != 0) continue;
            (uint256 ticket, address judge) = _pick(theirs.roll, theirs.places, theirs.openedAt, seed, seat, excluded);
            if (judge == address(0)) continue;
            excluded[known++] = judge;
            _replace(id, theirs, seat, ticket, judge);
        }
        if (known == before) revert Causes.NothingToDo(bytes32(id));
        theirs.commitUntil = (block.timestamp + window / 4).toUint40();
    }

    /// @inheritdoc ICourt
    function commit(uint256 id, uint256 seat, bytes32 commitment) external {
        Case storage theirs = _running(id);
        Ballot storage mine = theirs.ballots[theirs.court][seat];
        // Check
        if (_judgeAt(theirs, seat) != msg.sender) revert Causes.NotTheJudge(msg.sender);
        if (block.timestamp >= theirs.commitUntil) revert Causes.TooLate(theirs.commitUntil, block.timestamp);
        if (mine.word != 0 || _word(commitment) == 0) revert Causes.VotedAlready(id, seat);
        // Effect
        mine.word = _word(commitment);
        emit Committed(id, seat);
    }

    /// @inheritdoc ICourt
    function reveal(uint256 id, uint256 seat, bytes32 vote, bytes32 salt) external {
        Case storage theirs = _running(id);
        Ballot storage mine = theirs.ballots[theirs.court][seat];
        // Check: in time, once, and what was committed.
        uint256 from = _revealFrom(theirs);
        if (theirs.commitUntil == 0 || block.timestamp < from) revert Causes.TooEarly(from, block.timestamp);
        uint256 until = _revealUntil(theirs);
        if (block.timestamp >= until) revert Causes.TooLate(until, block.timestamp);
        if (mine.revealed || _word(vote) == 0) revert Causes.VotedAlready(id, seat);
        if (mine.word != _word(keccak256(abi.encode(id, _judgeAt(theirs, seat), vote, salt)))) {
            revert Causes.NotTheVote(id, seat);
        }
        // Effect
        (mine.word, mine.revealed) = (_word(vote), true);
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
    function judgesOf(uint256 id) external view returns (address[] memory judges) {
        Case storage theirs = _cases[id];
        judges = new address[](_size(theirs));
        for (uint256 seat = 0; seat < judges.length; ++seat) {
            judges[seat] = _judgeOf(theirs.seats[seat]);
        }
    }

    // ---- inside

    /// @param by who has the accuser's part in it
    function _end(uint256 id, Case storage theirs, Dispute calldata dispute, Outcome outcome, address by)
        internal
        virtual;

    function _open(Dispute memory dispute) internal returns (uint256 id) {
        id = _nextCase();
        _cases[id].dispute = keccak256(abi.encode(dispute));
        _call(_cases[id], 1);
    }

    function _call(Case storage theirs, uint8 court) private {
        (theirs.court, theirs.replacements, theirs.commitUntil) = (court, 0, 0);
        (theirs.openedAt, theirs.again) = (block.timestamp.toUint40(), false);
        _nameBlock(theirs);
    }

    /// @dev Names the block whose hash decides, two ahead, and who can be drawn.
    function _nameBlock(Case storage theirs) private {
        theirs.drawBlock = (block.number + 2).toUint40();
        (theirs.roll, theirs.places) = _roll();
    }

    function _name(uint256 id, Case storage theirs) private {
        theirs.again = true;
        _nameBlock(theirs);
        emit CalledAgain(id, theirs.court, theirs.drawBlock);
    }

    /// @dev A ticket and a judge for each seat; none when there are too few.
    function _bench(Case storage theirs, Dispute calldata dispute, bytes32 seed)
        private
        view
        returns (uint256[] memory tickets, address[] memory judges)
    {
        (address[] memory excluded, uint256 known) = _excluded(theirs, dispute);
        uint256 places = theirs.places;
        tickets = new uint256[](theirs.court == 1 ? FIRST : SECOND);
        judges = new address[](tickets.length);
        for (uint256 seat = 0; seat < tickets.length; ++seat) {
            (tickets[seat], judges[seat]) = _pick(theirs.roll, places, theirs.openedAt, seed, seat, excluded);
            if (judges[seat] == address(0)) return (tickets, new address[](0));
            excluded[known + seat] = judges[seat];
        }
    }

    /// @dev The parties, and everybody who sits or sat in this case; with room for as many as can be drawn at once.
    function _excluded(Case storage theirs, Dispute calldata dispute)
        private
        view
        returns (address[] memory all, uint256 known)
    {
        uint256 before = theirs.sat.length;
        uint256 size = _size(theirs);
        known = 4 + before + size;
        all = new address[](known + SECOND);
        (all[0], all[1], all[2], all[3]) = (dispute.accuser, dispute.accused, dispute.builder, dispute.hub);
        for (uint256 i = 0; i < before; ++i) {
            all[4 + i] = _judgeOf(theirs.sat[i]);
        }
        for (uint256 seat = 0; seat < size; ++seat) {
            all[4 + before + seat] = _judgeOf(theirs.seats[seat]);
        }
    }

    function _replace(uint256 id, Case storage theirs, uint256 seat, uint256 ticket, address judge) private {
        uint32 silent = theirs.seats[seat];
        emit Replaced(id, seat, _judgeOf(silent), judge);
        _rise(id, silent, true, false);
        _sit(ticket);
        theirs.sat.push(silent);
        theirs.seats[seat] = ticket.toUint32();
    }

    /// @dev Who is silent loses the ticket; who voted for the leaf that enough came to is paid from the accuser's bond, or all who
    /// voted when there is none. All rise.
    /// @param needed more than half
    /// @return found 0: there is none
    function _tally(uint256 id, Case storage theirs, uint256 needed) internal returns (bytes31 found) {
        bytes31[] memory votes = _votes(theirs);
        found = _found(votes, needed);
        uint8 fees = theirs.fees;
        for (uint256 seat = 0; seat < votes.length; ++seat) {
            bytes31 vote = votes[seat];
            bool paid = vote != 0 && (found == 0 || vote == found);
            if (paid) ++fees;
            _rise(id, theirs.seats[seat], vote == 0, paid);
        }
        theirs.fees = fees;
    }

    /// @dev The bench becomes who sat before.
    function _callAgain(uint256 id, Case storage theirs) internal {
        for (uint256 seat = 0; seat < FIRST; ++seat) {
            theirs.sat.push(theirs.seats[seat]);
        }
        _call(theirs, 2);
        emit CalledAgain(id, 2, theirs.drawBlock);
    }

    function _votes(Case storage theirs) private view returns (bytes31[] memory votes) {
        uint256 court = theirs.court;
        votes = new bytes31[](_size(theirs));
        for (uint256 seat = 0; seat < votes.length; ++seat) {
            Ballot storage one = theirs.ballots[court][seat];
            if (one.revealed) votes[seat] = one.word;
        }
    }

    function _found(bytes31[] memory votes, uint256 needed) private pure returns (bytes31) {
        for (uint256 i = 0; i + needed <= votes.length; ++i) {
            bytes31 vote = votes[i];
            uint256 same = 0;
            for (uint256 j = i; j < votes.length && vote != 0; ++j) {
                if (votes[j] == vote) ++same;
            }
            if (same >= needed) return vote;
        }
        return 0;
    }

    /// @dev As much of a hash as a ballot keeps.
    function _word(bytes32 hash) internal pure returns (bytes31) {
        // forge-lint: disable-next-line(unsafe-typecast)
        return bytes31(hash);
    }

    /// @dev Nobody sits before the draw.
    function _size(Case storage theirs) private view returns (uint256) {
        if (theirs.commitUntil == 0) return 0;
        return theirs.court == 1 ? FIRST : SECOND;
    }

    /// @dev Nobody where there is no seat.
    function _judgeAt(Case storage theirs, uint256 seat) private view returns (address) {
        return seat < _size(theirs) ? _judgeOf(theirs.seats[seat]) : address(0);
    }

    /// @dev Between the time to commit and this, who did not commit is replaced.
    function _revealFrom(Case storage theirs) internal view returns (uint256) {
        return theirs.commitUntil + window / 8;
    }

    function _revealUntil(Case storage theirs) internal view returns (uint256) {
        return _revealFrom(theirs) + window / 4;
    }

    function _running(uint256 id) internal view returns (Case storage theirs) {
        theirs = _cases[id];
        if (theirs.court == 0 || theirs.outcome != Outcome.None) revert Causes.NoSuchCase(id);
    }

    /// @dev And it is about this.
    function _shown(uint256 id, Dispute calldata dispute) internal view returns (Case storage theirs) {
        theirs = _running(id);
        if (keccak256(abi.encode(dispute)) != theirs.dispute) revert Causes.DisputeMismatch(id);
    }
}
