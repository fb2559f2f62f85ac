// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {Causes} from "./Causes.sol";

/// @title Tokens
/// @notice How tokens come in.
library Tokens {
    using SafeERC20 for IERC20;

    /// @dev Takes `amount` from the caller; refuses a token that delivers another amount.
    function pullExactly(address token, uint256 amount) internal {
        if (amount == 0) revert Causes.ZeroAmount();
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = IERC20(token).balanceOf(address(this)) - before;
        if (received != amount) revert Causes.TransferNotExact(token, amount, received);
    }

    /// @dev Uses a permit if it can still be used. Anyone may have used it before; the allowance then stands.
    function tryPermit(address token, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) internal {
        try IERC20Permit(token).permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
    }
}
