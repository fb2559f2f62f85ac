// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Run} from "../../src/interfaces/IEscrow.sol";
import {JobOrder} from "../../src/libraries/Messages.sol";
import {Signature} from "../../src/libraries/Signatures.sol";
import {Market} from "../utils/Market.sol";

/// @notice One bit anywhere in what is shown, and nobody is paid.
contract FlippedBitsTest is Market {
    function testFuzz_shouldRefuseAnyFlippedBitOfASignature(uint256 which, uint256 bit) public {
        // given
        JobOrder memory order = anOrder();
        Run[] memory runs = list(aRun(order, 0), aRun(order, 1));
        Signature memory signature = signed(order);
        which = bound(which, 0, 5);
        bit = bound(bit, 0, 511);
        if (which == 0) flip(signature, bit);
        if (which == 1) flip(runs[1].hubSignature, bit);
        if (which == 2) flip(runs[1].keySignature, bit);
        if (which == 3) flip(runs[1].acceptanceSignature, bit);
        if (which == 4) flip(runs[1].commitmentSignature, bit);
        if (which == 5) flip(runs[1].receiptSignature, bit);

        // when, then
        vm.expectRevert();
        escrow.direct(order, signature, runs, none());
        vm.assertEq(escrow.spent(runs[0].assignment.orderHash), 0);
    }

    function testFuzz_shouldRefuseAnyFlippedBitOfTheMessages(uint256 which, uint256 bit) public {
        // given: every word of assignment, key and opening of the second run, bits inside the field's width
        JobOrder memory order = anOrder();
        Run[] memory runs = list(aRun(order, 0), aRun(order, 1));
        Signature memory signature = signed(order);
        uint8[27] memory widths = [
            // assignment
            32,
            4,
            32,
            20,
            1,
            4,
            4,
            32,
            32,
            32,
            32,
            8,
            8,
            // key
            20,
            32,
            20,
            20,
            4,
            8,
            8,
            // opening
            4,
            32,
            4,
            32,
            32,
            // receipt
            8,
            8
        ];
        which = bound(which, 0, 26);
        uint256 mask = uint256(1) << bound(bit, 0, uint256(widths[which]) * 8 - 1);
        Run memory second = runs[1];
        assembly {
            // a run's first three words point at assignment, key and opening; receivedAt and drawBlock follow
            let field := 0
            switch lt(which, 13)
            case 1 { field := add(mload(second), mul(which, 32)) }
            default {
                switch lt(which, 20)
                case 1 { field := add(mload(add(second, 32)), mul(sub(which, 13), 32)) }
                default {
                    switch lt(which, 25)
                    case 1 { field := add(mload(add(second, 64)), mul(sub(which, 20), 32)) }
                    default { field := add(second, add(96, mul(sub(which, 25), 32))) }
                }
            }
            mstore(field, xor(mload(field), mask))
        }

        // when, then
        vm.expectRevert();
        escrow.direct(order, signature, runs, none());
        vm.assertEq(escrow.spent(runs[0].assignment.orderHash), 0);
    }

    function flip(Signature memory signature, uint256 bit) private pure {
        bytes32 mask = bytes32(uint256(1) << (bit % 256));
        if (bit < 256) signature.r ^= mask;
        else signature.vs ^= mask;
    }
}
