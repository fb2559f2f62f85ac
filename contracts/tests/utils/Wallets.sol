// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice A contract wallet that answers ERC-1271's question as its owner likes today, and calls what its owner wants.
contract FlippingWallet {
    bool public yes = true;

    function flip() external {
        yes = !yes;
    }

    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        return yes ? this.isValidSignature.selector : bytes4(0xffffffff);
    }

    function execute(address to, bytes calldata data) external returns (bytes memory answer) {
        bool done;
        (done, answer) = to.call(data);
        require(done, "refused");
    }
}
