// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IEscrow, Run} from "../../src/interfaces/IEscrow.sol";
import {IProviderRegistry} from "../../src/interfaces/IProviderRegistry.sol";
import {Causes} from "../../src/libraries/Causes.sol";
import {JobOrder, Release, SessionKey} from "../../src/libraries/Messages.sol";
import {Signature} from "../../src/libraries/Signatures.sol";
import {Disputing} from "../utils/Disputing.sol";
import {FlippingWallet} from "../utils/Wallets.sol";

/// @notice Attacks by name, each with who loses what. README.md has the whole list and where the others are.
contract AttacksTest is Disputing {
    function allotted() private view returns (uint256) {
        return escrow.allotment(builder, hub, address(token));
    }

    function stakeOf(uint256 party) private view returns (uint256) {
        return registry.stakeOf(parties[party].wallet);
    }

    // ---- wallets that flip

    function test_theBuildersWalletThatFlips() public {
        // given: a contract wallet, which says yes to everything, ordered
        FlippingWallet wallet = new FlippingWallet();
        token.mint(address(wallet), ALLOTTED);
        wallet.execute(address(token), abi.encodeCall(token.approve, (address(escrow), ALLOTTED)));
        wallet.execute(address(escrow), abi.encodeCall(IEscrow.deposit, (address(token), ALLOTTED)));
        wallet.execute(address(escrow), abi.encodeCall(IEscrow.allot, (hub, address(token), ALLOTTED)));
        JobOrder memory its = anOrder();
        its.builder = address(wallet);
        Run[] memory runs = list(aRun(its, 0), aRun(its, 1));

        // when, then: nobody asks it, so its word is worth nothing before it is on chain
        expect(abi.encodeWithSelector(Causes.OrderNotSigned.selector, runs[0].assignment.orderHash, address(wallet)));
        escrow.direct(its, Signature("yes", "yes"), runs, none());

        // when: it approves, lets others work, and flips
        wallet.execute(address(escrow), abi.encodeCall(IEscrow.approveOrder, (its)));
        wallet.flip();
        escrow.direct(its, unsigned(), runs, none());

        // then: it pays what it ordered, and the owners have lost nothing
        vm.assertEq(paid(runs[0]) + paid(runs[1]), 2 * PRICE);
        vm.assertEq(escrow.allotment(address(wallet), hub, address(token)), ALLOTTED - 2 * PRICE);
    }

    function test_theAccountThatBecomesAWalletThatFlips() public {
        // given: a builder and an owner who signed with plain keys, and then delegate to code that says no (EIP-7702)
        JobOrder memory its = anOrder();
        Run[] memory runs = list(aRun(its, 0), aRun(its, 1));
        Signature memory signature = signed(its);
        FlippingWallet wallet = new FlippingWallet();
        wallet.flip();
        vm.etch(builder, address(wallet).code);
        vm.etch(parties[0].wallet, address(wallet).code);

        // when
        escrow.direct(its, signature, runs, none());

        // then: what they signed stands, for the builder's money and for the owner's pay
        vm.assertEq(paid(runs[0]) + paid(runs[1]), 2 * PRICE);
        vm.assertEq(allotted(), ALLOTTED - 2 * PRICE);
    }

    function test_theOwnersWalletThatFlips() public {
        // given: an owner that is a contract; its provider, its stake, its session key by its own calls
        FlippingWallet wallet = new FlippingWallet();
        token.mint(address(wallet), STAKE);
        wallet.execute(address(token), abi.encodeCall(token.approve, (address(registry), STAKE)));
        wallet.execute(address(registry), abi.encodeCall(IProviderRegistry.stake, (STAKE)));
        bytes memory answer =
            wallet.execute(address(registry), abi.encodeCall(IProviderRegistry.register, (bytes32("its"))));
        bytes32 provider = abi.decode(answer, (bytes32));
        Run memory lie = aTreeRun(2, true);
        (lie.assignment.owner, lie.assignment.provider) = (address(wallet), provider);
        lie = aTreeRun(lie.assignment, 2, true);
        (lie.key.owner, lie.key.provider) = (address(wallet), provider);
        signRun(lie, 2);
        lie.keySignature = unsigned();
        SessionKey memory key = lie.key;
        wallet.execute(address(registry), abi.encodeCall(IProviderRegistry.recordKey, (key, unsigned())));

        // when: two honest runs agree; it says that it never let this key speak for it
        wallet.flip();
        direct(order, list(aTreeRun(0, false), aTreeRun(1, false)), list(lie));

        // then: its lie costs it the bond
        vm.assertEq(registry.stakeOf(address(wallet)), STAKE - BOND);
        vm.assertEq(token.balanceOf(ASHES), BOND);
    }

    // ---- keys

    function test_theKeyRevokedBeforeTheDispute() public {
        // given: a forger was paid, and revokes its key before anybody accuses it
        paidForgery();
        vm.warp(block.timestamp + 1);
        vm.prank(parties[0].wallet);
        registry.revokeKey(forged.key.provider, forged.key.serial);
        uint256 before = escrow.balanceOf(builder, address(token));

        // when
        accuse();
        draw();
        vote(5, trueLeaf(), 0);
        court.close(id, dispute);

        // then: it loses bond and pay; the builder has its money back and half the bond
        vm.assertEq(stakeOf(0), STAKE - BOND);
        vm.assertEq(escrow.balanceOf(builder, address(token)), before + PRICE);
        vm.assertEq(court.owed(builder), BOND / 2);
    }

    function test_theKeyRevokedBeforeTheContradiction() public {
        // given
        Run memory lie = aTreeRun(2, true);
        vm.warp(block.timestamp + 1);
        vm.prank(parties[2].wallet);
        registry.revokeKey(lie.key.provider, lie.key.serial);

        // when
        direct(order, list(aTreeRun(0, false), aTreeRun(1, false)), list(lie));

        // then
        vm.assertEq(stakeOf(2), STAKE - BOND);
    }

    // ---- front-running a settlement

    function test_theCancelThatFrontRunsSettlement() public {
        // given: a settlement waits in the pool
        JobOrder memory its = anOrder();
        Run[] memory runs = list(aRun(its, 0), aRun(its, 1));
        Signature memory signature = signed(its);

        // when: builder and hub do before it all that looks like cancelling: ask the allotment back, take the free
        // balance, appoint another settler, release a crumb
        vm.startPrank(builder);
        escrow.recall(hub, address(token), ALLOTTED);
        escrow.withdraw(address(token), builder, FUNDS - ALLOTTED);
        Release memory crumb = Release(runs[0].assignment.orderHash, hashOf(runs[0]), parties[0].wallet, 1);
        escrow.release(its, runs[0].assignment, runs[0].hubSignature, crumb, unsigned());
        vm.stopPrank();
        vm.prank(hub);
        epochs.appoint(stranger, address(token));
        escrow.direct(its, signature, runs, none());

        // then: both owners have their whole price, the builder has lost no more than it ordered
        vm.assertEq(paid(runs[0]), PRICE);
        vm.assertEq(paid(runs[1]), PRICE);
        (uint256 pending,) = escrow.recalled(builder, hub, address(token));
        vm.assertEq(pending, ALLOTTED - 2 * PRICE);
    }

    function test_theOlderPrefixVerdictThatFrontRunsSettlement() public {
        // given: two auditors found a third of a run right; the whole run and its twin wait in the pool
        JobOrder memory its = anOrder();
        Run memory third = aRun(its, 0, 10, ROOT, 0);
        Run[] memory verdicts = list(third, aVerdict(its, 2, third), aVerdict(its, 3, third));
        Run[] memory whole = list(aRun(its, 0), aRun(its, 1));

        // when: the verdict comes first
        direct(its, verdicts);
        vm.assertEq(paid(whole[0]), PRICE / 3);
        direct(its, whole);

        // then: it delayed nothing and cost nobody anything; each has what it earned, the builder paid what was done
        vm.assertEq(paid(whole[0]), PRICE);
        vm.assertEq(paid(whole[1]), PRICE);
        vm.assertEq(escrow.spent(third.assignment.orderHash), 2 * PRICE + 2 * (PRICE / 10));
        vm.assertEq(stakeOf(0) + stakeOf(1), 2 * STAKE);

        // when: it comes last
        Signature memory signature = signed(its);
        expect(abi.encodeWithSelector(Causes.NothingToDo.selector, third.assignment.orderHash));
        escrow.direct(its, signature, verdicts, none());
        vm.assertEq(paid(whole[0]), PRICE);
    }

    // ---- money promised twice

    function test_theDepositPromisedToTwoHubs() public {
        // given: everything is at one hub; the builder orders for the same money at another
        vm.startPrank(builder);
        escrow.allot(hub, address(token), FUNDS - ALLOTTED);
        vm.stopPrank();
        (address first, uint256 firstKey) = (hub, hubKey);
        hubKey = uint256(keccak256("the other hub"));
        hub = vm.addr(hubKey);
        JobOrder memory second = anOrder();
        Run[] memory there = list(aRun(second, 0), aRun(second, 1));
        expect(
            abi.encodeWithSelector(Causes.InsufficientAllotment.selector, builder, hub, address(token), 2 * PRICE, 0)
        );
        direct(second, there);
        (hub, hubKey) = (first, firstKey);
        JobOrder memory its = anOrder();
        direct(its, list(aRun(its, 0), aRun(its, 1)));

        // then: the first hub's owners are paid; those of a hub that looked at no allotment are not, and it could look
        vm.assertEq(escrow.spent(escrow.hashOrder(its)), 2 * PRICE);
        vm.assertEq(escrow.spent(escrow.hashOrder(second)), 0);
        vm.assertEq(escrow.allotment(builder, second.hub, address(token)), 0);
    }

    // ---- answers

    function test_theHonestRootWithAPoisonedOutput() public {
        // given: the tree is right, the result handed over is not
        JobOrder memory its = anOrder();
        Run memory poisoned = aRun(its, 2, 30, ROOT, FORGED);
        Run[] memory right = list(aRun(its, 0), aRun(its, 1));
        expect(abi.encodeWithSelector(Causes.AnswersDiffer.selector, hashOf(poisoned)));
        direct(its, list(right[0], poisoned));

        // when
        direct(its, right, list(poisoned));

        // then: the poisoner is paid nothing and loses its bond, which nobody gets
        vm.assertEq(paid(poisoned), 0);
        vm.assertEq(stakeOf(2), STAKE - BOND);
        vm.assertEq(token.balanceOf(ASHES), BOND);
        vm.assertEq(allotted(), ALLOTTED - 2 * PRICE);
    }

    function test_theCopierThatCommitsAfterAnOpening() public {
        // given: the answer is on chain; a third with a live lease takes it, its hub backdates no receipt
        JobOrder memory its = anOrder();
        direct(its, list(aRun(its, 0), aRun(its, 1)));
        Run memory copier = withoutReceipt(aRun(its, 2));
        vm.warp(block.timestamp + 1);
        escrow.recordCommitment(commitment(copier));
        uint64 recorded = uint64(block.timestamp);
        vm.warp(its.deadline + 1);
        Signature memory signature = signed(its);

        // when, then: it worked for nothing, and the builder pays nothing for a copy
        expect(abi.encodeWithSelector(Causes.CommittedAfterOpening.selector, hashOf(copier), recorded, recorded - 1));
        escrow.open(its, signature, copier);
        expect(abi.encodeWithSelector(Causes.CommittedAfterOpening.selector, hashOf(copier), recorded, recorded - 1));
        escrow.direct(its, signature, list(copier), none());
        vm.assertEq(paid(copier), 0);
        vm.assertEq(allotted(), ALLOTTED - 2 * PRICE);
    }
}
