// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICourt} from "../../src/interfaces/ICourt.sol";
import {Debit} from "../../src/interfaces/IEpochs.sol";
import {IEscrow, Run} from "../../src/interfaces/IEscrow.sol";
import {IProviderRegistry} from "../../src/interfaces/IProviderRegistry.sol";
import {MoodyToken, Receiver} from "../utils/HostileTokens.sol";
import {CourtHandler} from "./CourtHandler.sol";

/// @notice A token that turns bad for one call, an owner whose payee tries to get in again, and strangers at doors that are not theirs.
contract HostileHandler is CourtHandler {
    uint256 public constant SAVED = 1_000;
    Receiver internal receiver;
    MoodyToken internal moody;
    uint256 public refused;

    function setUp() public override {
        super.setUp();
        moody = MoodyToken(address(token));
        receiver = new Receiver();
        vm.prank(parties[1].wallet);
        registry.setPayee(address(receiver));
        // it has something of its own inside, which it may try to take twice
        give(address(receiver), SAVED);
        vm.startPrank(address(receiver));
        token.approve(address(escrow), SAVED);
        escrow.deposit(address(token), SAVED);
        vm.stopPrank();
        moody.setReceiver(address(receiver));
    }

    // ---- calls back

    /// @dev The doors that must be shut while money moves.
    function door(uint256 seed) private returns (bytes memory) {
        bytes32[] memory one = new bytes32[](1);
        uint256 which = orders.length == 0 ? 0 : (seed >> 8) % orders.length;
        if (orders.length > 0) one[0] = assignmentHashes[which][(seed >> 16) % parties.length];
        if (seed % 6 == 0) return abi.encodeCall(IEscrow.collect, (one));
        if (seed % 6 == 1) return abi.encodeCall(IEscrow.withdraw, (address(token), address(receiver), 1));
        if (seed % 6 == 2) return abi.encodeCall(IEscrow.deposit, (address(token), 1));
        if (seed % 6 == 3 || orders.length == 0) {
            return abi.encodeCall(IEscrow.withdraw, (address(token), address(receiver), SAVED));
        }
        Run memory run = runOf(which, (seed >> 16) % FORGER, orders[which].segments, false);
        if (seed % 6 == 4) return abi.encodeCall(IEscrow.open, (orders[which], orderSignatures[which], run));
        Run[] memory runs = new Run[](1);
        runs[0] = run;
        return abi.encodeCall(IEscrow.direct, (orders[which], orderSignatures[which], runs, new Run[](0)));
    }

    /// @dev Armed for the next time that owner 1 is paid.
    function arm(uint256 seed) external {
        receiver.arm(address(escrow), door(seed));
    }

    // ---- moods

    function moodyDeposit(uint256 who, uint256 amount, uint256 seed) external {
        address by = builders[who % 2];
        amount = bound(amount, 1, PRICE);
        give(by, amount);
        vm.prank(by);
        token.approve(address(escrow), amount);
        if (pulled(by, address(escrow), abi.encodeCall(IEscrow.deposit, (address(token), amount)), seed)) {
            free[by] += amount;
        }
    }

    function moodyStake(uint256 party, uint256 amount, uint256 seed) external {
        party %= parties.length;
        amount = bound(amount, 1, PRICE);
        address by = ownerAt(party);
        give(by, amount);
        vm.prank(by);
        token.approve(address(registry), amount);
        if (pulled(by, address(registry), abi.encodeCall(IProviderRegistry.stake, (amount)), seed)) {
            staked[party] += amount;
        }
    }

    function moodyEnlist(uint256 who, uint256 seed) external {
        address by = judgeAt(who % JUDGES);
        give(by, TICKET);
        vm.prank(by);
        token.approve(address(court), TICKET);
        if (!pulled(by, address(court), abi.encodeCall(ICourt.enlist, (1)), seed)) return;
        holders[sold++] = by;
        ++tickets;
    }

    /// @return done only an honest token, even one that calls back, brings anything in
    function pulled(address by, address to, bytes memory call_, uint256 seed) private returns (bool done) {
        MoodyToken.Mood mood = mooded(to, seed);
        vm.prank(by);
        (done,) = to.call(call_);
        moody.setMood(MoodyToken.Mood.Honest, address(0), "");
        bool honest = mood == MoodyToken.Mood.Honest || mood == MoodyToken.Mood.CallsBack;
        needs(done == honest, "36: a token that did not bring what was told was booked");
        if (!done) ++refused;
    }

    /// @dev It calls back through the doors of the contract that calls it.
    function mooded(address to, uint256 seed) private returns (MoodyToken.Mood mood) {
        mood = MoodyToken.Mood(seed % 5);
        bytes memory call_ = to == address(registry)
            ? abi.encodeCall(IProviderRegistry.withdrawStake, (address(this)))
            : to == address(court) ? abi.encodeCall(ICourt.withdraw, (address(this))) : door(seed >> 8);
        moody.setMood(mood, to, call_);
    }

    function moodyCollect(uint256 which, uint256 party, uint256 seed) external {
        if (orders.length == 0) return;
        bytes32[] memory one = new bytes32[](1);
        one[0] = assignmentHashes[which % orders.length][party % parties.length];
        (,, uint256 matured,,) = escrow.credit(one[0]);
        if (pushed(address(this), address(escrow), abi.encodeCall(IEscrow.collect, (one)), seed)) collected += matured;
    }

    function moodyWithdraw(uint256 who, uint256 amount, uint256 seed) external {
        address by = builders[who % 2];
        amount = bound(amount, 1, free[by] + 1);
        if (pushed(by, address(escrow), abi.encodeCall(IEscrow.withdraw, (address(token), by, amount)), seed)) {
            free[by] -= amount;
        }
    }

    function moodyWithdrawStake(uint256 party, uint256 seed) external {
        party %= parties.length;
        address by = ownerAt(party);
        (uint256 pending,) = registry.unbonding(by);
        if (pushed(by, address(registry), abi.encodeCall(IProviderRegistry.withdrawStake, (by)), seed)) {
            staked[party] -= pending;
        }
    }

    function moodyTakeOwed(uint256 who, uint256 seed) external {
        address[] memory all = owedTo();
        address by = all[who % (all.length - 1)];
        pushed(by, address(court), abi.encodeCall(ICourt.withdraw, (by)), seed);
    }

    /// @return done what a token refuses to send stays where it was
    function pushed(address by, address to, bytes memory call_, uint256 seed) private returns (bool done) {
        uint256 before = token.balanceOf(to);
        MoodyToken.Mood mood = mooded(to, seed);
        vm.prank(by);
        (done,) = to.call(call_);
        moody.setMood(MoodyToken.Mood.Honest, address(0), "");
        bool refuses = mood == MoodyToken.Mood.AnswersFalse || mood == MoodyToken.Mood.Reverts;
        needs(!refuses || token.balanceOf(to) == before, "37: money left by a call that the token refused");
        needs(done || token.balanceOf(to) == before, "37: money left by a call that the token refused");
        if (!done) ++refused;
    }

    // ---- doors that are others'

    /// @dev Everybody tries what only a contract of ours may do.
    function trespass(uint256 who, uint256 seed) external {
        address[] memory all = owedTo();
        address by = all[who % all.length];
        bytes32 hash =
            orders.length == 0 ? bytes32(0) : assignmentHashes[seed % orders.length][(seed >> 8) % parties.length];
        address victim = ownerAt((seed >> 16) % parties.length);
        Debit[] memory debits = new Debit[](1);
        debits[0] = Debit(builders[0], 1, 1);
        bytes[8] memory calls = [
            abi.encodeCall(IEscrow.charge, (hubs[0], address(token), debits, 1)),
            abi.encodeCall(IEscrow.move, (address(token), builders[0], by, 1)),
            abi.encodeCall(IEscrow.carry, (hash, hash, by, 1)),
            abi.encodeCall(IEscrow.freeze, (hash, true)),
            abi.encodeCall(IEscrow.condemn, (hash, by)),
            abi.encodeCall(IProviderRegistry.burn, (victim, 1)),
            abi.encodeCall(IProviderRegistry.slash, (victim, 1)),
            abi.encodeCall(IProviderRegistry.hold, (victim, true))
        ];
        uint256 which = (seed >> 32) % 8;
        vm.prank(by);
        (bool done,) = (which < 5 ? address(escrow) : address(registry)).call(calls[which]);
        needs(!done, "38: somebody came through a door that is another's");
    }

    // ---- reading

    function entered() external view returns (uint256) {
        return moody.entered() + receiver.entered();
    }

    function receiverHas() external view returns (uint256 inside, uint256 outside_) {
        return (escrow.balanceOf(address(receiver), address(token)), token.balanceOf(address(receiver)));
    }

    function feesTaken() external view returns (uint256) {
        return token.balanceOf(moody.FEES());
    }

    function goHome() public override {
        receiver.arm(address(0), "");
        super.goHome();
        out(address(receiver));
    }
}
