// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {Court} from "../../src/Court.sol";
import {Epochs} from "../../src/Epochs.sol";
import {Escrow} from "../../src/Escrow.sol";
import {ProviderRegistry} from "../../src/ProviderRegistry.sol";
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
import {Vm} from "../utils/Vm.sol";
import {Signature, Signatures} from "../../src/libraries/Signatures.sol";

/// @notice What the contracts themselves make of a message in the calldata.
contract Hashing {
    function signerOf(bytes32 digest, Signature calldata signature) external view returns (address) {
        return Signatures.signerOf(digest, signature);
    }

    function hash(JobOrder calldata m) external pure returns (bytes32) {
        return Messages.hash(m);
    }

    function hash(Assignment calldata m) external pure returns (bytes32) {
        return Messages.hash(m);
    }

    function hash(Acceptance calldata m) external pure returns (bytes32) {
        return Messages.hash(m);
    }

    function hash(Commitment calldata m) external pure returns (bytes32) {
        return Messages.hash(m);
    }

    function hash(Receipt calldata m) external pure returns (bytes32) {
        return Messages.hash(m);
    }

    function hash(Verdict calldata m) external pure returns (bytes32) {
        return Messages.hash(m);
    }

    function hash(Release calldata m) external pure returns (bytes32) {
        return Messages.hash(m);
    }

    function hash(SessionKey calldata m) external pure returns (bytes32) {
        return Messages.hash(m);
    }
}

