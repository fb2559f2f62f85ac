// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Signature} from "../../src/libraries/Signatures.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {Market} from "./Market.sol";

/// @notice Signatures by the right key, of the right message, that are wrong in one respect.
abstract contract Twisting is Market {
    uint256 internal constant WAYS = 8;
    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

    /// @dev A signature that is right in all but one respect.
    function twisted(uint256 key, bytes32 structHash, uint256 way) internal view returns (Signature memory) {
        if (way == 0) return sign(key, inDomain("Perigee", "1", 1, address(escrow), structHash));
        if (way == 1) return sign(key, inDomain("Perigee", "1", 31337, address(registry), structHash));
        if (way == 2) return sign(key, inDomain("Perigee", "2", 31337, address(escrow), structHash));
        if (way == 3) return sign(key, inDomain("perigee", "1", 31337, address(escrow), structHash));
        if (way == 4) return highS(sign(key, digest(structHash)));
        if (way == 5) return Signature(0, bytes32(uint256(1) << 255));
        if (way == 6) return sign(key, structHash);
        return otherParity(sign(key, digest(structHash)));
    }

    function inDomain(string memory name, string memory version, uint256 chain, address verifier, bytes32 structHash)
        private
        pure
        returns (bytes32)
    {
        bytes32 separator =
            keccak256(abi.encode(DOMAIN_TYPEHASH, keccak256(bytes(name)), keccak256(bytes(version)), chain, verifier));
        return MessageHashUtils.toTypedDataHash(separator, structHash);
    }
}
