// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {Court} from "../../../src/Court.sol";
import {Epochs} from "../../../src/Epochs.sol";
import {Escrow} from "../../../src/Escrow.sol";
import {IEscrow} from "../../../src/interfaces/IEscrow.sol";
import {Causes} from "../../../src/libraries/Causes.sol";
import {FalseToken, FeeToken, SilentToken} from "../../utils/HostileTokens.sol";
import {Market} from "../../utils/Market.sol";

contract MoneyTest is Market {
    bytes32 private constant PERMIT_TYPEHASH =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");

    function setUp() public override {
        super.setUp();
        token.mint(builder, 1000);
    }

    // ---- the constructor

    function test_shouldRefuseAWindowOrALifeOutOfRange() public {
        uint64[4] memory windows = [0, uint64(31 days), W, W];
        uint64[4] memory lives = [MAX_ORDER, MAX_ORDER, 0, uint64(367 days)];
        for (uint256 i = 0; i < 4; ++i) {
            expect(abi.encodeWithSelector(Causes.WindowOutOfRange.selector, windows[i], lives[i]));
            new Escrow(address(token), windows[i], lives[i], epochs, court);
        }
        expect(abi.encodeWithSelector(Causes.ZeroAddress.selector));
        new Escrow(address(0), W, MAX_ORDER, epochs, court);
    }

    function test_shouldRefusePartsOfAnotherEscrowWindowOrToken() public {
        expect(abi.encodeWithSelector(Causes.PartMismatch.selector, epochs));
        new Escrow(address(token), W, MAX_ORDER, epochs, court);
        address next = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 4);
        Epochs other = new Epochs(next, 2 * W);
        Epochs right = new Epochs(next, W);
        Court otherToken = new Court(next, address(1), W, 1, 1);
        Court otherWindow = new Court(next, address(token), 2 * W, 1, 1);
        uint64 nonce = vm.getNonce(address(this));
        expect(abi.encodeWithSelector(Causes.PartMismatch.selector, other));
        new Escrow(address(token), W, MAX_ORDER, other, court);
        vm.setNonceUnsafe(address(this), nonce);
        expect(abi.encodeWithSelector(Causes.PartMismatch.selector, court));
        new Escrow(address(token), W, MAX_ORDER, right, court);
        vm.setNonceUnsafe(address(this), nonce);
        expect(abi.encodeWithSelector(Causes.PartMismatch.selector, otherToken));
        new Escrow(address(token), W, MAX_ORDER, right, otherToken);
        vm.setNonceUnsafe(address(this), nonce);
        expect(abi.encodeWithSelector(Causes.PartMismatch.selector, otherWindow));
        new Escrow(address(token), W, MAX_ORDER, right, otherWindow);
    }

    function test_shouldTellItsTimes() public view {
        vm.assertEq(token.decimals(), 6);
        vm.assertEq(escrow.window(), W);
        vm.assertEq(escrow.maxOrder(), MAX_ORDER);
        vm.assertEq(escrow.recallTime(), MAX_ORDER + 9 * W);
        vm.assertEq(registry.unbondingTime(), MAX_ORDER + 9 * W);
        vm.assertEq(registry.escrow(), address(escrow));
        vm.assertEq(registry.stakeToken(), address(token));
    }

    // ---- deposit

    function test_shouldAddADepositToTheBalance() public {
        // given
        vm.prank(builder);
        token.approve(address(escrow), 1000);
        uint256 before = escrow.balanceOf(builder, address(token));

        // when
        vm.expectEmit(address(escrow));
        emit IEscrow.Deposited(builder, address(token), 1000);
        vm.prank(builder);
        escrow.deposit(address(token), 1000);

        // then
        vm.assertEq(escrow.balanceOf(builder, address(token)), before + 1000);
    }

    function test_shouldRefuseADepositOfNothing() public {
        expect(abi.encodeWithSelector(Causes.ZeroAmount.selector));
        escrow.deposit(address(token), 0);
    }

    function test_shouldRefuseATokenThatTakesAFee() public {
        // given
        FeeToken fee = new FeeToken();
        fee.mint(address(this), 1000);
        fee.approve(address(escrow), 1000);

        // when, then
        expect(abi.encodeWithSelector(Causes.TransferNotExact.selector, address(fee), 1000, 990));
        escrow.deposit(address(fee), 1000);
    }

    function test_shouldRefuseATokenThatAnswersFalse() public {
        // given
        FalseToken no = new FalseToken();
        no.mint(address(this), 1000);

        // when, then
        expect(abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(no)));
        escrow.deposit(address(no), 1000);
    }

    function test_shouldAcceptATokenThatReturnsNothing() public {
        // given
        SilentToken silent = new SilentToken();
        silent.mint(address(this), 1000);

        // when
        escrow.deposit(address(silent), 1000);
        escrow.withdraw(address(silent), stranger, 400);

        // then
        vm.assertEq(escrow.balanceOf(address(this), address(silent)), 600);
        vm.assertEq(silent.balanceOf(stranger), 400);
    }

    // ---- depositWithPermit

    function test_shouldDepositWithAPermit() public {
        // given
        (uint8 v, bytes32 r, bytes32 s) = _permit(1000);
        uint256 before = escrow.balanceOf(builder, address(token));

        // when
        vm.prank(builder);
        escrow.depositWithPermit(address(token), 1000, T0, v, r, s);

        // then
        vm.assertEq(escrow.balanceOf(builder, address(token)), before + 1000);
    }

    function test_shouldDepositThoughSomebodyUsedThePermitBefore() public {
        // given
        (uint8 v, bytes32 r, bytes32 s) = _permit(1000);
        vm.prank(stranger);
        token.permit(builder, address(escrow), 1000, T0, v, r, s);
        uint256 before = escrow.balanceOf(builder, address(token));

        // when
        vm.prank(builder);
        escrow.depositWithPermit(address(token), 1000, T0, v, r, s);

        // then
        vm.assertEq(escrow.balanceOf(builder, address(token)), before + 1000);
    }

    function test_shouldRefuseWithoutPermitOrAllowance() public {
        vm.expectRevert();
        vm.prank(builder);
        escrow.depositWithPermit(address(token), 1000, T0, 27, bytes32(0), bytes32(0));
    }

    function _permit(uint256 amount) private view returns (uint8 v, bytes32 r, bytes32 s) {
        bytes32 structHash =
            keccak256(abi.encode(PERMIT_TYPEHASH, builder, address(escrow), amount, token.nonces(builder), T0));
        return vm.sign(builderKey, keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), structHash)));
    }

    // ---- withdraw

    function test_shouldWithdrawWhatIsFree() public {
        // when
        vm.expectEmit(address(escrow));
        emit IEscrow.Withdrawn(builder, address(token), stranger, FUNDS - ALLOTTED);
        vm.prank(builder);
        escrow.withdraw(address(token), stranger, FUNDS - ALLOTTED);

        // then
        vm.assertEq(token.balanceOf(stranger), FUNDS - ALLOTTED);
        vm.assertEq(escrow.balanceOf(builder, address(token)), 0);
    }

    function test_shouldRefuseToWithdrawWhatIsAllotted() public {
        uint256 free = FUNDS - ALLOTTED;
        expect(abi.encodeWithSelector(Causes.InsufficientBalance.selector, builder, address(token), free + 1, free));
        vm.prank(builder);
        escrow.withdraw(address(token), builder, free + 1);
    }

    function test_shouldRefuseToWithdrawNothingOrToNobody() public {
        vm.startPrank(builder);
        expect(abi.encodeWithSelector(Causes.ZeroAmount.selector));
        escrow.withdraw(address(token), builder, 0);
        expect(abi.encodeWithSelector(Causes.ZeroAddress.selector));
        escrow.withdraw(address(token), address(0), 1);
    }

    // ---- allot

    function test_shouldRefuseAnAllotmentThatThereIsNoRoomFor() public {
        // given: what is on its way back takes room too
        uint256 most = type(uint96).max;
        token.mint(builder, most);
        vm.startPrank(builder);
        token.approve(address(escrow), most);
        escrow.deposit(address(token), most);
        escrow.recall(hub, address(token), ALLOTTED / 2);

        // when, then
        expect(abi.encodeWithSelector(Causes.AmountTooLarge.selector, most - ALLOTTED + 1, most - ALLOTTED));
        escrow.allot(hub, address(token), most - ALLOTTED + 1);
        escrow.allot(hub, address(token), most - ALLOTTED);
        expect(abi.encodeWithSelector(Causes.AmountTooLarge.selector, 1, 0));
        escrow.allot(hub, address(token), 1);
        vm.stopPrank();
        vm.assertEq(escrow.allotment(builder, hub, address(token)), most - ALLOTTED / 2);
    }

    function test_shouldAllotToOneHubAlone() public {
        // when
        vm.expectEmit(address(escrow));
        emit IEscrow.Allotted(builder, stranger, address(token), 700, 700);
        vm.prank(builder);
        escrow.allot(stranger, address(token), 700);

        // then
        vm.assertEq(escrow.allotment(builder, stranger, address(token)), 700);
        vm.assertEq(escrow.allotment(builder, hub, address(token)), ALLOTTED);
        vm.assertEq(escrow.balanceOf(builder, address(token)), FUNDS - ALLOTTED - 700);
    }

    function test_shouldRefuseToPromiseOneDepositToTwoHubs() public {
        uint256 free = FUNDS - ALLOTTED;
        vm.startPrank(builder);
        escrow.allot(stranger, address(token), free);
        expect(abi.encodeWithSelector(Causes.InsufficientBalance.selector, builder, address(token), 1, 0));
        escrow.allot(address(7), address(token), 1);
    }

    function test_shouldRefuseToAllotNothingOrToNobody() public {
        vm.startPrank(builder);
        expect(abi.encodeWithSelector(Causes.ZeroAmount.selector));
        escrow.allot(hub, address(token), 0);
        expect(abi.encodeWithSelector(Causes.ZeroAddress.selector));
        escrow.allot(address(0), address(token), 1);
    }

    // ---- recall and reclaim

    function test_shouldStopCountingAtOnceAndLeaveLater() public {
        // given
        uint64 due = T0 + MAX_ORDER + 9 * W;
        uint256 free = escrow.balanceOf(builder, address(token));

        // when
        vm.expectEmit(address(escrow));
        emit IEscrow.Recalled(builder, hub, address(token), 600, ALLOTTED - 600, due);
        vm.startPrank(builder);
        escrow.recall(hub, address(token), 600);

        // then
        vm.assertEq(escrow.allotment(builder, hub, address(token)), ALLOTTED - 600);
        (uint256 amount, uint64 availableAt) = escrow.recalled(builder, hub, address(token));
        vm.assertEq(amount, 600);
        vm.assertEq(availableAt, due);

        // and
        vm.warp(due - 1);
        expect(abi.encodeWithSelector(Causes.StillLocked.selector, due, due - 1));
        escrow.reclaim(hub, address(token));
        vm.warp(due);
        vm.expectEmit(address(escrow));
        emit IEscrow.Reclaimed(builder, hub, address(token), 600);
        vm.assertEq(escrow.reclaim(hub, address(token)), 600);
        vm.assertEq(escrow.balanceOf(builder, address(token)), free + 600);
        expect(abi.encodeWithSelector(Causes.ZeroAmount.selector));
        escrow.reclaim(hub, address(token));
    }

    function test_shouldStartTheTimeAgainForWhatWasRecalledBefore() public {
        // given
        vm.startPrank(builder);
        escrow.recall(hub, address(token), 600);
        vm.warp(T0 + 100);

        // when
        escrow.recall(hub, address(token), 1);

        // then
        (uint256 amount, uint64 availableAt) = escrow.recalled(builder, hub, address(token));
        vm.assertEq(amount, 601);
        vm.assertEq(availableAt, T0 + 100 + MAX_ORDER + 9 * W);
    }

    function test_shouldRefuseToRecallNothingOrMoreThanIsAllotted() public {
        vm.startPrank(builder);
        expect(abi.encodeWithSelector(Causes.ZeroAmount.selector));
        escrow.recall(hub, address(token), 0);
        expect(
            abi.encodeWithSelector(
                Causes.InsufficientAllotment.selector, builder, hub, address(token), ALLOTTED + 1, ALLOTTED
            )
        );
        escrow.recall(hub, address(token), ALLOTTED + 1);
    }
}
