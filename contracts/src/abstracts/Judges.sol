// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {ICourt} from "../interfaces/ICourt.sol";
import {Causes} from "../libraries/Causes.sol";
import {Tokens} from "../libraries/Tokens.sol";

/// @title Judges
/// @notice Who can be drawn, and what the court owes to whom.
///
/// Tickets have their places in a roll, which only grows, so that nobody moves others' places after the seed is known: a case
/// draws from the roll that it was opened under. Who asks a ticket back leaves its place empty for courts called later. When too
/// many are, anybody makes the next roll, in which are the tickets that stand; else whoever buys and gives back would leave
/// courts without judges.
///
/// Courts called before still draw it, and its price stays until they can draw no more: else whoever sees what a seed gives would
/// take tickets out until it gives too few, and have the next seed.
abstract contract Judges is ICourt, ReentrancyGuardTransient {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    address internal constant ASHES = 0x000000000000000000000000000000000000dEaD;
    uint256 private constant MOST_TICKETS = 64;
    /// @dev How often a seat is drawn again when it fell on nobody, a party, or somebody who sits already.
    uint256 private constant TRIES = 32;
    /// @dev Windows. A court draws until W after it was called, and replaces until W after it was drawn.
    uint256 private constant LEAVING = 2;

    /// @dev One slot, which a case writes twice at most: when its judge sits and when it rises.
    /// @param cases that it sits in
    /// @param fees earned and not gathered yet
    /// @param goneAt 0 while it stands; else when it was asked back or forfeited: courts called later do not draw it
    /// @param redeemed its price is not there any more: given back or forfeited. Its judge stays, for its cases and its fees
    struct Ticket {
        address judge;
        uint24 cases;
        uint24 fees;
        uint40 goneAt;
        bool redeemed;
    }

    /// @dev First the tickets carried over from the roll before, then, in the order of their numbers, all sold since.
    /// @param carried how many were carried over so far
    /// @param first the number of the first ticket after them
    /// @param seen how many places of the roll before were looked at
    struct Roll {
        uint32 carried;
        uint32 first;
        uint32 seen;
        mapping(uint256 place => uint32 ticket) tickets;
    }

    address public immutable stakeToken;
    uint256 public immutable fee;
    uint256 public immutable ticketPrice;
    uint64 public immutable window;

    /// @dev Cases, tickets and rolls so far, in one slot.
    uint128 private _casesSoFar;
    uint32 private _count;
    uint24 private _number;
    mapping(uint256 ticket => Ticket) private _tickets;
    mapping(uint256 number => Roll) private _rolls;
    mapping(address who => uint256 amount) public owed;

    /// @param fee_ what a judge is paid for a case
    /// @param ticketPrice_ what a silent judge loses
    constructor(address stakeToken_, uint64 window_, uint256 fee_, uint256 ticketPrice_) {
        if (stakeToken_ == address(0)) revert Causes.ZeroAddress();
        if (fee_ == 0 || ticketPrice_ == 0) revert Causes.ZeroAmount();
        stakeToken = stakeToken_;
        fee = fee_;
        ticketPrice = ticketPrice_;
        window = window_;
    }

    /// @inheritdoc ICourt
    function enlist(uint256 count) external nonReentrant {
        uint256 first = _count;
        // Check: a ticket's number fits 32 bits.
        if (count == 0 || count > MOST_TICKETS || first + count > type(uint32).max) {
            revert Causes.TicketsOutOfRange(count);
        }
        // Interaction first: what arrives decides; the guard keeps others out meanwhile.
        Tokens.pullExactly(stakeToken, count * ticketPrice);
        // Effect
        for (uint256 i = 0; i < count; ++i) {
            emit Enlisted(msg.sender, first + i);
            _tickets[first + i].judge = msg.sender;
        }
        // forge-lint: disable-next-line(unsafe-typecast)
        _count = uint32(first + count);
    }

    /// @inheritdoc ICourt
    function delist(uint256 ticket) external {
        // Check: one's own, which stands.
        Ticket storage mine = _tickets[ticket];
        if (mine.judge != msg.sender || mine.goneAt != 0) revert Causes.NotTheJudge(msg.sender);
        // Effect
        mine.goneAt = block.timestamp.toUint40();
        emit Delisted(msg.sender, ticket, _leavesAt(mine));
    }

    /// @inheritdoc ICourt
    function redeem(uint256 ticket) external {
        // Check: asked back, no court can draw it any more, and it is free.
        Ticket storage theirs = _tickets[ticket];
        if (theirs.goneAt == 0 || theirs.redeemed) revert Causes.NothingToDo(bytes32(ticket));
        if (block.timestamp < _leavesAt(theirs)) revert Causes.StillLocked(_leavesAt(theirs), block.timestamp);
        if (theirs.cases != 0) revert Causes.TicketServes(ticket);
        // Effect
        theirs.redeemed = true;
        owed[theirs.judge] += ticketPrice;
        emit Redeemed(theirs.judge, ticket);
    }

    /// @inheritdoc ICourt
    function renew(uint256 places) external {
        (Roll storage current, Roll storage next) = (_rolls[_number], _rolls[_number + 1]);
        // Check
        if (places == 0) revert Causes.TicketsOutOfRange(places);
        // Effect: what is sold from now on has its place in the next as well
        next.first = _count;
        (uint256 seen, uint256 carried) = (next.seen, next.carried);
        uint256 all = _placesOf(current, next.first);
        uint256 until = seen + Math.min(places, all - seen);
        for (; seen < until; ++seen) {
            uint256 ticket = _ticketAt(current, seen);
            if (_tickets[ticket].goneAt == 0) next.tickets[carried++] = ticket.toUint32();
        }
        // one that leaves nothing out is none: a case has room for so many rolls' numbers
        if (carried == all) (seen, carried) = (0, 0);
        (next.seen, next.carried) = (seen.toUint32(), carried.toUint32());
        if (seen < all || all == 0) return;
        ++_number;
        emit Renewed(_number, carried);
    }

    /// @inheritdoc ICourt
    function gather(uint256[] calldata tickets) external {
        for (uint256 i = 0; i < tickets.length; ++i) {
            // Check
            uint256 amount = earned(tickets[i]);
            // Effect
            Ticket storage theirs = _tickets[tickets[i]];
            theirs.fees = 0;
            owed[theirs.judge] += amount;
        }
    }

    /// @inheritdoc ICourt
    function withdraw(address to) external nonReentrant returns (uint256 amount) {
        amount = owed[msg.sender];
        // Check
        if (to == address(0)) revert Causes.ZeroAddress();
        if (amount == 0) revert Causes.ZeroAmount();
        // Effect
        owed[msg.sender] = 0;
        // Interaction
        IERC20(stakeToken).safeTransfer(to, amount);
    }

    /// @inheritdoc ICourt
    function earned(uint256 ticket) public view returns (uint256) {
        Ticket storage theirs = _tickets[ticket];
        if (theirs.judge == address(0)) revert Causes.NoSuchTicket(ticket);
        return theirs.fees * fee;
    }

    /// @inheritdoc ICourt
    function roll() external view returns (uint256 number, uint256 places) {
        return _roll();
    }

    /// @dev Places that there are now keep their tickets in this roll for ever.
    function _roll() internal view returns (uint24 number, uint32 places) {
        number = _number;
        places = _placesOf(_rolls[number], _count).toUint32();
    }

    /// @dev When the ticket of this number was the next to be sold.
    function _placesOf(Roll storage theirs, uint256 count) private view returns (uint256) {
        return theirs.carried + count - theirs.first;
    }

    function _ticketAt(Roll storage theirs, uint256 place) private view returns (uint256) {
        uint256 carried = theirs.carried;
        return place < carried ? theirs.tickets[place] : theirs.first + place - carried;
    }

    function _nextCase() internal returns (uint256) {
        return _casesSoFar++;
    }

    function _judgeOf(uint256 ticket) internal view returns (address) {
        return _tickets[ticket].judge;
    }

    function _sit(uint256 ticket) internal {
        ++_tickets[ticket].cases;
    }

    function _leavesAt(Ticket storage theirs) private view returns (uint256) {
        return theirs.goneAt + LEAVING * window;
    }

    /// @dev A silent judge loses the ticket, once, however many cases it was silent in.
    function _rise(uint256 id, uint256 ticket, bool silent, bool paid) internal {
        Ticket storage theirs = _tickets[ticket];
        --theirs.cases;
        if (paid) ++theirs.fees;
        if (!silent || theirs.redeemed) return;
        theirs.redeemed = true;
        if (theirs.goneAt == 0) theirs.goneAt = block.timestamp.toUint40();
        owed[ASHES] += ticketPrice;
        emit Forfeited(id, theirs.judge, ticket);
    }

    /// @dev The ticket at one of a roll's first places, by the seed; its holder is neither excluded nor seated. Whatever happens to
    /// tickets after the court was called, it finds the same.
    /// @param called when the court was called: what stood then is drawn
    /// @return ticket `places` when none was found
    function _pick(
        uint256 number,
        uint256 places,
        uint256 called,
        bytes32 seed,
        uint256 seat,
        address[] memory excluded
    ) internal view returns (uint256 ticket, address judge) {
        for (uint256 k = 0; k < TRIES && places > 0; ++k) {
            ticket = _ticketAt(_rolls[number], uint256(keccak256(abi.encode(seed, seat, k))) % places);
            Ticket storage theirs = _tickets[ticket];
            judge = theirs.judge;
            bool stood = theirs.goneAt == 0 || theirs.goneAt >= called;
            if (stood && !_among(excluded, judge)) return (ticket, judge);
        }
        return (places, address(0));
    }

    function _among(address[] memory all, address who) private pure returns (bool) {
        for (uint256 i = 0; i < all.length; ++i) {
            if (all[i] == who) return true;
        }
        return false;
    }
}
