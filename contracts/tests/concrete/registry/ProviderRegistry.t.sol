// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ProviderRegistry} from "../../../src/ProviderRegistry.sol";
import {IProviderRegistry} from "../../../src/interfaces/IProviderRegistry.sol";
import {Causes} from "../../../src/libraries/Causes.sol";
import {Messages, SessionKey} from "../../../src/libraries/Messages.sol";
import {Signature} from "../../../src/libraries/Signatures.sol";
import {Market} from "../../utils/Market.sol";
import {Encoded} from "../../utils/Encoded.sol";

contract ProviderRegistryTest is Market {
    bytes32 private constant PERMIT_TYPEHASH =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
    address private owner;

    function setUp() public override {
        super.setUp();
        owner = parties[0].wallet;
    }

    // ---- register, setPayee

    function test_shouldDeriveTheIdFromTheOwner() public {
        // given
        bytes32 salt = keccak256("salt");
        bytes32 expected = keccak256(abi.encode(owner, salt));

        // when
        vm.expectEmit(address(registry));
        emit IProviderRegistry.ProviderRegistered(expected, owner, salt);
        vm.prank(owner);
        bytes32 mine = registry.register(salt);
        vm.prank(stranger);
        bytes32 theirs = registry.register(salt);

        // then
        vm.assertEq(mine, expected);
        vm.assertTrue(theirs != mine);
        vm.assertEq(registry.ownerOf(mine), owner);
        vm.assertEq(registry.ownerOf(theirs), stranger);
    }

    function test_shouldRefuseToRegisterTwice() public {
        vm.startPrank(owner);
        bytes32 mine = registry.register("x");
        expect(abi.encodeWithSelector(Causes.ProviderAlreadyRegistered.selector, mine));
        registry.register("x");
    }

    function test_shouldPayTheOwnerUnlessItSaysOtherwise() public {
        vm.assertEq(registry.payeeOf(owner), owner);
        vm.startPrank(owner);
        vm.expectEmit(address(registry));
        emit IProviderRegistry.PayeeSet(owner, stranger);
        registry.setPayee(stranger);
        vm.assertEq(registry.payeeOf(owner), stranger);
        registry.setPayee(address(0));
        vm.assertEq(registry.payeeOf(owner), owner);
    }

    // ---- stake

    function test_shouldAddStake() public {
        // given
        token.mint(owner, 500);
        vm.startPrank(owner);
        token.approve(address(registry), 500);

        // when
        vm.expectEmit(address(registry));
        emit IProviderRegistry.Staked(owner, 500, STAKE + 500);
        registry.stake(500);

        // then
        vm.assertEq(registry.stakeOf(owner), STAKE + 500);
    }

    function test_shouldRefuseAStakeThatThereIsNoRoomFor() public {
        // given: what is on its way out takes room too
        address staker = parties[0].wallet;
        uint256 most = type(uint96).max;
        token.mint(staker, most);
        vm.startPrank(staker);
        token.approve(address(registry), most);
        registry.unstake(STAKE / 2);

        // when, then
        expect(abi.encodeWithSelector(Causes.AmountTooLarge.selector, most - STAKE + 1, most - STAKE));
        registry.stake(most - STAKE + 1);
        registry.stake(most - STAKE);
        vm.stopPrank();
        vm.assertEq(registry.stakeOf(staker), most - STAKE / 2);
    }

    function test_shouldRefuseToStakeNothing() public {
        expect(abi.encodeWithSelector(Causes.ZeroAmount.selector));
        registry.stake(0);
    }

    function test_shouldStakeThoughSomebodyUsedThePermitBefore() public {
        // given
        token.mint(owner, 500);
        bytes32 structHash =
            keccak256(abi.encode(PERMIT_TYPEHASH, owner, address(registry), 500, token.nonces(owner), T0));
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(parties[0].walletKey, keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), structHash)));
        token.permit(owner, address(registry), 500, T0, v, r, s);

        // when
        vm.prank(owner);
        registry.stakeWithPermit(500, T0, v, r, s);

        // then
        vm.assertEq(registry.stakeOf(owner), STAKE + 500);
    }

    function test_shouldStopCountingAtOnceAndLeaveLater() public {
        // given
        uint64 due = T0 + MAX_ORDER + 9 * W;

        // when
        vm.expectEmit(address(registry));
        emit IProviderRegistry.UnstakeStarted(owner, 400, STAKE - 400, due);
        vm.startPrank(owner);
        registry.unstake(400);

        // then
        vm.assertEq(registry.stakeOf(owner), STAKE - 400);
        (uint256 amount, uint64 availableAt) = registry.unbonding(owner);
        vm.assertEq(amount, 400);
        vm.assertEq(availableAt, due);

        // and
        vm.warp(due - 1);
        expect(abi.encodeWithSelector(Causes.StillLocked.selector, due, due - 1));
        registry.withdrawStake(owner);
        vm.warp(due);
        expect(abi.encodeWithSelector(Causes.ZeroAddress.selector));
        registry.withdrawStake(address(0));
        vm.expectEmit(address(registry));
        emit IProviderRegistry.StakeWithdrawn(owner, stranger, 400);
        vm.assertEq(registry.withdrawStake(stranger), 400);
        vm.assertEq(token.balanceOf(stranger), 400);
        expect(abi.encodeWithSelector(Causes.ZeroAmount.selector));
        registry.withdrawStake(owner);
    }

    function test_shouldStartTheTimeAgainForWhatWaits() public {
        vm.startPrank(owner);
        registry.unstake(400);
        vm.warp(T0 + 50);
        registry.unstake(1);
        (uint256 amount, uint64 availableAt) = registry.unbonding(owner);
        vm.assertEq(amount, 401);
        vm.assertEq(availableAt, T0 + 50 + MAX_ORDER + 9 * W);
    }

    function test_shouldRefuseToUnstakeNothingOrMoreThanTheStake() public {
        vm.startPrank(owner);
        expect(abi.encodeWithSelector(Causes.ZeroAmount.selector));
        registry.unstake(0);
        expect(abi.encodeWithSelector(Causes.InsufficientStake.selector, owner, STAKE + 1, STAKE));
        registry.unstake(STAKE + 1);
    }

    // ---- burn

    function test_shouldLetNobodyButTheEscrowBurn() public {
        address[4] memory callers = [owner, builder, hub, address(this)];
        for (uint256 i = 0; i < callers.length; ++i) {
            expect(abi.encodeWithSelector(Causes.NotTheEscrow.selector, callers[i]));
            vm.prank(callers[i]);
            registry.burn(owner, 1);
        }
    }

    function test_shouldBurnWhatIsOnItsWayOutFirst() public {
        // given
        vm.prank(owner);
        registry.unstake(400);

        // when
        vm.expectEmit(address(registry));
        emit IProviderRegistry.StakeBurned(owner, 500, STAKE - 500);
        vm.prank(address(escrow));
        uint256 burned = registry.burn(owner, 500);

        // then
        vm.assertEq(burned, 500);
        (uint256 pending,) = registry.unbonding(owner);
        vm.assertEq(pending, 0);
        vm.assertEq(registry.stakeOf(owner), STAKE - 500);
        vm.assertEq(token.balanceOf(ASHES), 500);
    }

    function test_shouldBurnNoMoreThanThereIs() public {
        vm.startPrank(address(escrow));
        vm.assertEq(registry.burn(owner, type(uint256).max), STAKE);
        vm.assertEq(registry.burn(owner, 1), 0);
        vm.assertEq(registry.stakeOf(owner), 0);
    }

    // ---- session keys

    function test_shouldRecordAKeyByTheOwnersSignature() public {
        // given
        SessionKey memory key = aKey(0);
        bytes32 keyHash = registry.hashSessionKey(key);

        // when
        vm.expectEmit(address(registry));
        emit IProviderRegistry.KeyRecorded(key.provider, owner, key.key, hub, 1, keyHash);
        vm.prank(stranger);
        registry.recordKey(key, sign(parties[0].walletKey, keyHash));

        // then
        vm.assertTrue(registry.keyRecorded(keyHash));
        expect(abi.encodeWithSelector(Causes.KeyAlreadyRecorded.selector, keyHash));
        registry.recordKey(key, sign(parties[0].walletKey, keyHash));
    }

    function test_shouldRecordAKeyByTheOwnersOwnCall() public {
        SessionKey memory key = aKey(0);
        vm.prank(owner);
        vm.assertTrue(registry.keyRecorded(registry.recordKey(key, unsigned())));
    }

    function test_shouldRefuseAKeyThatTheOwnerDidNotSign() public {
        SessionKey memory key = aKey(0);
        bytes32 keyHash = registry.hashSessionKey(key);
        Signature[4] memory bad = [
            sign(parties[1].walletKey, keyHash),
            highS(sign(parties[0].walletKey, keyHash)),
            unsigned(),
            sign(parties[0].walletKey, Encoded.hash(key))
        ];
        for (uint256 i = 0; i < bad.length; ++i) {
            expect(abi.encodeWithSelector(Causes.KeyNotSigned.selector, keyHash, owner));
            registry.recordKey(key, bad[i]);
        }
    }

    function test_shouldRefuseAKeyForAProviderOfSomebodyElse() public {
        // given
        SessionKey memory key = aKey(0);
        key.owner = parties[1].wallet;
        Signature memory signature = sign(parties[1].walletKey, registry.hashSessionKey(key));

        // when, then
        expect(abi.encodeWithSelector(Causes.ProviderNotOwned.selector, key.provider, parties[1].wallet, owner));
        registry.recordKey(key, signature);

        // and: a provider that nobody registered
        key.provider = keccak256("nobody's");
        key.owner = address(0);
        expect(abi.encodeWithSelector(Causes.ProviderNotOwned.selector, key.provider, address(0), address(0)));
        registry.recordKey(key, signature);
    }

    function test_shouldRememberWhenASerialWasRevoked() public {
        bytes32 provider = parties[0].provider;
        vm.startPrank(owner);
        vm.expectEmit(address(registry));
        emit IProviderRegistry.KeyRevoked(provider, owner, 1, T0);
        registry.revokeKey(provider, 1);
        vm.assertEq(registry.revokedAt(provider, 1), T0);
        vm.assertEq(registry.revokedAt(provider, 2), 0);
        expect(abi.encodeWithSelector(Causes.KeyAlreadyRevoked.selector, provider, 1, T0));
        registry.revokeKey(provider, 1);
        vm.stopPrank();
        expect(abi.encodeWithSelector(Causes.NotTheOwner.selector, provider, owner, stranger));
        vm.prank(stranger);
        registry.revokeKey(provider, 2);
    }
}
