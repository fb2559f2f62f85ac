// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Run} from "../../src/interfaces/IEscrow.sol";
import {Causes} from "../../src/libraries/Causes.sol";
import {Acceptance, JobOrder} from "../../src/libraries/Messages.sol";
import {Signature, Signatures} from "../../src/libraries/Signatures.sol";
import {Encoded} from "../utils/Encoded.sol";
import {Market} from "../utils/Market.sol";

/// @notice Takes signatures from the calldata, as the contracts do, with the memory in use before and after.
contract Asked {
    function signerOf(bytes32 digest, Signature calldata signature) external view returns (address signer) {
        bytes memory before = abi.encode(digest, signature);
        bytes32 was = keccak256(before);
        assembly ("memory-safe") {
            // what somebody else left in the scratch space is no signer
            mstore(0x00, digest)
        }
        signer = Signatures.signerOf(digest, signature);
        bytes memory then = abi.encode(signer);
        require(keccak256(before) == was && abi.decode(then, (address)) == signer, "the memory is as it was");
        bytes memory empty;
        require(empty.length == 0, "zero is still zero");
    }

    function isGiven(Signature calldata signature) external pure returns (bool) {
        return Signatures.isGiven(signature);
    }
}

/// @notice Who signed what. signatures.tree says it in words.
contract SignaturesTest is Market {
    uint256 private constant N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
    bytes32 private constant PARITY = bytes32(uint256(1) << 255);
    Asked private asked = new Asked();

    /// @dev The key that signs this digest with this s, and the signature: one of an s that nobody comes upon by chance.
    function signedWith(uint256 s, bytes32 digest_) private view returns (uint256 key, Signature memory signature) {
        // r and parity of the point that another signature, by key 7, begins with; its nonce k is in it: s k = z + r d
        (uint8 v, bytes32 r, bytes32 other) = vm.sign(7, digest_);
        uint256 z = uint256(digest_) % N;
        uint256 k = mulmod(addmod(z, mulmod(uint256(r), 7, N), N), Math.invModPrime(uint256(other), N), N);
        key = mulmod(addmod(mulmod(s, k, N), N - z, N), Math.invModPrime(uint256(r), N), N);
        signature = Signature(r, bytes32(s | uint256(v - 27) << 255));
    }

    function test_shouldRecoverWhoSigned() public view {
        for (uint256 key = 1; key < 20; ++key) {
            bytes32 digest_ = keccak256(abi.encode(key));
            vm.assertEq(asked.signerOf(digest_, sign(key, digest_)), vm.addr(key));
        }
    }

    /// @dev OpenZeppelin knows both forms.
    function testFuzz_shouldRecoverWhatEverybodyElseDoes(uint256 key, bytes32 digest_) public view {
        key = bound(key, 1, N - 1);
        Signature memory signature = sign(key, digest_);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest_);
        vm.assertEq(asked.signerOf(digest_, signature), ECDSA.recover(digest_, v, r, s));
        vm.assertEq(asked.signerOf(digest_, signature), ECDSA.recover(digest_, signature.r, signature.vs));
    }

    function testFuzz_shouldAgreeAboutWordsThatNobodySigned(bytes32 digest_, bytes32 r, bytes32 vs) public view {
        (address signer, ECDSA.RecoverError fault,) = ECDSA.tryRecover(digest_, r, vs);
        vm.assertEq(
            asked.signerOf(digest_, Signature(r, vs)), fault == ECDSA.RecoverError.NoError ? signer : address(0)
        );
    }

    function testFuzz_shouldRecoverSomebodyElseWithTheOtherParity(uint256 key, bytes32 digest_) public view {
        key = bound(key, 1, N - 1);
        vm.assertTrue(asked.signerOf(digest_, otherParity(sign(key, digest_))) != vm.addr(key));
    }

    function test_shouldTakeAnSOfHalfTheOrderAndNoneAbove() public view {
        bytes32 digest_ = keccak256("anything");
        (uint256 key, Signature memory signature) = signedWith(Signatures.MOST_S, digest_);
        vm.assertEq(asked.signerOf(digest_, signature), vm.addr(key));
        for (uint256 more = 1; more < 4; ++more) {
            (key, signature) = signedWith(Signatures.MOST_S + more, digest_);
            vm.assertEq(ecrecover(digest_, parityOf(signature), signature.r, sOf(signature)), vm.addr(key));
            vm.assertEq(asked.signerOf(digest_, signature), address(0));
        }
    }

    function test_shouldRecoverNobodyFromZerosOrFromNoPoint() public view {
        bytes32 digest_ = keccak256("anything");
        vm.assertEq(asked.signerOf(digest_, unsigned()), address(0));
        vm.assertEq(asked.signerOf(digest_, Signature(0, PARITY)), address(0));
        vm.assertEq(asked.signerOf(digest_, Signature(bytes32(uint256(5)), bytes32(uint256(1)))), address(0));
        vm.assertEq(asked.signerOf(digest_, Signature(bytes32(N), bytes32(uint256(1)))), address(0));
        vm.assertEq(asked.signerOf(0, unsigned()), address(0));
    }

    function test_shouldTellWhetherThereIsASignature() public view {
        vm.assertTrue(!asked.isGiven(unsigned()));
        vm.assertTrue(!asked.isGiven(Signature("r alone", 0)));
        vm.assertTrue(asked.isGiven(Signature(0, PARITY)));
    }

    /// @dev All is right, and by the right key, but for an s that has a lower twin: what a compact form still has room for.
    function test_shouldPayNobodyForAnAcceptanceWithAnSAboveTheHalf() public {
        JobOrder memory order = anOrder();
        Run[] memory runs = list(aRun(order, 0), aRun(order, 1));
        bytes32 acceptance = digest(Encoded.hash(Acceptance(hashOf(runs[0]))));
        accepted(runs[0], Signatures.MOST_S + 1, acceptance);
        Signature memory signature = signed(order);
        expect(
            abi.encodeWithSelector(Causes.AcceptanceNotSigned.selector, hashOf(runs[0]), vm.addr(parties[0].sessionKey))
        );
        escrow.direct(order, signature, runs, none());

        // when: the same with the greatest s that is low
        accepted(runs[0], Signatures.MOST_S, acceptance);
        direct(order, runs);

        // then
        vm.assertEq(paid(runs[0]), PRICE);
    }

    /// @dev The session key is one by which this acceptance has this s.
    function accepted(Run memory run, uint256 s, bytes32 acceptance) private {
        Signature memory signature;
        (parties[0].sessionKey, signature) = signedWith(s, acceptance);
        run.key.key = vm.addr(parties[0].sessionKey);
        signRun(run, 0);
        run.acceptanceSignature = signature;
    }

    function sOf(Signature memory signature) private pure returns (bytes32) {
        return signature.vs & ~PARITY;
    }

    function parityOf(Signature memory signature) private pure returns (uint8) {
        return uint8(uint256(signature.vs) >> 255) + 27;
    }
}
