// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Run} from "../../../src/interfaces/IEscrow.sol";
import {Errors} from "../../../src/libraries/Errors.sol";
import {Stretch} from "../../../src/libraries/Lines.sol";
import {TwoJobs} from "../../utils/TwoJobs.sol";

/// @notice Answers at the edges of the tree, and with lines that are not what they must be. demands.tree says it in words.
contract AnswersTest is TwoJobs {
    function test_shouldTakeTheAnswerThatABuilderHasNoLineAtAll() public {
        // given: orders of builders who would stand before and after all others
        Ledger memory ledger = aLedger();
        post(epoch, ledger);
        address[2] memory strangers = [address(1), address(type(uint160).max)];
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(watchdog);
            epochs.demandOrder(epoch, strangers[i], firstHash());
            uint256 edge = i == 0 ? 0 : 3;

            // when, then
            epochs.answerNone(epoch, ledger.content, stretch(ledger, edge, edge + 1), strangers[i], firstHash());
        }
        vm.assertEq(escrow.balanceOf(watchdog, address(token)), 98 * DEMAND_BOND);
    }

    function test_shouldRefuseToAnswerWithLinesThatDoNotFollowEachOther() public {
        // given
        Ledger memory bad = aLedger();
        bad.lines[1].sum += 1;
        reseal(bad);
        post(epoch, bad);
        bytes32 what = demandOrder(epoch, firstHash());

        // when, then
        expect(abi.encodeWithSelector(Errors.LinesLeftOut.selector, firstHash()));
        answer(epoch, bad, what, first, firstRuns);
    }

    function test_shouldRefuseAQuorumOfOneOwnerInAnAnswer() public {
        // given: two providers of one owner, and no second voice
        vm.prank(parties[0].wallet);
        bytes32 second = registry.register("second");
        Run memory twin = aRun(first, 0);
        (twin.assignment.provider, twin.assignment.attempt, twin.key.provider) = (second, 9, second);
        signRun(twin, 0);
        Ledger memory ledger = aLedger();
        post(epoch, ledger);
        bytes32 what = demandOrder(epoch, firstHash());
        Run[] memory runs = list(aRun(first, 0), twin);
        Stretch memory shown = stretchOf(ledger, builder, firstHash());
        bytes memory signature = signed(first);

        // when, then
        expect(abi.encodeWithSelector(Errors.OwnerTwice.selector, parties[0].wallet, hashOf(runs[1]), hashOf(runs[0])));
        epochs.answer(epoch, ledger.content, what, shown, first, signature, only(runs));
    }

    function test_shouldRefuseTheSecondFormOfAnAmount() public {
        // given: a leaf holds 120 bits of an amount; the same bits with one more above them
        Ledger memory ledger = aLedger();
        post(epoch, ledger);
        Stretch memory shown = stretch(ledger, 0, 2);
        shown.lines[0].amount += 2 ** 120;

        // when, then: it is no line of the tree, so that it can neither pay nor accuse
        expect(abi.encodeWithSelector(Errors.LineNotProven.selector, 0, ledger.content.root));
        epochs.accuseLines(epoch, ledger.content, shown);
    }
}
