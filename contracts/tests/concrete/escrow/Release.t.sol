// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IEscrow, Run} from "../../../src/interfaces/IEscrow.sol";
import {Causes} from "../../../src/libraries/Causes.sol";
import {Assignment, JobOrder, Release} from "../../../src/libraries/Messages.sol";
import {Signature} from "../../../src/libraries/Signatures.sol";
import {BlockingToken} from "../../utils/HostileTokens.sol";
import {Market} from "../../utils/Market.sol";

contract ReleaseTest is Market {
    JobOrder private order;
    Assignment private assignment;
    Signature private hubSignature;
    bytes32 private orderHash;
    bytes32 private assignmentHash;
    address private owner;

    function setUp() public override {
        super.setUp();
        order = anOrder();
        prepare();
    }

    function prepare() private {
        owner = parties[0].wallet;
        assignment = anAssignment(order, 0);
        orderHash = escrow.hashOrder(order);
        assignmentHash = escrow.hashAssignment(assignment);
        hubSignature = sign(hubKey, assignmentHash);
    }

    function aRelease(uint256 amount) private view returns (Release memory) {
        return Release(orderHash, assignmentHash, owner, amount);
    }

    function release(Release memory release_) private {
        escrow.release(order, assignment, hubSignature, release_, signed(release_));
    }

    function test_shouldPayAtOnce() public {
        vm.expectEmit(address(escrow));
        emit IEscrow.Released(orderHash, assignmentHash, owner, PRICE, PRICE);
        release(aRelease(PRICE));
        vm.snapshotGasLastCall("Escrow", "release");
        vm.assertEq(escrow.balanceOf(owner, address(token)), PRICE);
        vm.assertEq(token.balanceOf(address(escrow)), FUNDS);
        vm.assertEq(escrow.spent(orderHash), PRICE);
        vm.assertEq(escrow.paid(orderHash, assignmentHash), PRICE);

        // and: it is the owner's to take
        vm.prank(owner);
        escrow.withdraw(address(token), owner, PRICE);
        vm.assertEq(token.balanceOf(owner), PRICE);
    }

    function test_shouldPayTheDifferenceToATotal() public {
        release(aRelease(400));
        release(aRelease(1000));
        vm.assertEq(escrow.balanceOf(owner, address(token)), 1000);
    }

    function test_shouldNeedNoSignatureOfABuilderThatCalls() public {
        vm.prank(builder);
        escrow.release(order, assignment, hubSignature, aRelease(PRICE), unsigned());
        vm.assertEq(escrow.balanceOf(owner, address(token)), PRICE);
    }

    /// @dev A payee may be a contract that cannot call the escrow, in whose balance money would stay for ever.
    function test_shouldPayTheOwnerWhateverItsPayee() public {
        // given
        vm.prank(owner);
        registry.setPayee(address(token));
        Release memory release_ = aRelease(PRICE);

        // when
        release(release_);

        // then
        vm.assertEq(escrow.balanceOf(owner, address(token)), PRICE);
        release_.payee = address(token);
        expect(abi.encodeWithSelector(Causes.PayeeMismatch.selector, address(token), owner));
        release(release_);
    }

    function test_shouldLeaveOnlyTheDifferenceToDirect() public {
        // given
        release(aRelease(PRICE / 4));

        // when
        Run memory a = aRun(order, 0);
        direct(order, list(a, aRun(order, 1)));

        // then
        (,,, uint256 maturing,) = escrow.credit(hashOf(a));
        vm.assertEq(maturing, PRICE - PRICE / 4);
        vm.assertEq(escrow.spent(orderHash), 2 * PRICE);

        // and: what is reserved is not paid again
        expect(abi.encodeWithSelector(Causes.NothingToDo.selector, orderHash));
        release(aRelease(PRICE));
    }

    function test_shouldRefuseTheSameReleaseTwiceOrASmallerOne() public {
        release(aRelease(1000));
        expect(abi.encodeWithSelector(Causes.NothingToDo.selector, orderHash));
        release(aRelease(1000));
        expect(abi.encodeWithSelector(Causes.NothingToDo.selector, orderHash));
        release(aRelease(999));
    }

    function test_shouldRefuseWithoutTheBuildersSignature() public {
        Release memory release_ = aRelease(PRICE);
        Signature memory good = signed(release_);
        Signature[3] memory bad = [unsigned(), highS(good), sign(hubKey, digest(keccak256("x")))];
        for (uint256 i = 0; i < bad.length; ++i) {
            expect(abi.encodeWithSelector(Causes.ReleaseNotSigned.selector, orderHash, builder));
            escrow.release(order, assignment, hubSignature, release_, bad[i]);
        }
    }

    function test_shouldRefuseAReleaseOfAnotherOrderOrAssignment() public {
        Release memory release_ = aRelease(PRICE);
        release_.orderHash = "other";
        expect(abi.encodeWithSelector(Causes.OrderMismatch.selector, orderHash, bytes32("other")));
        release(release_);
        release_ = aRelease(PRICE);
        release_.assignmentHash = "other";
        expect(abi.encodeWithSelector(Causes.AssignmentMismatch.selector, assignmentHash, bytes32("other")));
        release(release_);
    }

    function test_shouldRefuseABuilderThatEmptiesAnAllotmentUnderItsHub() public {
        // the builder makes an order and an assignment to a friend by itself; the hub signed neither
        hubSignature = sign(builderKey, assignmentHash);
        expect(abi.encodeWithSelector(Causes.HubNotSigned.selector, assignmentHash, hub));
        release(aRelease(PRICE));
    }

    function test_shouldRefuseAnotherPayee() public {
        Release memory release_ = aRelease(PRICE);
        release_.payee = builder;
        expect(abi.encodeWithSelector(Causes.PayeeMismatch.selector, builder, owner));
        release(release_);
    }

    function test_shouldRefuseMoreThanThePriceTheMaximumOrTheAllotment() public {
        expect(abi.encodeWithSelector(Causes.AmountAbovePrice.selector, assignmentHash, PRICE + 1, PRICE));
        release(aRelease(PRICE + 1));

        order.maxPayment = PRICE - 1;
        prepare();
        expect(abi.encodeWithSelector(Causes.MaxPaymentReached.selector, orderHash, PRICE - 1, PRICE));
        release(aRelease(PRICE));

        order.maxPayment = type(uint256).max;
        prepare();
        assignment.price = type(uint256).max;
        assignmentHash = escrow.hashAssignment(assignment);
        hubSignature = sign(hubKey, assignmentHash);
        expect(
            abi.encodeWithSelector(
                Causes.InsufficientAllotment.selector, builder, hub, address(token), ALLOTTED + 1, ALLOTTED
            )
        );
        release(aRelease(ALLOTTED + 1));
    }

    function test_shouldPayNoMoreThanAnOrderCanCostWhateverItSays() public {
        // given: an order without an end, and a price to match
        order.maxPayment = type(uint256).max;
        prepare();
        assignment.price = type(uint256).max;
        assignmentHash = escrow.hashAssignment(assignment);
        hubSignature = sign(hubKey, assignmentHash);
        uint256 most = type(uint96).max;
        token.mint(builder, most);
        vm.startPrank(builder);
        token.approve(address(escrow), most);
        escrow.deposit(address(token), most);
        escrow.allot(hub, address(token), most - ALLOTTED);
        vm.stopPrank();

        // when, then
        expect(abi.encodeWithSelector(Causes.MaxPaymentReached.selector, orderHash, type(uint256).max, most + 1));
        release(aRelease(most + 1));
        release(aRelease(most));
        vm.assertEq(escrow.spent(orderHash), most);
        vm.assertEq(escrow.allotment(builder, hub, address(token)), 0);
        expect(abi.encodeWithSelector(Causes.MaxPaymentReached.selector, orderHash, type(uint256).max, 1));
        release(aRelease(most + 1));
    }

    function test_shouldRememberWhatEachWasPaid() public {
        // given: the first alone, in two parts
        release(aRelease(300));
        release(aRelease(400));
        vm.assertEq(escrow.paid(orderHash, assignmentHash), 400);

        // when: a second and the first once more
        Run memory second = aRun(order, 1);
        escrow.release(
            order, second.assignment, second.hubSignature, aReleaseOf(second, 1000), signed(aReleaseOf(second, 1000))
        );
        vm.assertEq(escrow.paid(orderHash, assignmentHash), 400);
        vm.assertEq(escrow.paid(orderHash, hashOf(second)), 1000);
        expect(abi.encodeWithSelector(Causes.NothingToDo.selector, orderHash));
        release(aRelease(400));
        release(aRelease(450));

        // then: of a third nothing
        vm.assertEq(escrow.paid(orderHash, assignmentHash), 450);
        vm.assertEq(escrow.paid(orderHash, hashOf(second)), 1000);
        vm.assertEq(escrow.paid(orderHash, keccak256("third")), 0);
        vm.assertEq(escrow.spent(orderHash), 1450);
        vm.assertEq(escrow.balanceOf(owner, address(token)), 450);
    }

    function test_shouldRefuseAnOrderThatIsOver() public {
        uint256 endsAt = order.deadline + 6 * W;
        vm.warp(endsAt + 1);
        expect(abi.encodeWithSelector(Causes.OrderOver.selector, orderHash, endsAt, endsAt + 1));
        release(aRelease(PRICE));
    }

    // ---- collect

    function test_shouldRefuseToCollectWhatIsNotRipe() public {
        Run memory a = aRun(order, 0);
        direct(order, list(a, aRun(order, 1)));
        vm.warp(T0 + W - 1);
        bytes32[] memory mine = hashes(a);
        expect(abi.encodeWithSelector(Causes.CreditImmature.selector, mine[0], T0 + W, T0 + W - 1));
        escrow.collect(mine);
    }

    function test_shouldPayTheOwnersPayeeOfTheDay() public {
        // given
        Run memory a = aRun(order, 0);
        Run memory b = aRun(order, 1);
        direct(order, list(a, b));
        vm.prank(owner);
        registry.setPayee(stranger);
        vm.warp(T0 + W);
        bytes32[] memory both = hashes(a, b);
        (,, uint256 matured,,) = escrow.credit(both[0]);
        vm.assertEq(matured, PRICE);

        // when
        vm.expectEmit(address(escrow));
        emit IEscrow.Collected(both[0], owner, stranger, address(token), PRICE);
        escrow.collect(both);
        vm.snapshotGasLastCall("Escrow", "collect, 2");

        // then
        vm.assertEq(token.balanceOf(stranger), PRICE);
        vm.assertEq(token.balanceOf(parties[1].wallet), PRICE);

        // and: the same again, and one never known, are passed over
        escrow.collect(both);
        escrow.collect(new bytes32[](1));
        vm.assertEq(token.balanceOf(stranger), PRICE);
    }

    function test_shouldLetAnOwnerWhoCannotReceiveNameAnother() public {
        // given
        BlockingToken money = new BlockingToken();
        money.mint(builder, 3 * PRICE);
        vm.startPrank(builder);
        money.approve(address(escrow), 3 * PRICE);
        escrow.deposit(address(money), 3 * PRICE);
        escrow.allot(hub, address(money), 3 * PRICE);
        vm.stopPrank();
        order.token = address(money);
        Run memory a = aRun(order, 0);
        Run memory b = aRun(order, 1);
        direct(order, list(a, b));
        vm.warp(T0 + W);
        money.setBlocked(owner, true);
        bytes32[] memory mine = hashes(a);
        vm.expectRevert("blocked");
        escrow.collect(mine);

        // when: the other is not held up, and the blocked one goes elsewhere
        escrow.collect(hashes(b));
        vm.prank(owner);
        registry.setPayee(stranger);
        escrow.collect(mine);

        // then
        vm.assertEq(money.balanceOf(stranger), PRICE);
        vm.assertEq(money.balanceOf(parties[1].wallet), PRICE);
    }
}
