// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Credit, Debit} from "../../src/interfaces/IEpochs.sol";
import {Line, Lines} from "../../src/libraries/Lines.sol";
import {Ledgers} from "../utils/Ledgers.sol";
import {Vm} from "../utils/Vm.sol";

/// @notice Epochs against the vectors that viem made: order, sums, leaves, places, proofs, accounts. The Java tests read the
/// same file.
contract EpochVectorsTest is Ledgers {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    string private json;

    function setUp() public {
        json = vm.readFile("../protocol/src/test/resources/vectors/epoch.json");
    }

    function test_shouldComeToTheEpochsOfTheVectors() public view {
        uint256 checked = 0;
        for (;; ++checked) {
            string memory path = string.concat(".epochs[", vm.toString(checked), "]");
            if (!vm.keyExistsJson(json, string.concat(path, ".root"))) break;
            Ledger memory ledger = ledgerOf(_given(path));
            vm.assertEq(ledger.content.root, vm.parseJsonBytes32(json, string.concat(path, ".root")), path);
            vm.assertEq(
                keccak256(abi.encode(_debits(path), _credits(path))), ledger.content.accounts, "what the accounts are"
            );
            vm.assertEq(ledger.content.accounts, vm.parseJsonBytes32(json, string.concat(path, ".accounts")), path);
            _linesAndProofs(path, ledger);
        }
        vm.assertEq(checked, 6);
    }

    function _linesAndProofs(string memory path, Ledger memory ledger) private view {
        bytes32[][] memory tree = treeOf(ledger.lines);
        for (uint256 i = 0; i < ledger.lines.length; ++i) {
            string memory here = string.concat(path, ".lines[", vm.toString(i), "]");
            Line memory line = ledger.lines[i];
            vm.assertEq(line.assignmentHash, vm.parseJsonBytes32(json, string.concat(here, ".assignmentHash")), here);
            vm.assertEq(line.sum, vm.parseJsonUint(json, string.concat(here, ".sum")), here);
            vm.assertEq(tree[0][i], vm.parseJsonBytes32(json, string.concat(here, ".leaf")), here);
            bytes32[] memory proof = vm.parseJsonBytes32Array(json, string.concat(here, ".proof"));
            vm.assertEq(keccak256(abi.encode(proof)), keccak256(abi.encode(proofOf(tree, i))), here);
            // the contract's own check takes it
            this.check(line, i, proof, ledger.content.root, ledger.lines.length);
        }
    }

    function check(Line calldata line, uint256 index, bytes32[] calldata proof, bytes32 root, uint256 count)
        external
        pure
    {
        Lines.check(line, index, proof, root, count);
    }

    function _given(string memory path) private view returns (Line[] memory lines) {
        lines = new Line[](_length(string.concat(path, ".given"), ".amount"));
        for (uint256 i = 0; i < lines.length; ++i) {
            string memory here = string.concat(path, ".given[", vm.toString(i), "]");
            lines[i].builder = vm.parseJsonAddress(json, string.concat(here, ".builder"));
            lines[i].orderHash = vm.parseJsonBytes32(json, string.concat(here, ".orderHash"));
            lines[i].assignmentHash = vm.parseJsonBytes32(json, string.concat(here, ".assignmentHash"));
            lines[i].owner = vm.parseJsonAddress(json, string.concat(here, ".owner"));
            // what does not fit is no vector
            // forge-lint: disable-next-line(unsafe-typecast)
            lines[i].amount = uint128(vm.parseJsonUint(json, string.concat(here, ".amount")));
        }
    }

    function _debits(string memory path) private view returns (Debit[] memory debits) {
        debits = new Debit[](_length(string.concat(path, ".debits"), ".amount"));
        for (uint256 i = 0; i < debits.length; ++i) {
            string memory here = string.concat(path, ".debits[", vm.toString(i), "]");
            debits[i] = Debit(
                vm.parseJsonAddress(json, string.concat(here, ".builder")),
                // forge-lint: disable-next-line(unsafe-typecast)
                uint32(vm.parseJsonUint(json, string.concat(here, ".lines"))),
                // forge-lint: disable-next-line(unsafe-typecast)
                uint128(vm.parseJsonUint(json, string.concat(here, ".amount")))
            );
        }
    }

    function _credits(string memory path) private view returns (Credit[] memory credits) {
        credits = new Credit[](_length(string.concat(path, ".credits"), ".amount"));
        for (uint256 i = 0; i < credits.length; ++i) {
            string memory here = string.concat(path, ".credits[", vm.toString(i), "]");
            credits[i] = Credit(
                vm.parseJsonAddress(json, string.concat(here, ".owner")),
                // forge-lint: disable-next-line(unsafe-typecast)
                uint128(vm.parseJsonUint(json, string.concat(here, ".amount")))
            );
        }
    }

    function _length(string memory list, string memory field) private view returns (uint256 length) {
        while (vm.keyExistsJson(json, string.concat(list, "[", vm.toString(length), "]", field))) ++length;
    }
}
