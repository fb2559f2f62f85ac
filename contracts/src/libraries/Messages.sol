// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

// The messages of the protocol, as they are signed. A field's name, type and place are part of its digest.

/// @notice What a builder wants, and the most that is paid for it. Signed by the builder.
/// @param jobId a UUID's sixteen bytes, then sixteen zero bytes
/// @param maxPayment in the token's smallest unit: `direct`, `release` and what an epoch proves come to no more together. An
/// epoch that nobody demands proves nothing; what it takes of a builder is at most allotted to the hub, and the settler's bond answers for it
/// @param segments how many segments the job has; 0: none, paid all or nothing
/// @param quorum how many providers of distinct owners must agree
/// @param direct true: settled by `Escrow.direct` from the start; false: only when the hub left it unsettled
struct JobOrder {
    address builder;
    address hub;
    bytes32 jobId;
    bytes32 specHash;
    address token;
    uint256 maxPayment;
    uint32 segments;
    uint8 quorum;
    bool direct;
    uint64 validAfter;
    uint64 deadline;
}

/// @notice The hub's word, and lease, for one attempt. Signed by the hub that the order names.
/// @param role 0 replica, 1 auditor
/// @param price for the whole way from `fromBorder` to `toBorder`
/// @param bond what a proven wrong answer may cost the owner, in the stake token's smallest unit
struct Assignment {
    bytes32 orderHash;
    uint32 attempt;
    bytes32 provider;
    address owner;
    uint8 role;
    uint32 fromBorder;
    uint32 toBorder;
    bytes32 numericClass;
    uint256 price;
    uint256 bond;
    bytes32 secretHash;
    uint64 issuedAt;
    uint64 leaseUntil;
}

/// @notice The provider takes the assignment. Signed by its session key.
struct Acceptance {
    bytes32 assignmentHash;
}

/// @notice The provider stands by its work up to `toBorder` without showing it. Signed by its session key.
struct Commitment {
    bytes32 assignmentHash;
    uint32 toBorder;
    bytes32 seal;
}

/// @notice The hub had the commitment in time. Signed by the hub.
struct Receipt {
    bytes32 commitmentHash;
    uint64 receivedAt;
    uint64 drawBlock;
}

/// @notice What an auditor found. Signed by the auditor's session key.
struct Verdict {
    bytes32 assignmentHash;
    bytes32 commitmentHash;
    bytes32 root;
    bytes32 outputDigest;
    uint32 verifiedTo;
}

/// @notice The builder pays of its own will. Signed by the builder.
/// @param amount the total for this assignment, including everything paid for it before
struct Release {
    bytes32 orderHash;
    bytes32 assignmentHash;
    address payee;
    uint256 amount;
}

/// @notice An owner lets a key speak for one of its providers at one hub. Signed by the owner.
struct SessionKey {
    address owner;
    bytes32 provider;
    address key;
    address hub;
    uint32 serial;
    uint64 notBefore;
    uint64 expiresAt;
}

