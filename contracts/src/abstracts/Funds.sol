// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {Debit, IEpochs} from "../interfaces/IEpochs.sol";
import {IEscrow} from "../interfaces/IEscrow.sol";
import {ProviderRegistry} from "../ProviderRegistry.sol";
import {Causes} from "../libraries/Causes.sol";
import {JobOrder} from "../libraries/Messages.sol";
import {Tokens} from "../libraries/Tokens.sol";
import {Costs} from "./Costs.sol";
import {Orders} from "./Orders.sol";

/// @title Funds
/// @notice The four places of a builder's money, and the ways between them: free balance, allotment, on the way back,
/// reserved credit. Everything that leaves an allotment for a credit passes `_spend`.
abstract contract Funds is Costs, Orders, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

    /// @dev One slot.
    struct Allotment {
        uint96 active;
        uint96 pending;
        uint64 availableAt;
    }

    /// @dev Two slots until something ripens uncollected. One addition to a credit is at most 2^96 - 1 units.
    /// @param disputes how many make it wait
    /// @param condemned the work was proven wrong; so it may be before there is a credit
    /// @param burned likewise, by `direct`
    struct Credit {
        address owner;
        uint48 maturesAt;
        uint32 disputes;
        bool condemned;
        bool burned;
        address token;
        uint96 maturing;
        uint256 matured;
    }

    ProviderRegistry internal immutable _registry;
    IEpochs internal immutable _epochs;
    address internal immutable _court;

    mapping(address builder => mapping(address token => uint256 amount)) public balanceOf;
    mapping(address builder => mapping(address hub => mapping(address token => Allotment))) private _allotments;
    mapping(bytes32 assignmentHash => Credit) private _credits;

    modifier onlyCourt() {
        if (msg.sender != _court) revert Causes.NotTheCourt(msg.sender);
        _;
    }

    modifier onlyEpochs() {
        if (msg.sender != address(_epochs)) revert Causes.NotTheEpochs(msg.sender);
        _;
    }

    constructor(ProviderRegistry registry_, IEpochs epochs_, address court_) {
        _registry = registry_;
        _epochs = epochs_;
        _court = court_;
    }

    // ---- in and out

    /// @inheritdoc IEscrow
    function deposit(address token, uint256 amount) external nonReentrant {
        _deposit(token, amount);
    }

    /// @inheritdoc IEscrow
    function depositWithPermit(address token, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
        nonReentrant
    {
        // Interaction: a used permit is no error, the allowance decides.
        Tokens.tryPermit(token, amount, deadline, v, r, s);
        _deposit(token, amount);
    }

    /// @inheritdoc IEscrow
    function withdraw(address token, address to, uint256 amount) external nonReentrant {
        // Check: it is the caller's, and free.
        if (to == address(0)) revert Causes.ZeroAddress();
        _takeFromBalance(token, amount);
        emit Withdrawn(msg.sender, token, to, amount);
        // Interaction
        IERC20(token).safeTransfer(to, amount);
    }

    // ---- to a hub and back

    /// @inheritdoc IEscrow
    function allot(address hub, address token, uint256 amount) external {
        Allotment storage mine = _allotments[msg.sender][hub][token];
        // Check: it is the caller's, and free, and has room.
        if (hub == address(0)) revert Causes.ZeroAddress();
        uint256 room = MOST - _fundsOf(mine);
        if (amount > room) revert Causes.AmountTooLarge(amount, room);
        _takeFromBalance(token, amount);
        // Effect
        mine.active += amount.toUint96();
        emit Allotted(msg.sender, hub, token, amount, mine.active);
    }

    /// @inheritdoc IEscrow
    function recall(address hub, address token, uint256 amount) external {
        Allotment storage mine = _allotments[msg.sender][hub][token];
        // Check: no more than is there.
        if (amount == 0) revert Causes.ZeroAmount();
        if (amount > mine.active) {
            revert Causes.InsufficientAllotment(msg.sender, hub, token, amount, mine.active);
        }
        // Effect
        mine.active -= amount.toUint96();
        mine.pending += amount.toUint96();
        mine.availableAt = uint64(block.timestamp) + recallTime();
        emit Recalled(msg.sender, hub, token, amount, mine.active, mine.availableAt);
    }

    /// @inheritdoc IEscrow
    function reclaim(address hub, address token) external returns (uint256 amount) {
        Allotment storage mine = _allotments[msg.sender][hub][token];
        amount = mine.pending;
        // Check: something is due.
        if (amount == 0) revert Causes.ZeroAmount();
        if (block.timestamp < mine.availableAt) revert Causes.StillLocked(mine.availableAt, block.timestamp);
        // Effect
        mine.pending = 0;
        balanceOf[msg.sender][token] += amount;
        emit Reclaimed(msg.sender, hub, token, amount);
    }

    // ---- to an owner

    /// @inheritdoc IEscrow
    function collect(bytes32[] calldata assignmentHashes) external nonReentrant {
        for (uint256 i = 0; i < assignmentHashes.length; ++i) {
            _collect(assignmentHashes[i]);
        }
    }

    function _collect(bytes32 assignmentHash) private {
        Credit storage due = _credits[assignmentHash];
        // Check: no dispute makes it wait.
        if (due.disputes != 0) revert Causes.CreditFrozen(assignmentHash);
        uint256 amount = due.matured;
        if (due.maturing > 0 && block.timestamp >= due.maturesAt) amount += due.maturing;
        // Check: time has come. Nothing there at all means that somebody was quicker, which is no error.
        if (amount == 0) {
            if (due.maturing > 0) revert Causes.CreditImmature(assignmentHash, due.maturesAt, block.timestamp);
            return;
        }
        // Effect
        if (block.timestamp >= due.maturesAt) due.maturing = 0;
        due.matured = 0;
        address payee = _registry.payeeOf(due.owner);
        emit Collected(assignmentHash, due.owner, payee, due.token, amount);
        // Interaction
        IERC20(due.token).safeTransfer(payee, amount);
    }

    // ---- for the epochs

    /// @inheritdoc IEscrow
    function charge(address hub, address token, Debit[] calldata debits, uint256 least)
        external
        onlyEpochs
        returns (uint256 taken)
    {
        uint256[] memory parts = new uint256[](debits.length);
        for (uint256 i = 0; i < debits.length; ++i) {
            parts[i] = Math.min(debits[i].amount, _fundsOf(_allotments[debits[i].builder][hub][token]));
            taken += parts[i];
        }
        // Check: before anything is drawn.
        if (taken < least) return 0;
        // Effect
        for (uint256 i = 0; i < debits.length; ++i) {
            Allotment storage theirs = _allotments[debits[i].builder][hub][token];
            _draw(theirs, parts[i]);
            emit Charged(debits[i].builder, hub, token, parts[i], theirs.active);
        }
        balanceOf[msg.sender][token] += taken;
    }

    /// @inheritdoc IEscrow
    function move(address token, address from, address to, uint256 amount) external onlyEpochs {
        uint256 available = balanceOf[from][token];
        // Check: it is there.
        if (amount > available) revert Causes.InsufficientBalance(from, token, amount, available);
        // Effect
        balanceOf[from][token] = available - amount;
        balanceOf[to][token] += amount;
        emit Moved(token, from, to, amount);
    }

    /// @inheritdoc IEscrow
    function carry(bytes32 orderHash, bytes32 assignmentHash, address owner, uint256 amount) external onlyEpochs {
        // Effect
        _note(orderHash, assignmentHash, amount);
        emit PaidByEpoch(orderHash, assignmentHash, owner, amount, paid(orderHash, assignmentHash));
    }

    // ---- for the court

    /// @inheritdoc IEscrow
    function freeze(bytes32 assignmentHash, bool yes) external onlyCourt {
        if (yes) ++_credits[assignmentHash].disputes;
        else --_credits[assignmentHash].disputes;
        emit Frozen(assignmentHash, yes);
    }

    /// @inheritdoc IEscrow
    function condemn(bytes32 assignmentHash, address builder) external onlyCourt returns (bool burned) {
        Credit storage due = _credits[assignmentHash];
        burned = due.burned;
        // Effect
        uint256 amount = due.matured + due.maturing;
        (due.matured, due.maturing, due.condemned) = (0, 0, true);
        balanceOf[builder][due.token] += amount;
        emit CreditReturned(assignmentHash, builder, due.token, amount);
    }

    // ---- reading

    /// @inheritdoc IEscrow
    function frozen(bytes32 assignmentHash) external view returns (bool) {
        return _credits[assignmentHash].disputes != 0;
    }

    /// @inheritdoc IEscrow
    function condemned(bytes32 assignmentHash) public view returns (bool) {
        return _credits[assignmentHash].condemned;
    }

    /// @inheritdoc IEscrow
    function bondBurned(bytes32 assignmentHash) public view returns (bool) {
        return _credits[assignmentHash].burned;
    }

    /// @inheritdoc IEscrow
    function court() external view returns (address) {
        return _court;
    }

    /// @inheritdoc IEscrow
    function epochs() external view returns (address) {
        return address(_epochs);
    }

    /// @inheritdoc IEscrow
    function registry() external view returns (address) {
        return address(_registry);
    }

    /// @inheritdoc IEscrow
    function window() external view returns (uint64) {
        return _window;
    }

    /// @inheritdoc IEscrow
    function maxOrder() external view returns (uint64) {
        return _maxOrder;
    }

    /// @inheritdoc IEscrow
    function recallTime() public view returns (uint64) {
        return _maxOrder + 9 * _window;
    }

    /// @inheritdoc IEscrow
    function allotment(address builder, address hub, address token) external view returns (uint256) {
        return _allotments[builder][hub][token].active;
    }

    /// @inheritdoc IEscrow
    function recalled(address builder, address hub, address token)
        external
        view
        returns (uint256 amount, uint64 availableAt)
    {
        Allotment storage theirs = _allotments[builder][hub][token];
        return (theirs.pending, theirs.availableAt);
    }

    /// @inheritdoc IEscrow
    function credit(bytes32 assignmentHash)
        external
        view
        returns (address owner, address token, uint256 matured, uint256 maturing, uint64 maturesAt)
    {
        Credit storage due = _credits[assignmentHash];
        (matured, maturing) = (due.matured, due.maturing);
        if (block.timestamp >= due.maturesAt) (matured, maturing) = (matured + maturing, 0);
        return (due.owner, due.token, matured, maturing, due.maturesAt);
    }

    // ---- inside

    /// @dev What an order can still draw: the rest of its maximum, and what its builder has at its hub. What is on its
    /// way back still answers for orders older than the recall. And what both are taken from: its cost, that allotment.
    function _drawable(bytes32 orderHash, JobOrder calldata order)
        internal
        view
        returns (uint256 left, uint256 funds, uint256 cost, Allotment storage theirs)
    {
        cost = spent(orderHash);
        theirs = _allotments[order.builder][order.hub][order.token];
        (left, funds) = (Math.saturatingSub(Math.min(order.maxPayment, MOST), cost), _fundsOf(theirs));
    }

    /// @dev Takes all of this out of an allotment for an order, or refuses. The caller notes for which assignment it was.
    function _spendAll(bytes32 orderHash, JobOrder calldata order, uint256 amount) internal {
        (uint256 left, uint256 funds, uint256 cost, Allotment storage theirs) = _drawable(orderHash, order);
        // Check
        if (amount > left) revert Causes.MaxPaymentReached(orderHash, order.maxPayment, amount);
        if (amount > funds) {
            revert Causes.InsufficientAllotment(order.builder, order.hub, order.token, amount, funds);
        }
        // Effect
        _draw(theirs, amount);
        emit Spent(orderHash, order.builder, order.hub, order.token, amount, theirs.active, cost + amount);
    }

    function _fundsOf(Allotment storage theirs) private view returns (uint256) {
        return uint256(theirs.active) + theirs.pending;
    }

    /// @dev Takes money out of an allotment for an order. What is on its way back goes first: it leaves first.
    /// The caller has looked at `_drawable`, and notes for which assignments it was.
    function _spend(bytes32 orderHash, JobOrder calldata order, uint256 amount) internal {
        Allotment storage theirs = _allotments[order.builder][order.hub][order.token];
        _draw(theirs, amount);
        emit Spent(orderHash, order.builder, order.hub, order.token, amount, theirs.active, spent(orderHash) + amount);
    }

    function _draw(Allotment storage theirs, uint256 amount) private {
        uint256 fromPending = Math.min(amount, theirs.pending);
        if (fromPending > 0) theirs.pending -= fromPending.toUint96();
        if (amount > fromPending) theirs.active -= (amount - fromPending).toUint96();
    }

    /// @dev Reserves what `_spend` took. What was reserved before and is ripe stays ripe.
    function _reserve(
        bytes32 orderHash,
        bytes32 assignmentHash,
        address owner,
        address token,
        uint256 amount,
        uint64 maturesAt
    ) internal {
        uint256 total = _note(orderHash, assignmentHash, amount);
        Credit storage due = _credits[assignmentHash];
        if (due.owner == address(0)) (due.owner, due.token) = (owner, token);
        if (due.maturing > 0 && block.timestamp >= due.maturesAt) {
            due.matured += due.maturing;
            due.maturing = 0;
        }
        due.maturing += amount.toUint96();
        if (maturesAt > due.maturesAt) due.maturesAt = uint256(maturesAt).toUint48();
        emit Credited(orderHash, assignmentHash, owner, amount, total, due.maturesAt);
    }

    /// @return false when it was burned before
    function _burnOnce(bytes32 assignmentHash) internal returns (bool) {
        Credit storage theirs = _credits[assignmentHash];
        if (theirs.burned || theirs.condemned) return false;
        theirs.burned = true;
        return true;
    }

    function _takeFromBalance(address token, uint256 amount) private {
        uint256 available = balanceOf[msg.sender][token];
        if (amount == 0) revert Causes.ZeroAmount();
        if (amount > available) revert Causes.InsufficientBalance(msg.sender, token, amount, available);
        // Effect
        balanceOf[msg.sender][token] = available - amount;
    }

    function _deposit(address token, uint256 amount) private {
        // Interaction first: the balance that arrives decides; the guard keeps others out meanwhile.
        Tokens.pullExactly(token, amount);
        // Effect
        balanceOf[msg.sender][token] += amount;
        emit Deposited(msg.sender, token, amount);
    }
}
