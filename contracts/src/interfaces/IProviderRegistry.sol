// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {SessionKey} from "../libraries/Messages.sol";
import {Signature} from "../libraries/Signatures.sol";

/// @title IProviderRegistry
/// @notice Who stands behind which provider, with how much stake, and which keys speak for it.
/// An owner is a wallet. A provider is an id of an owner; an owner may have many. Nobody but the owner moves its stake, except the
/// escrow, which may burn, and the court, which may slash, at most the bond that an assignment named, one of them and once; while
/// the court hears of an owner, its stake cannot leave. There is no administrator.
interface IProviderRegistry {
    event ProviderRegistered(bytes32 indexed provider, address indexed owner, bytes32 salt);
    event PayeeSet(address indexed owner, address indexed payee);
    event Staked(address indexed owner, uint256 amount, uint256 total);
    event UnstakeStarted(address indexed owner, uint256 amount, uint256 left, uint64 availableAt);
    event StakeWithdrawn(address indexed owner, address indexed to, uint256 amount);
    event StakeBurned(address indexed owner, uint256 amount, uint256 left);
    event StakeSlashed(address indexed owner, uint256 amount, uint256 left);
    event StakeHeld(address indexed owner, uint256 disputes);
    event KeyRecorded(
        bytes32 indexed provider,
        address indexed owner,
        address indexed key,
        address hub,
        uint32 serial,
        bytes32 keyHash
    );
    event KeyRevoked(bytes32 indexed provider, address indexed owner, uint32 serial, uint64 revokedAt);

    /// @notice Registers a provider of the caller. Its id is `keccak256(abi.encode(caller, salt))`, so nobody can take
    /// an id that another wallet could want.
    function register(bytes32 salt) external returns (bytes32 provider);

    /// @notice Says where the caller's earnings go, from now on and for credits not yet collected.
    /// @param payee the zero address: back to the owner itself
    function setPayee(address payee) external;

    /// @notice Adds to the caller's stake: at most 2^96 - 1 in all, what is on its way out included. The token must have been approved.
    function stake(uint256 amount) external;

    /// @notice The same with an ERC-2612 permit. A permit that somebody else already used does no harm: the allowance
    /// it gave is still there.
    function stakeWithPermit(uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;

    /// @notice Asks stake back. It stops counting at once and can leave after `unbondingTime`; until then it still
    /// answers for what was accepted before, and is burned first. Asking again starts the time again for all that waits.
    function unstake(uint256 amount) external;

    /// @notice Takes out what `unstake` asked back.
    function withdrawStake(address to) external returns (uint256 amount);

    /// @notice Burns at most `amount` of an owner's stake. Only the escrow may call it.
    /// @return burned the smaller of `amount` and what the owner has, the part asked back included
    function burn(address owner, uint256 amount) external returns (uint256 burned);

    /// @notice Takes at most `amount` of an owner's stake for the court to give away. Only the court may call it.
    /// @return slashed the smaller of `amount` and what the owner has, the part asked back included
    function slash(address owner, uint256 amount) external returns (uint256 slashed);

    /// @notice Keeps an owner's stake from leaving while it is disputed. Only the court may call it.
    function hold(address owner, bool yes) external;

    /// @notice Records a delegation on chain, so that nobody needs the owner's signature again.
    /// @param signature the owner's; or zeros, when the owner itself calls (a contract wallet has no other way)
    function recordKey(SessionKey calldata key, Signature calldata signature) external returns (bytes32 keyHash);

    /// @notice Ends a serial of one of the caller's providers for assignments issued from now on. What was assigned
    /// before stays good, for pay and for bonds.
    function revokeKey(bytes32 provider, uint32 serial) external;

    /// @notice The contract whose address is in every signed message's domain.
    function escrow() external view returns (address);

    /// @notice The contract that judges disputes.
    function court() external view returns (address);

    /// @notice How many open disputes keep an owner's stake from leaving.
    function disputes(address owner) external view returns (uint256);

    /// @notice The token that stakes and bonds are counted in.
    function stakeToken() external view returns (address);

    /// @notice Seconds from `unstake` to `withdrawStake`.
    function unbondingTime() external view returns (uint64);

    /// @notice The zero address for an id never registered.
    function ownerOf(bytes32 provider) external view returns (address);

    /// @notice Where an owner's earnings go: the owner itself unless it said otherwise.
    function payeeOf(address owner) external view returns (address);

    /// @notice The stake that counts, without what is being asked back.
    function stakeOf(address owner) external view returns (uint256);

    /// @notice What is being asked back.
    function unbonding(address owner) external view returns (uint256 amount, uint64 availableAt);

    /// @notice True when the delegation with this digest was recorded.
    function keyRecorded(bytes32 keyHash) external view returns (bool);

    /// @notice 0 when the serial was never revoked.
    function revokedAt(bytes32 provider, uint32 serial) external view returns (uint64);

    /// @notice Both answers that a run needs, in one call.
    function standing(bytes32 provider, uint32 serial) external view returns (address owner, uint64 revokedAt_);

    /// @notice The EIP-712 digest of a delegation, in the escrow's domain.
    function hashSessionKey(SessionKey calldata key) external view returns (bytes32);
}
