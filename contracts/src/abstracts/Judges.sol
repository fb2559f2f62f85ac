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

    address public immutable stakeToken;
    uint256 public immutable ticketPrice;

    address[] private _tickets;
    mapping(uint256 ticket => uint256 cases) private _serving;
    mapping(address who => uint256 amount) public owed;

    constructor(address stakeToken_, uint256 ticketPrice_) {
        if (stakeToken_ == address(0)) revert Errors.ZeroAddress();
        if (ticketPrice_ == 0) revert Errors.ZeroAmount();
        stakeToken = stakeToken_;
        ticketPrice = ticketPrice_;
    }

    /// @inheritdoc ICourt
    function enlist(uint256 count) external nonReentrant {
        // Check
        if (count == 0 || count > MOST_TICKETS) revert Errors.TicketsOutOfRange(count);
        // Interaction first: what arrives decides; the guard keeps others out meanwhile.
        Tokens.pullExactly(stakeToken, count * ticketPrice);
        // Effect
        for (uint256 i = 0; i < count; ++i) {
            emit Enlisted(msg.sender, _tickets.length);
            _tickets.push(msg.sender);
        }
    }

    /// @inheritdoc ICourt
    function delist(uint256 ticket) external {
        // Check: one's own, and free.
        if (ticket >= _tickets.length || _tickets[ticket] != msg.sender) revert Errors.NotTheJudge(msg.sender);
        if (_serving[ticket] != 0) revert Errors.TicketServes(ticket);
        // Effect
        delete _tickets[ticket];
        owed[msg.sender] += ticketPrice;
        emit Delisted(msg.sender, ticket);
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

    function _ticketCount() internal view returns (uint256) {
        return _tickets.length;
    }

    function _sit(uint256 ticket) internal {
        ++_serving[ticket];
    }

    function _rise(uint256 ticket) internal {
        --_serving[ticket];
    }

    /// @dev A silent judge loses the ticket, once, however many cases it was silent in.
    function _forfeit(uint256 id, uint256 ticket) internal {
        address judge = _tickets[ticket];
        if (judge == address(0)) return;
        delete _tickets[ticket];
        owed[ASHES] += ticketPrice;
        emit Forfeited(id, judge, ticket);
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
            judge = _tickets[ticket];
            if (judge != address(0) && !_among(excluded, judge)) return (ticket, judge);
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
