// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice An ECDSA signature in the compact form of EIP-2098: two words in a fixed place. Zeros where there is none.
/// @param vs s, and in the top bit, which a low s leaves free, the parity (v - 27)
struct Signature {
    bytes32 r;
    bytes32 vs;
}

/// @title Signatures
/// @notice Who signed a digest. ECDSA only: no contract is ever asked, so none can change its mind.
library Signatures {
    /// @dev Half of the curve's order, rounded down. Of the two s that a signature may have, the lower one counts.
    uint256 internal constant MOST_S = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;

    /// @return signer zero when nobody signed; nobody is asked about an s of zero, which is how "none" is written
    function signerOf(bytes32 digest, Signature calldata signature) internal view returns (address signer) {
        bytes32 vs = signature.vs;
        uint256 s = uint256(vs) & (type(uint256).max >> 1);
        if (s == 0 || s > MOST_S) return address(0);
        assembly ("memory-safe") {
            // the precompile's input, after what is allocated
            let input := mload(0x40)
            mstore(input, digest)
            mstore(add(input, 0x20), add(27, shr(255, vs)))
            calldatacopy(add(input, 0x40), signature, 0x20)
            mstore(add(input, 0x60), s)
            // it returns nothing when there is no such point: zero stays
            mstore(0x00, 0)
            if staticcall(gas(), 1, input, 0x80, 0x00, 0x20) { signer := mload(0x00) }
        }
    }

    /// @dev True when there is a signature to look at.
    function isGiven(Signature calldata signature) internal pure returns (bool) {
        return signature.vs != 0;
    }
}