/// @notice Every digest, leaf, tree and seal against the vectors that viem and OpenZeppelin's merkle-tree made. The Java
/// tests read the same files.
contract VectorsTest {
    Hashing private hashing = new Hashing();
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    string private constant DIRECTORY = "../protocol/src/test/resources/vectors/";

    string private json;

    // ---- EIP-712

    function test_shouldHaveTheDomainsOfTheVectors() public {
        // given
        json = vm.readFile(string.concat(DIRECTORY, "eip712.json"));
        // the vectors' escrows are what this account creates first and second
        address deployer = 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266;
        vm.chainId(31337);
        Epochs ofFirst = new Epochs(vm.computeCreateAddress(deployer, 0), 1);
        Epochs ofSecond = new Epochs(vm.computeCreateAddress(deployer, 1), 1);
        Court firstCourt = new Court(vm.computeCreateAddress(deployer, 0), address(1), 1, 1, 1);
        Court secondCourt = new Court(vm.computeCreateAddress(deployer, 1), address(1), 1, 1, 1);
        vm.startPrank(deployer);
        Escrow first = new Escrow(address(1), 1, 1, ofFirst, firstCourt);
        Escrow second = new Escrow(address(1), 1, 1, ofSecond, secondCourt);
        vm.stopPrank();

        // when, then
        vm.assertEq(address(first), vm.parseJsonAddress(json, ".domains.local.verifyingContract"));
        vm.assertEq(first.domainSeparator(), vm.parseJsonBytes32(json, ".domains.local.separator"));
        vm.assertEq(second.domainSeparator(), vm.parseJsonBytes32(json, ".domains.otherEscrow.separator"));
        SessionKey memory key = _sessionKey(".messages.SessionKey.cases[0].fields");
        vm.assertEq(
            ProviderRegistry(first.registry()).hashSessionKey(key),
            vm.parseJsonBytes32(json, ".messages.SessionKey.cases[0].digest")
        );
        vm.assertEq(
            first.hashOrder(_jobOrder(".messages.JobOrder.cases[0].fields")),
            vm.parseJsonBytes32(json, ".messages.JobOrder.cases[0].digest")
        );
        vm.assertEq(
            first.hashAssignment(_assignment(".messages.Assignment.cases[0].fields")),
            vm.parseJsonBytes32(json, ".messages.Assignment.cases[0].digest")
        );
        vm.assertEq(
            first.hashCommitment(_commitment(".messages.Commitment.cases[0].fields")),
            vm.parseJsonBytes32(json, ".messages.Commitment.cases[0].digest")
        );
        vm.chainId(1);
        vm.assertEq(first.domainSeparator(), vm.parseJsonBytes32(json, ".domains.otherChain.separator"));
        vm.assertEq(
            ProviderRegistry(first.registry()).hashSessionKey(key),
            vm.parseJsonBytes32(json, ".messages.SessionKey.cases[4].digest")
        );
    }

    function test_shouldHashAndRecoverEveryMessageOfTheVectors() public {
        // given
        json = vm.readFile(string.concat(DIRECTORY, "eip712.json"));
        uint256 checked = 0;

        // when, then
        checked += _check("JobOrder", Messages.JOB_ORDER_TYPEHASH);
        checked += _check("Assignment", Messages.ASSIGNMENT_TYPEHASH);
        checked += _check("Acceptance", Messages.ACCEPTANCE_TYPEHASH);
        checked += _check("Commitment", Messages.COMMITMENT_TYPEHASH);
        checked += _check("Receipt", Messages.RECEIPT_TYPEHASH);
        checked += _check("Verdict", Messages.VERDICT_TYPEHASH);
        checked += _check("Release", Messages.RELEASE_TYPEHASH);
        checked += _check("SessionKey", Messages.SESSION_KEY_TYPEHASH);
        vm.assertGe(checked, 48, "eight messages of at least six cases");
    }

    function _check(string memory name, bytes32 typeHash) private returns (uint256 n) {
        string memory root = string.concat(".messages.", name);
        vm.assertEq(typeHash, vm.parseJsonBytes32(json, string.concat(root, ".typeHash")), name);
        for (;; ++n) {
            string memory path = string.concat(root, ".cases[", vm.toString(n), "]");
            if (!vm.keyExistsJson(json, string.concat(path, ".digest"))) return n;
            bytes32 structHash = _structHash(name, string.concat(path, ".fields"));
            vm.assertEq(structHash, vm.parseJsonBytes32(json, string.concat(path, ".structHash")), path);
            string memory domain = string.concat(".domains.", vm.parseJsonString(json, string.concat(path, ".domain")));
            vm.chainId(vm.parseJsonUint(json, string.concat(domain, ".chainId")));
            bytes32 separator =
                Messages.domainSeparator(vm.parseJsonAddress(json, string.concat(domain, ".verifyingContract")));
            bytes32 digest = MessageHashUtils.toTypedDataHash(separator, structHash);
            vm.assertEq(digest, vm.parseJsonBytes32(json, string.concat(path, ".digest")), path);
            string memory signer = string.concat(".parties.", vm.parseJsonString(json, string.concat(path, ".signer")));
            bytes memory signature = vm.parseJsonBytes(json, string.concat(path, ".signature"));
            address expected = vm.parseJsonAddress(json, string.concat(signer, ".address"));
            vm.assertEq(ECDSA.recover(digest, signature), expected, path);
            vm.assertEq(hashing.signerOf(digest, _compact(signature)), expected, path);
        }
    }

    /// @dev 65 bytes, as messages have them off chain, in two words.
    function _compact(bytes memory signature) private pure returns (Signature memory) {
        (bytes32 r, bytes32 s) = abi.decode(signature, (bytes32, bytes32));
        return Signature(r, bytes32(uint256(s) | uint256(uint8(signature[64]) - 27) << 255));
    }

    function _structHash(string memory name, string memory path) private view returns (bytes32) {
        bytes32 n = keccak256(bytes(name));
        if (n == keccak256("JobOrder")) return hashing.hash(_jobOrder(path));
        if (n == keccak256("Assignment")) return hashing.hash(_assignment(path));
        if (n == keccak256("Commitment")) return hashing.hash(_commitment(path));
        if (n == keccak256("SessionKey")) return hashing.hash(_sessionKey(path));
        if (n == keccak256("Acceptance")) return hashing.hash(Acceptance(_word(path, "assignmentHash")));
        if (n == keccak256("Receipt")) {
            return hashing.hash(
                Receipt(
                    _word(path, "commitmentHash"), uint64(_uint(path, "receivedAt")), uint64(_uint(path, "drawBlock"))
                )
            );
        }
        if (n == keccak256("Verdict")) {
            return hashing.hash(
                Verdict(
                    _word(path, "assignmentHash"),
                    _word(path, "commitmentHash"),
                    _word(path, "root"),
                    _word(path, "outputDigest"),
                    uint32(_uint(path, "verifiedTo"))
                )
            );
        }
        return hashing.hash(
            Release(
                _word(path, "orderHash"), _word(path, "assignmentHash"), _address(path, "payee"), _uint(path, "amount")
            )
        );
    }

    function _jobOrder(string memory path) private view returns (JobOrder memory m) {
        m.builder = _address(path, "builder");
        m.hub = _address(path, "hub");
        m.jobId = _word(path, "jobId");
        m.specHash = _word(path, "specHash");
        m.token = _address(path, "token");
        m.maxPayment = _uint(path, "maxPayment");
        m.segments = uint32(_uint(path, "segments"));
        m.quorum = uint8(_uint(path, "quorum"));
        m.direct = vm.parseJsonBool(json, string.concat(path, ".direct"));
        m.validAfter = uint64(_uint(path, "validAfter"));
        m.deadline = uint64(_uint(path, "deadline"));
    }

    function _assignment(string memory path) private view returns (Assignment memory m) {
        m.orderHash = _word(path, "orderHash");
        m.attempt = uint32(_uint(path, "attempt"));
        m.provider = _word(path, "provider");
        m.owner = _address(path, "owner");
        m.role = uint8(_uint(path, "role"));
        m.fromBorder = uint32(_uint(path, "fromBorder"));
        m.toBorder = uint32(_uint(path, "toBorder"));
        m.numericClass = _word(path, "numericClass");
        m.price = _uint(path, "price");
        m.bond = _uint(path, "bond");
        m.secretHash = _word(path, "secretHash");
        m.issuedAt = uint64(_uint(path, "issuedAt"));
        m.leaseUntil = uint64(_uint(path, "leaseUntil"));
    }

    function _commitment(string memory path) private view returns (Commitment memory) {
        return Commitment(_word(path, "assignmentHash"), uint32(_uint(path, "toBorder")), _word(path, "seal"));
    }

    function _sessionKey(string memory path) private view returns (SessionKey memory m) {
        m.owner = _address(path, "owner");
        m.provider = _word(path, "provider");
        m.key = _address(path, "key");
        m.hub = _address(path, "hub");
        m.serial = uint32(_uint(path, "serial"));
        m.notBefore = uint64(_uint(path, "notBefore"));
        m.expiresAt = uint64(_uint(path, "expiresAt"));
    }

    // ---- leaves, trees, seals

    function test_shouldHashTheLeavesAndProveThemUnderTheRoots() public {
        // given
        json = vm.readFile(string.concat(DIRECTORY, "merkle.json"));
        bytes32 orderHash = vm.parseJsonBytes32(json, ".orderHash");
        uint256 checked = 0;

        // when, then
        for (uint256 t = 0;; ++t) {
            string memory tree = string.concat(".trees[", vm.toString(t), "]");
            if (!vm.keyExistsJson(json, string.concat(tree, ".root"))) break;
            bytes32 root = vm.parseJsonBytes32(json, string.concat(tree, ".root"));
            uint256 count = vm.parseJsonUint(json, string.concat(tree, ".leafCount"));
            for (uint256 k = 0; k < count; ++k) {
                string memory path = string.concat(tree, ".leaves[", vm.toString(k), "]");
                bytes32 leaf = Messages.leaf(
                    orderHash,
                    uint32(_uint(path, "i")),
                    _word(path, "adapter"),
                    _word(path, "optimizer"),
                    _word(path, "state"),
                    _word(path, "metrics")
                );
                vm.assertEq(leaf, _word(path, "leaf"), path);
                bytes32[] memory proof = vm.parseJsonBytes32Array(json, string.concat(path, ".proof"));
                vm.assertTrue(MerkleProof.verify(proof, root, leaf), path);
                ++checked;
            }
        }
        vm.assertEq(checked, 1 + 2 + 3 + 5 + 8 + 33 + 4);
    }

    function test_shouldSealAsTheVectorsDo() public {
        // given
        json = vm.readFile(string.concat(DIRECTORY, "seal.json"));
        uint256 checked = 0;

        // when, then
        for (;; ++checked) {
            string memory path = string.concat(".seals[", vm.toString(checked), "]");
            if (!vm.keyExistsJson(json, string.concat(path, ".seal"))) break;
            bytes32 assignmentHash = _word(path, "assignmentHash");
            uint32 border = uint32(_uint(path, "border"));
            vm.assertEq(
                Messages.seal(
                    assignmentHash,
                    border,
                    _word(path, "root"),
                    uint32(_uint(path, "leafCount")),
                    _word(path, "outputDigest"),
                    _word(path, "salt")
                ),
                _word(path, "seal"),
                path
            );
            bytes32 salt = _hmac(_word(path, "sessionKey"), abi.encodePacked(assignmentHash, border));
            vm.assertEq(salt, _word(path, "salt"), path);
        }
        vm.assertEq(checked, 6);
    }

    /// @dev HMAC-SHA256 with a key of 32 bytes.
    function _hmac(bytes32 key, bytes memory message) private pure returns (bytes32) {
        bytes memory inner = new bytes(64);
        bytes memory outer = new bytes(64);
        for (uint256 i = 0; i < 64; ++i) {
            bytes1 k = i < 32 ? key[i] : bytes1(0);
            inner[i] = k ^ 0x36;
            outer[i] = k ^ 0x5c;
        }
        return sha256(bytes.concat(outer, sha256(bytes.concat(inner, message))));
    }

    // ---- reading

    function _word(string memory path, string memory field) private view returns (bytes32) {
        return vm.parseJsonBytes32(json, string.concat(path, ".", field));
    }

    function _uint(string memory path, string memory field) private view returns (uint256) {
        return vm.parseJsonUint(json, string.concat(path, ".", field));
    }

    function _address(string memory path, string memory field) private view returns (address) {
        return vm.parseJsonAddress(json, string.concat(path, ".", field));
    }
}
