// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Run} from "../../../src/interfaces/IEscrow.sol";
import {Causes} from "../../../src/libraries/Causes.sol";
import {Assignment, JobOrder} from "../../../src/libraries/Messages.sol";
import {Market} from "../../utils/Market.sol";
import {Encoded} from "../../utils/Encoded.sol";

/// @notice One run, and the verdicts of as many auditors as the quorum asks. verdicts.tree says it in words.
contract VerdictsTest is Market {
    JobOrder private order;
    Run private run;

    function setUp() public override {
        super.setUp();
        order = anOrder();
        run = aRun(order, 0);
    }

    function test_shouldPayTheRunAndItsAuditors() public {
        Run memory first = aVerdict(order, 1, run);
        Run memory second = aVerdict(order, 2, run);
        Run[] memory shown = list(run, first, second);
        direct(order, shown);
        vm.snapshotGasLastCall("Escrow", "direct, verdicts of 2");
        vm.assertEq(paid(run), PRICE);
        vm.assertEq(paid(first), PRICE / 10);
        vm.assertEq(paid(second), PRICE / 10);
    }

    function test_shouldRefuseFewerVerdictsThanTheQuorum() public {
        Run[] memory shown = list(run, aVerdict(order, 1, run));
        expect(abi.encodeWithSelector(Causes.QuorumNotReached.selector, escrow.hashOrder(order), 2, 1));
        direct(order, shown);
    }

    function test_shouldRefuseAVerdictThatFoundSomethingElse() public {
        Run memory against = aVerdict(order, 1, run);
        against.opening.root = FORGED;
        against.commitmentSignature = sign(parties[1].sessionKey, digest(Encoded.hash(verdictOf(against, run))));
        Run[] memory shown = list(run, against, aVerdict(order, 2, run));
        expect(abi.encodeWithSelector(Causes.AnswersDiffer.selector, hashOf(against)));
        direct(order, shown);
    }

    function test_shouldRefuseAVerdictUponAnotherRun() public {
        Run memory wrong = aVerdict(order, 1, aRun(order, 3));
        Run[] memory shown = list(run, wrong, aVerdict(order, 2, run));
        expect(
            abi.encodeWithSelector(
                Causes.VerdictNotSigned.selector, hashOf(wrong), commitmentOf(run), parties[1].session
            )
        );
        direct(order, shown);
    }

    function test_shouldRefuseAnAuditorWhoIsTheOwner() public {
        Run memory own = aVerdict(order, 0, run);
        Run[] memory shown = list(run, own, aVerdict(order, 2, run));
        expect(abi.encodeWithSelector(Causes.OwnerTwice.selector, parties[0].wallet, hashOf(own), hashOf(run)));
        direct(order, shown);
    }

    function test_shouldRefuseOneAuditorTwice() public {
        Run memory one = aVerdict(order, 1, run);
        Run[] memory shown = list(run, one, one);
        expect(abi.encodeWithSelector(Causes.OwnerTwice.selector, parties[1].wallet, hashOf(one), hashOf(one)));
        direct(order, shown);
    }

    function test_shouldRefuseAVerdictWithoutARun() public {
        Run memory one = aVerdict(order, 1, run);
        Run[] memory shown = list(one, aVerdict(order, 2, run));
        expect(abi.encodeWithSelector(Causes.RoleNotPaid.selector, hashOf(one), 1));
        direct(order, shown);
    }

    function test_shouldRefuseAnAuditorWhomTheHubNeverAssigned() public {
        Run memory one = aVerdict(order, 1, run);
        one.hubSignature = sign(parties[1].walletKey, hashOf(one));
        Run[] memory shown = list(run, one, aVerdict(order, 2, run));
        expect(abi.encodeWithSelector(Causes.HubNotSigned.selector, hashOf(one), hub));
        direct(order, shown);
    }

    function test_shouldPayRunsThatAgreedBesideVerdicts() public {
        // given: two runs agree; an auditor's verdict is shown with them
        Run memory auditor = aVerdict(order, 2, run);
        direct(order, list(run, aRun(order, 1), auditor));
        vm.assertEq(paid(auditor), PRICE / 10);
        vm.assertEq(escrow.spent(auditor.assignment.orderHash), 2 * PRICE + PRICE / 10);
    }

    function test_shouldBurnNobodyOnVerdictsOfAnotherClass() public {
        // given: the run is of the strict class, one of its two auditors is not
        Run memory loose = aVerdict(order, 1, run);
        Assignment memory assignment = loose.assignment;
        assignment.numericClass = keccak256("some GPU");
        loose = resigned(assignment, loose, 1);
        Run memory forger = aRun(order, 3, 30, FORGED, OUTPUT);

        // when
        direct(order, list(run, loose, aVerdict(order, 2, run)), list(forger));

        // then
        vm.assertFalse(escrow.bondBurned(hashOf(forger)));
    }

    function test_shouldBurnNobodyOnStrictVerdictsUponARunOfAnotherClass() public {
        // given: both auditors are of the strict class, the run is not
        Assignment memory assignment = run.assignment;
        assignment.numericClass = keccak256("some GPU");
        Run memory loose = aRun(assignment, 0, run.opening);
        Run memory forger = aRun(order, 3, 30, FORGED, OUTPUT);

        // when
        direct(order, list(loose, aVerdict(order, 1, loose), aVerdict(order, 2, loose)), list(forger));

        // then
        vm.assertFalse(escrow.bondBurned(hashOf(forger)));
    }

    function test_shouldBurnWhoContradictsTwoStrictVerdicts() public {
        Run memory forger = aRun(order, 3, 30, FORGED, OUTPUT);
        direct(order, list(run, aVerdict(order, 1, run), aVerdict(order, 2, run)), list(forger));
        vm.assertTrue(escrow.bondBurned(hashOf(forger)));
    }

    function resigned(Assignment memory assignment, Run memory verdict, uint256 party)
        private
        view
        returns (Run memory)
    {
        verdict.assignment = assignment;
        signRun(verdict, party);
        verdict.receiptSignature = unsigned();
        verdict.commitmentSignature = sign(parties[party].sessionKey, digest(Encoded.hash(verdictOf(verdict, run))));
        return verdict;
    }
}
