// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IProviderRegistry} from "./interfaces/IProviderRegistry.sol";
import {Causes} from "./libraries/Causes.sol";
import {Messages, SessionKey} from "./libraries/Messages.sol";
import {Signature, Signatures} from "./libraries/Signatures.sol";
import {Tokens} from "./libraries/Tokens.sol";

/// @title ProviderRegistry
/// @notice See the documentation in {IProviderRegistry}. Made by the escrow's constructor, for that escrow alone.
contract ProviderRegistry is IProviderRegistry, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

    /// @dev Where burned bonds go. Nobody has its key, and unlike the zero address every token can be sent to it.
    address internal constant ASHES = 0x000000000000000000000000000000000000dEaD;

    /// @dev Two slots.
    /// @param disputes how many keep it from leaving
    struct Stake {
        uint96 active;
        uint96 pending;
        uint64 disputes;
        uint64 availableAt;
    }

    address public immutable escrow;
    address public immutable court;
    address public immutable stakeToken;
    uint64 public immutable unbondingTime;

    mapping(bytes32 provider => address owner) public ownerOf;
    mapping(bytes32 keyHash => bool recorded) public keyRecorded;
    mapping(bytes32 provider => mapping(uint32 serial => uint64 time)) public revokedAt;
    mapping(address owner => address payee) private _payees;
    mapping(address owner => Stake stake) private _stakes;

    /// @param unbondingTime_ must outlast every order that was accepted before stake is asked back
    constructor(address stakeToken_, uint64 unbondingTime_, address court_) {
        // Check: a token there is.
        if (stakeToken_ == address(0)) revert Causes.ZeroAddress();
        escrow = msg.sender;
        court = court_;
        stakeToken = stakeToken_;
        unbondingTime = unbondingTime_;
    }

    // ---- owners and providers

    /// @inheritdoc IProviderRegistry
    function register(bytes32 salt) external returns (bytes32 provider) {
        provider = keccak256(abi.encode(msg.sender, salt));
        // Check: not twice.
        if (ownerOf[provider] != address(0)) revert Causes.ProviderAlreadyRegistered(provider);
        // Effect
        ownerOf[provider] = msg.sender;
        emit ProviderRegistered(provider, msg.sender, salt);
    }

    /// @inheritdoc IProviderRegistry
    function setPayee(address payee) external {
        // Effect
        _payees[msg.sender] = payee;
        emit PayeeSet(msg.sender, payeeOf(msg.sender));
    }

    // ---- stake

    /// @inheritdoc IProviderRegistry
    function stake(uint256 amount) external nonReentrant {
        _stake(amount);
    }

    /// @inheritdoc IProviderRegistry
    function stakeWithPermit(uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external nonReentrant {
        // Interaction: a used permit is no error, the allowance decides.
        Tokens.tryPermit(stakeToken, amount, deadline, v, r, s);
        _stake(amount);
    }

    /// @inheritdoc IProviderRegistry
    function unstake(uint256 amount) external {
        Stake storage mine = _stakes[msg.sender];
        // Check: no more than is there.
        if (amount == 0) revert Causes.ZeroAmount();
        if (amount > mine.active) revert Causes.InsufficientStake(msg.sender, amount, mine.active);
        // Effect
        mine.active -= amount.toUint96();
        mine.pending += amount.toUint96();
        mine.availableAt = uint64(block.timestamp) + unbondingTime;
        emit UnstakeStarted(msg.sender, amount, mine.active, mine.availableAt);
    }

    /// @inheritdoc IProviderRegistry
    function withdrawStake(address to) external nonReentrant returns (uint256 amount) {
        Stake storage mine = _stakes[msg.sender];
        amount = mine.pending;
        // Check: something is due.
        if (to == address(0)) revert Causes.ZeroAddress();
        if (amount == 0) revert Causes.ZeroAmount();
        if (block.timestamp < mine.availableAt) revert Causes.StillLocked(mine.availableAt, block.timestamp);
        if (mine.disputes != 0) revert Causes.StakeHeld(msg.sender, mine.disputes);
        // Effect
        mine.pending = 0;
        emit StakeWithdrawn(msg.sender, to, amount);
        // Interaction
        IERC20(stakeToken).safeTransfer(to, amount);
    }

    /// @inheritdoc IProviderRegistry
    function burn(address owner, uint256 amount) external nonReentrant returns (uint256 burned) {
        // Check: nobody else, ever.
        if (msg.sender != escrow) revert Causes.NotTheEscrow(msg.sender);
        // Effect
        burned = _take(owner, amount);
        emit StakeBurned(owner, burned, _stakes[owner].active);
        // Interaction
        if (burned > 0) IERC20(stakeToken).safeTransfer(ASHES, burned);
    }

    /// @inheritdoc IProviderRegistry
    function slash(address owner, uint256 amount) external nonReentrant returns (uint256 slashed) {
        // Check: nobody else, ever.
        if (msg.sender != court) revert Causes.NotTheCourt(msg.sender);
        // Effect
        slashed = _take(owner, amount);
        emit StakeSlashed(owner, slashed, _stakes[owner].active);
        // Interaction
        if (slashed > 0) IERC20(stakeToken).safeTransfer(court, slashed);
    }

    /// @inheritdoc IProviderRegistry
    function hold(address owner, bool yes) external {
        // Check: nobody else, ever.
        if (msg.sender != court) revert Causes.NotTheCourt(msg.sender);
        // Effect
        uint64 disputes_ = yes ? _stakes[owner].disputes + 1 : _stakes[owner].disputes - 1;
        _stakes[owner].disputes = disputes_;
        emit StakeHeld(owner, disputes_);
    }

    // ---- session keys

    /// @inheritdoc IProviderRegistry
    function recordKey(SessionKey calldata key, Signature calldata signature) external returns (bytes32 keyHash) {
        keyHash = hashSessionKey(key);
        // Check: the provider is the owner's, and the owner says so.
        address owner = ownerOf[key.provider];
        if (owner == address(0) || owner != key.owner) revert Causes.ProviderNotOwned(key.provider, key.owner, owner);
        if (keyRecorded[keyHash]) revert Causes.KeyAlreadyRecorded(keyHash);
        // an owner is never the zero address, which is who nobody is
        if (msg.sender != owner && Signatures.signerOf(keyHash, signature) != owner) {
            revert Causes.KeyNotSigned(keyHash, owner);
        }
        // Effect
        keyRecorded[keyHash] = true;
        emit KeyRecorded(key.provider, owner, key.key, key.hub, key.serial, keyHash);
    }

    /// @inheritdoc IProviderRegistry
    function revokeKey(bytes32 provider, uint32 serial) external {
        // Check: one's own, once.
        if (ownerOf[provider] != msg.sender) revert Causes.NotTheOwner(provider, ownerOf[provider], msg.sender);
        uint64 before = revokedAt[provider][serial];
        if (before != 0) revert Causes.KeyAlreadyRevoked(provider, serial, before);
        // Effect
        revokedAt[provider][serial] = uint64(block.timestamp);
        emit KeyRevoked(provider, msg.sender, serial, uint64(block.timestamp));
    }

    // ---- reading

    /// @inheritdoc IProviderRegistry
    function payeeOf(address owner) public view returns (address) {
        address payee = _payees[owner];
        return payee == address(0) ? owner : payee;
    }

    /// @inheritdoc IProviderRegistry
    function stakeOf(address owner) external view returns (uint256) {
        return _stakes[owner].active;
    }

    /// @inheritdoc IProviderRegistry
    function unbonding(address owner) external view returns (uint256 amount, uint64 availableAt) {
        Stake storage theirs = _stakes[owner];
        return (theirs.pending, theirs.availableAt);
    }

    /// @inheritdoc IProviderRegistry
    function disputes(address owner) external view returns (uint256) {
        return _stakes[owner].disputes;
    }

    /// @inheritdoc IProviderRegistry
    function standing(bytes32 provider, uint32 serial) external view returns (address owner, uint64 revokedAt_) {
        return (ownerOf[provider], revokedAt[provider][serial]);
    }

    /// @inheritdoc IProviderRegistry
    function hashSessionKey(SessionKey calldata key) public view returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(Messages.domainSeparator(escrow), Messages.hash(key));
    }

    /// @dev What is on its way out answers first.
    function _take(address owner, uint256 amount) private returns (uint256) {
        Stake storage theirs = _stakes[owner];
        uint256 fromPending = Math.min(amount, theirs.pending);
        uint256 fromActive = Math.min(amount - fromPending, theirs.active);
        theirs.pending -= fromPending.toUint96();
        theirs.active -= fromActive.toUint96();
        return fromPending + fromActive;
    }

    function _stake(uint256 amount) private {
        Stake storage mine = _stakes[msg.sender];
        // Check: there is room.
        uint256 room = type(uint96).max - uint256(mine.active) - mine.pending;
        if (amount > room) revert Causes.AmountTooLarge(amount, room);
        // Interaction before the effect: the balance that arrives decides; the guard keeps others out meanwhile.
        Tokens.pullExactly(stakeToken, amount);
        // Effect
        mine.active += amount.toUint96();
        emit Staked(msg.sender, amount, mine.active);
    }
}
