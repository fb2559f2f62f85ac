// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Dispute, ICourt} from "../../src/interfaces/ICourt.sol";
import {Vm} from "./Vm.sol";

/// @notice What a case is about, as everybody can know it: by the event.
library Logs {
    function opened(Vm.Log[] memory logs) internal pure returns (Dispute memory dispute) {
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != ICourt.Opened.selector) continue;
            (, dispute) = abi.decode(logs[i].data, (uint32, Dispute));
            return dispute;
        }
        revert("a case was opened");
    }
}
