// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title TestToken
/// @notice Play money for development and tests, with permit and the six decimals of the common dollar tokens.
/// Anyone may mint: worthless on purpose.
contract TestToken is ERC20, ERC20Permit {
    constructor() ERC20("Perigee Test Dollar", "ptUSD") ERC20Permit("Perigee Test Dollar") {}

    function decimals() public pure override returns (uint8) {
        return 6;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}
