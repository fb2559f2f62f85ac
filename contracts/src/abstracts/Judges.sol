// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {ICourt} from "../interfaces/ICourt.sol";
import {Errors} from "../libraries/Errors.sol";
import {Tokens} from "../libraries/Tokens.sol";

/// @title Judges
/// @notice Who can be drawn, and what the court owes to whom. A ticket keeps its place for ever, so that nobody moves others'
/// places after the seed is known.
abstract contract Judges is ICourt, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    address internal constant ASHES = 0x000000000000000000000000000000000000dEaD;
    uint256 private constant MOST_TICKETS = 64;
    /// @dev How often a seat is drawn again when it fell on nobody, a party, or somebody who sits already.
    uint256 private constant TRIES = 32;

    /// @dev One slot, which a case writes twice at most: when its judge sits and when it rises.
    /// @param cases that it sits in
    /// @param fees earned and not gathered yet
    /// @param gone given back or forfeited; its judge stays, for the cases it sits in and the fees it earned
    struct Ticket {
        address judge;
        uint32 cases;
        uint48 fees;
        bool gone;
    }

    address public immutable stakeToken;
    uint256 public immutable fee;
    uint256 public immutable ticketPrice;

    /// @dev Cases and tickets so far, in one slot.
    uint128 private _casesSoFar;
    uint32 private _count;
    mapping(uint256 ticket => Ticket) private _tickets;
    mapping(address who => uint256 amount) public owed;

    /// @param fee_ what a judge is paid for a case
    /// @param ticketPrice_ what a silent judge loses
    constructor(address stakeToken_, uint256 fee_, uint256 ticketPrice_) {
        if (stakeToken_ == address(0)) revert Errors.ZeroAddress();
        if (fee_ == 0 || ticketPrice_ == 0) revert Errors.ZeroAmount();
        stakeToken = stakeToken_;
        fee = fee_;
        ticketPrice = ticketPrice_;
    }

    /// @inheritdoc ICourt
    function enlist(uint256 count) external nonReentrant {
        uint256 first = _count;
        // Check: a ticket's number fits 32 bits.
        if (count == 0 || count > MOST_TICKETS || first + count > type(uint32).max) {
            revert Errors.TicketsOutOfRange(count);
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
        // Check: one's own, and free.
        Ticket storage mine = _tickets[ticket];
        if (mine.judge != msg.sender || mine.gone) revert Errors.NotTheJudge(msg.sender);
        if (mine.cases != 0) revert Errors.TicketServes(ticket);
        // Effect
        mine.gone = true;
        owed[msg.sender] += ticketPrice;
        emit Delisted(msg.sender, ticket);
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
        if (to == address(0)) revert Errors.ZeroAddress();
        if (amount == 0) revert Errors.ZeroAmount();
        // Effect
        owed[msg.sender] = 0;
        // Interaction
        IERC20(stakeToken).safeTransfer(to, amount);
    }

    /// @inheritdoc ICourt
    function earned(uint256 ticket) public view returns (uint256) {
        Ticket storage theirs = _tickets[ticket];
        if (theirs.judge == address(0)) revert Errors.NoSuchTicket(ticket);
        return theirs.fees * fee;
    }

    function _ticketCount() internal view returns (uint32) {
        return _count;
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

    /// @dev A silent judge loses the ticket, once, however many cases it was silent in.
    function _rise(uint256 id, uint256 ticket, bool silent, bool paid) internal {
        Ticket storage theirs = _tickets[ticket];
        --theirs.cases;
        if (paid) ++theirs.fees;
        if (!silent || theirs.gone) return;
        theirs.gone = true;
        owed[ASHES] += ticketPrice;
        emit Forfeited(id, theirs.judge, ticket);
    }

    /// @dev One ticket of the first `count`, by the seed; its holder is neither excluded nor seated.
    /// @return ticket `count` when none was found
    function _pick(bytes32 seed, uint256 seat, uint256 count, address[] memory excluded)
        internal
        view
        returns (uint256 ticket, address judge)
    {
        for (uint256 k = 0; k < TRIES && count > 0; ++k) {
            ticket = uint256(keccak256(abi.encode(seed, seat, k))) % count;
            Ticket storage theirs = _tickets[ticket];
            judge = theirs.judge;
            if (!theirs.gone && !_among(excluded, judge)) return (ticket, judge);
        }
        return (count, address(0));
    }

    function _among(address[] memory all, address who) private pure returns (bool) {
        for (uint256 i = 0; i < all.length; ++i) {
            if (all[i] == who) return true;
        }
        return false;
    }
}