/// @title Messages
/// @notice EIP-712 struct hashes. Every field is one word, so a struct's calldata, and `abi.encode` of it, is its encodeData.
library Messages {
    bytes32 internal constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 internal constant JOB_ORDER_TYPEHASH = keccak256(
        "JobOrder(address builder,address hub,bytes32 jobId,bytes32 specHash,address token,uint256 maxPayment,uint32 segments,uint8 quorum,bool direct,uint64 validAfter,uint64 deadline)"
    );
    bytes32 internal constant ASSIGNMENT_TYPEHASH = keccak256(
        "Assignment(bytes32 orderHash,uint32 attempt,bytes32 provider,address owner,uint8 role,uint32 fromBorder,uint32 toBorder,bytes32 numericClass,uint256 price,uint256 bond,bytes32 secretHash,uint64 issuedAt,uint64 leaseUntil)"
    );
    bytes32 internal constant ACCEPTANCE_TYPEHASH = keccak256("Acceptance(bytes32 assignmentHash)");
    bytes32 internal constant COMMITMENT_TYPEHASH =
        keccak256("Commitment(bytes32 assignmentHash,uint32 toBorder,bytes32 seal)");
    bytes32 internal constant RECEIPT_TYPEHASH =
        keccak256("Receipt(bytes32 commitmentHash,uint64 receivedAt,uint64 drawBlock)");
    bytes32 internal constant VERDICT_TYPEHASH = keccak256(
        "Verdict(bytes32 assignmentHash,bytes32 commitmentHash,bytes32 root,bytes32 outputDigest,uint32 verifiedTo)"
    );
    bytes32 internal constant RELEASE_TYPEHASH =
        keccak256("Release(bytes32 orderHash,bytes32 assignmentHash,address payee,uint256 amount)");
    bytes32 internal constant SESSION_KEY_TYPEHASH = keccak256(
        "SessionKey(address owner,bytes32 provider,address key,address hub,uint32 serial,uint64 notBefore,uint64 expiresAt)"
    );

    uint8 internal constant REPLICA = 0;
    uint8 internal constant AUDITOR = 1;

    /// @dev The class whose bits agree on every machine; the only one in which a difference can cost a bond.
    bytes32 internal constant STRICT_CLASS = keccak256("perigee.class.strict.v1");

    function hash(JobOrder calldata m) internal pure returns (bytes32) {
        bytes calldata words;
        assembly ("memory-safe") {
            words.offset := m
            words.length := 0x160
        }
        return _hash(JOB_ORDER_TYPEHASH, words);
    }

    function hash(Assignment calldata m) internal pure returns (bytes32) {
        bytes calldata words;
        assembly ("memory-safe") {
            words.offset := m
            words.length := 0x1a0
        }
        return _hash(ASSIGNMENT_TYPEHASH, words);
    }

    function hash(Acceptance memory m) internal pure returns (bytes32) {
        return keccak256(abi.encode(ACCEPTANCE_TYPEHASH, m));
    }

    function hash(Commitment memory m) internal pure returns (bytes32) {
        return keccak256(abi.encode(COMMITMENT_TYPEHASH, m));
    }

    function hash(Receipt memory m) internal pure returns (bytes32) {
        return keccak256(abi.encode(RECEIPT_TYPEHASH, m));
    }

    function hash(Verdict memory m) internal pure returns (bytes32) {
        return keccak256(abi.encode(VERDICT_TYPEHASH, m));
    }

    function hash(Release calldata m) internal pure returns (bytes32) {
        bytes calldata words;
        assembly ("memory-safe") {
            words.offset := m
            words.length := 0x80
        }
        return _hash(RELEASE_TYPEHASH, words);
    }

    function hash(SessionKey calldata m) internal pure returns (bytes32) {
        bytes calldata words;
        assembly ("memory-safe") {
            words.offset := m
            words.length := 0xe0
        }
        return _hash(SESSION_KEY_TYPEHASH, words);
    }

    /// @dev Of the words as they are: a field with more bits than its type has makes another hash, which nobody signed.
    function _hash(bytes32 typeHash, bytes calldata words) private pure returns (bytes32 result) {
        assembly ("memory-safe") {
            let start := mload(0x40)
            mstore(start, typeHash)
            calldatacopy(add(start, 0x20), words.offset, words.length)
            result := keccak256(start, add(words.length, 0x20))
        }
    }

    /// @dev The domain of every message, whichever contract reads it: the escrow's.
    function domainSeparator(address escrow) internal view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPEHASH, keccak256("Perigee"), keccak256("1"), block.chainid, escrow));
    }

    /// @dev What a provider signs before it shows anything. The salt keeps the root from being guessed; the assignment
    /// keeps it from being copied.
    function seal(
        bytes32 assignmentHash,
        uint32 border,
        bytes32 root,
        uint32 leafCount,
        bytes32 outputDigest,
        bytes32 salt
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(assignmentHash, border, root, leafCount, outputDigest, salt));
    }

    /// @dev A border's leaf; hashed twice, so that an inner node can never be shown as a leaf.
    function leaf(bytes32 orderHash, uint32 i, bytes32 adapter, bytes32 optimizer, bytes32 state, bytes32 metrics)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(bytes.concat(keccak256(abi.encode(orderHash, i, adapter, optimizer, state, metrics))));
    }
}
