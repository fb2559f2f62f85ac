// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    Acceptance,
    Assignment,
    Commitment,
    JobOrder,
    Messages,
    Receipt,
    Release,
    SessionKey,
    Verdict
} from "../../src/libraries/Messages.sol";

/// @notice EIP-712 struct hashes as the standard says them: the type's hash, then every field as one word. {Messages} takes some
/// from the calldata as they are, and must come to the same.
library Encoded {
    function hash(JobOrder memory m) internal pure returns (bytes32) {
        return keccak256(abi.encode(Messages.JOB_ORDER_TYPEHASH, m));
    }

    function hash(Assignment memory m) internal pure returns (bytes32) {
        return keccak256(abi.encode(Messages.ASSIGNMENT_TYPEHASH, m));
    }

    function hash(Acceptance memory m) internal pure returns (bytes32) {
        return keccak256(abi.encode(Messages.ACCEPTANCE_TYPEHASH, m));
    }

    function hash(Commitment memory m) internal pure returns (bytes32) {
        return keccak256(abi.encode(Messages.COMMITMENT_TYPEHASH, m));
    }

    function hash(Receipt memory m) internal pure returns (bytes32) {
        return keccak256(abi.encode(Messages.RECEIPT_TYPEHASH, m));
    }

    function hash(Verdict memory m) internal pure returns (bytes32) {
        return keccak256(abi.encode(Messages.VERDICT_TYPEHASH, m));
    }

    function hash(Release memory m) internal pure returns (bytes32) {
        return keccak256(abi.encode(Messages.RELEASE_TYPEHASH, m));
    }

    function hash(SessionKey memory m) internal pure returns (bytes32) {
        return keccak256(abi.encode(Messages.SESSION_KEY_TYPEHASH, m));
    }
}
