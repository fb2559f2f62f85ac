// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IEscrow, Run} from "../../src/interfaces/IEscrow.sol";
import {Causes} from "../../src/libraries/Causes.sol";
import {Assignment, Commitment, JobOrder, Receipt, Release} from "../../src/libraries/Messages.sol";
import {Signature} from "../../src/libraries/Signatures.sol";
import {HookToken} from "../utils/HostileTokens.sol";
import {Market} from "../utils/Market.sol";
import {Encoded} from "../utils/Encoded.sol";

/// @notice Who tries to take what is not theirs, by name. Each test says what it gets.
contract AdversariesTest is Market {
    JobOrder private order;

    function setUp() public override {
        super.setUp();
        order = anOrder();
    }

    // ---- providers

    function test_theCopierWhoShowsAnothersOpening() public {
        // given: it saw an honest opening in the pool of waiting transactions and puts it under its own assignment,
        // with the seal it had committed to before (which was of something else)
        Run memory honest = aRun(order, 0);
        Run memory copier = aRun(order, 1, 30, keccak256("whatever it had"), 0);
        copier.opening = honest.opening;
        bytes32 seal = commitment(copier).seal;

        // when, then: its signature is over another seal
        expect(abi.encodeWithSelector(Causes.CommitmentNotSigned.selector, hashOf(copier), seal, parties[1].session));
        direct(order, list(honest, copier));
    }

    function test_theCopierWhoSealsAnothersSeal() public {
        // given: it commits to the very seal that it saw, which names the other's assignment
        Run memory honest = aRun(order, 0);
        Run memory copier = aRun(order, 1);
        bytes32 stolen = commitment(honest).seal;
        bytes32 commitmentHash = digest(Encoded.hash(Commitment(hashOf(copier), 30, stolen)));
        copier.commitmentSignature = sign(parties[1].sessionKey, commitmentHash);
        copier.receiptSignature = sign(hubKey, digest(Encoded.hash(Receipt(commitmentHash, T0, 7))));
        bytes32 seal = commitment(copier).seal;

        // when, then
        expect(abi.encodeWithSelector(Causes.CommitmentNotSigned.selector, hashOf(copier), seal, parties[1].session));
        direct(order, list(honest, copier));
    }

    function test_theCopierWhoRecordsAfterTheDeadline() public {
        // given: single openings begin after the deadline, when no commitment can be recorded any more
        Run memory honest = aRun(order, 0);
        Run memory copier = withoutReceipt(aRun(order, 1));
        Signature memory signature = signed(order);
        vm.warp(order.deadline + 1);
        escrow.open(order, signature, honest);
        escrow.recordCommitment(commitment(copier));

        // when, then
        expect(
            abi.encodeWithSelector(
                Causes.CommitmentRecordedLate.selector, commitmentOf(copier), order.deadline + 1, order.deadline
            )
        );
        escrow.open(order, signature, copier);
    }

    function test_theOwnerWhoAgreesWithHimself() public {
        // given: two providers of one owner, both assigned by a careless hub
        vm.prank(parties[0].wallet);
        bytes32 second = registry.register("second");
        Assignment memory assignment = anAssignment(order, 0);
        (assignment.provider, assignment.attempt) = (second, 2);
        Run memory twin = aRun(assignment, 0, anOpening(30, ROOT, OUTPUT));
        twin.key.provider = second;
        signRun(twin, 0);
        Run memory first = aRun(order, 0);

        // when, then: as two, as the same twice, and later beside an honest one
        expect(abi.encodeWithSelector(Causes.OwnerTwice.selector, parties[0].wallet, hashOf(twin), hashOf(first)));
        direct(order, list(first, twin));
        expect(abi.encodeWithSelector(Causes.OwnerTwice.selector, parties[0].wallet, hashOf(first), hashOf(first)));
        direct(order, list(first, first));
        direct(order, list(first, aRun(order, 1)));
        expect(abi.encodeWithSelector(Causes.OwnerTwice.selector, parties[0].wallet, hashOf(twin), hashOf(first)));
        direct(order, list(twin));
    }

    function test_theProviderWhomTheHubNeverAssigned() public {
        // given: everything is there but the hub's word; it signs the assignment itself
        Run memory honest = aRun(order, 0);
        Run memory intruder = aRun(order, 1);
        intruder.hubSignature = sign(parties[1].walletKey, hashOf(intruder));

        // when, then
        expect(abi.encodeWithSelector(Causes.HubNotSigned.selector, hashOf(intruder), hub));
        direct(order, list(honest, intruder));
    }

    function test_theProviderWhoRaisesItsPrice() public {
        // given
        Run memory greedy = aRun(order, 1);
        Run memory honest = aRun(order, 0);
        greedy.assignment.price *= 2;

        // when, then: the hub signed another price
        expect(abi.encodeWithSelector(Causes.HubNotSigned.selector, hashOf(greedy), hub));
        direct(order, list(honest, greedy));
    }

    function test_theInventedQuorum() public {
        // given: somebody with neither order nor hub invents everything it can sign
        (uint256 realHub, uint256 fake) = (hubKey, uint256(keccak256("fake")));
        hubKey = fake;
        Run[] memory runs = list(aRun(order, 0), aRun(order, 1));
        hubKey = realHub;

        // when, then
        expect(abi.encodeWithSelector(Causes.HubNotSigned.selector, hashOf(runs[0]), hub));
        direct(order, runs);
    }

    function test_theThirdReplicaSwappedIntoAQuorum() public {
        // given: two agreed and were paid; a third with another answer wants to replace one of them
        Run memory a = aRun(order, 0);
        direct(order, list(a, aRun(order, 1)));
        Run memory other = aRun(order, 2, 30, FORGED, OUTPUT);
        bytes32 stands = keccak256(abi.encode(ROOT, OUTPUT));

        // when, then: neither beside one of them, nor alone
        expect(abi.encodeWithSelector(Causes.AnswersDiffer.selector, hashOf(other)));
        direct(order, list(a, other));
        expect(abi.encodeWithSelector(Causes.AnswerAlreadyAgreed.selector, a.assignment.orderHash, 0, 30, stands));
        direct(order, list(other));
    }

    // ---- builders

    function test_theBuilderWhoRecallsUnderARunningOrder() public {
        // given: everything is asked back right after the order
        Run[] memory runs = list(aRun(order, 0), aRun(order, 1));
        vm.prank(builder);
        escrow.recall(hub, address(token), ALLOTTED);

        // when: the last moment at which the order can be paid is before the money may leave
        uint64 last = order.deadline + 6 * W;
        (, uint64 leaves) = escrow.recalled(builder, hub, address(token));
        vm.assertTrue(leaves > last);
        vm.warp(last);
        direct(order, runs);

        // then
        vm.assertEq(escrow.spent(runs[0].assignment.orderHash), 2 * PRICE);
    }

    function test_theBuilderWhoPaysItselfFromUnderARunningOrder() public {
        // given: an order of its own, to a friend, that the hub never saw
        JobOrder memory own = anOrder();
        (own.jobId, own.maxPayment) = (keccak256("own"), ALLOTTED);
        Assignment memory toFriend = anAssignment(own, 4);
        toFriend.price = ALLOTTED;
        bytes32 toFriendHash = escrow.hashAssignment(toFriend);
        Release memory all = Release(escrow.hashOrder(own), toFriendHash, parties[4].wallet, ALLOTTED);
        Signature memory byBuilder = sign(builderKey, toFriendHash);

        // when, then
        expect(abi.encodeWithSelector(Causes.HubNotSigned.selector, toFriendHash, hub));
        vm.prank(builder);
        escrow.release(own, toFriend, byBuilder, all, unsigned());
    }

    function test_theBuilderWhoWantsReservedMoneyBack() public {
        // given
        direct(order, list(aRun(order, 0), aRun(order, 1)));

        // when: everything it can take, it takes
        vm.startPrank(builder);
        escrow.withdraw(address(token), builder, FUNDS - ALLOTTED);
        escrow.recall(hub, address(token), ALLOTTED - 2 * PRICE);
        expect(abi.encodeWithSelector(Causes.InsufficientAllotment.selector, builder, hub, address(token), 1, 0));
        escrow.recall(hub, address(token), 1);
        vm.warp(T0 + MAX_ORDER + 9 * W);
        escrow.reclaim(hub, address(token));
        escrow.withdraw(address(token), builder, ALLOTTED - 2 * PRICE);
        vm.stopPrank();

        // then: what is reserved is still there for those who earned it
        vm.assertEq(token.balanceOf(address(escrow)), 2 * PRICE);
        Run memory a = aRun(order, 0);
        escrow.collect(hashes(a, aRun(order, 1)));
        vm.assertEq(token.balanceOf(parties[0].wallet), PRICE);
        vm.assertEq(token.balanceOf(address(escrow)), 0);
    }

    function test_theBuilderWhoReleasesUnderAnothersAssignmentHash() public {
        // a release under an order of one's own cannot mark another order's assignment as paid
        Run memory victim = aRun(order, 0);
        JobOrder memory own = anOrder();
        own.jobId = keccak256("own");
        Assignment memory mine = anAssignment(own, 0);
        Release memory poison = Release(escrow.hashOrder(own), hashOf(victim), parties[0].wallet, PRICE);
        Signature memory hubSignature = sign(hubKey, escrow.hashAssignment(mine));
        Signature memory signature = signed(poison);
        expect(abi.encodeWithSelector(Causes.AssignmentMismatch.selector, escrow.hashAssignment(mine), hashOf(victim)));
        escrow.release(own, mine, hubSignature, poison, signature);
        direct(order, list(victim, aRun(order, 1)));
        vm.assertEq(paid(victim), PRICE);
    }

    // ---- tokens

    function test_theTokenThatCallsBack() public {
        // given
        HookToken money = new HookToken();
        money.mint(builder, 10 * PRICE);
        vm.startPrank(builder);
        money.approve(address(escrow), 10 * PRICE);
        escrow.deposit(address(money), 6 * PRICE);
        escrow.allot(hub, address(money), 4 * PRICE);
        vm.stopPrank();
        order.token = address(money);
        Run memory a = aRun(order, 0);
        direct(order, list(a, aRun(order, 1)));
        vm.warp(T0 + W);
        bytes32[] memory mine = hashes(a);
        bytes[5] memory calls = [
            abi.encodeCall(IEscrow.collect, (mine)),
            abi.encodeCall(IEscrow.deposit, (address(money), 1)),
            abi.encodeCall(IEscrow.withdraw, (address(money), address(money), 1)),
            abi.encodeCall(IEscrow.direct, (order, signed(order), list(a, aRun(order, 1)), none())),
            abi.encodeCall(IEscrow.open, (order, signed(order), a))
        ];

        // when: it calls back in a deposit
        for (uint256 i = 0; i < calls.length; ++i) {
            money.arm(address(escrow), calls[i]);
            vm.prank(builder);
            escrow.deposit(address(money), 1);
            _refused(money);
        }
        // when: it calls back while paying out
        money.arm(address(escrow), calls[0]);
        escrow.collect(mine);
        _refused(money);

        // then
        vm.assertEq(money.balanceOf(parties[0].wallet), PRICE);
        vm.assertEq(escrow.balanceOf(builder, address(money)), 2 * PRICE + calls.length);
    }

    function _refused(HookToken money) private view {
        vm.assertFalse(money.entered());
        vm.assertEq(bytes32(money.answer()), bytes32(bytes4(keccak256("ReentrancyGuardReentrantCall()"))));
    }

    /// @dev The hub's friend works as well, for a price that no order has.
    function absurd(uint256 price) private view returns (Run memory) {
        Assignment memory assignment = anAssignment(order, 0);
        assignment.price = price;
        return aRun(assignment, 0, anOpening(30, ROOT, OUTPUT));
    }

    function test_thePriceThatOverflows() public {
        // given: a hub that signs absurd prices, and a builder an absurd maximum
        order.maxPayment = type(uint256).max;
        Run memory friend = absurd(type(uint256).max);

        // when: the sum would not fit a word
        direct(order, list(friend, aRun(order, 1)));

        // then: never wrapped around, and no more than was allotted
        vm.assertLe(escrow.spent(friend.assignment.orderHash), ALLOTTED, "more than allotted");
        vm.assertEq(paid(friend), ALLOTTED - 1);
    }

    function test_theAbsurdPriceThatTakesAll() public {
        // given: a maximum of three prices
        order.maxPayment = 3 * PRICE;
        Run memory honest = aRun(order, 1);
        Run memory friend = absurd(type(uint256).max);

        // when: it is shown beside an honest run
        direct(order, list(friend, honest));

        // then: it counts as no more than the whole order may cost, so that the other is left three quarters of its own
        vm.assertEq(paid(honest), 3 * PRICE / 4);
        vm.assertEq(paid(friend), 9 * PRICE / 4);
    }

    function test_theAbsurdPriceThatKeepsOthersFromOpening() public {
        // given: the friend opens first, for all a word holds
        order.maxPayment = 3 * PRICE;
        Run memory honest = aRun(order, 1);
        Run memory friend = absurd(type(uint256).max);
        Signature memory signature = signed(order);
        vm.warp(order.deadline + 1);
        escrow.open(order, signature, friend);

        // when
        escrow.open(order, signature, honest);

        // then
        vm.assertEq(paid(honest), 3 * PRICE / 4);
    }
}
