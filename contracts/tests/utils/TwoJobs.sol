// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Epoch} from "../../src/interfaces/IEpochs.sol";
import {Run} from "../../src/interfaces/IEscrow.sol";
import {Line} from "../../src/libraries/Lines.sol";
import {JobOrder} from "../../src/libraries/Messages.sol";
import {Settling} from "./Settling.sol";

/// @notice A small true epoch: two orders with two agreeing runs each, of owners 0 and 1.
abstract contract TwoJobs is Settling {
    JobOrder internal first;
    JobOrder internal second;
    Run[] internal firstRuns;
    Run[] internal secondRuns;
    Epoch internal epoch;

    function setUp() public virtual override {
        super.setUp();
        (first, second) = (anEpochOrder(1), anEpochOrder(2));
        for (uint256 i = 0; i < 2; ++i) {
            firstRuns.push(aRun(first, i));
            secondRuns.push(aRun(second, i));
        }
        epoch = epochOf(first);
    }

    function lines() internal view returns (Line[] memory all) {
        all = new Line[](4);
        for (uint256 i = 0; i < 2; ++i) {
            all[i] = aLine(firstRuns[i], PRICE);
            all[i + 2] = aLine(secondRuns[i], PRICE);
        }
    }

    function aLedger() internal view returns (Ledger memory) {
        return ledgerOf(lines());
    }

    function orderAt(Ledger memory ledger, uint256 index) internal view returns (JobOrder memory, Run[] memory) {
        bool isFirst = ledger.lines[index].orderHash == firstRuns[0].assignment.orderHash;
        return isFirst ? (first, firstRuns) : (second, secondRuns);
    }

    function firstHash() internal view returns (bytes32) {
        return firstRuns[0].assignment.orderHash;
    }
}
