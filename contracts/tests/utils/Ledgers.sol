// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Accounts, Content, Credit, Debit, Scattered} from "../../src/interfaces/IEpochs.sol";
import {Line, Lines, Stretch} from "../../src/libraries/Lines.sol";

/// @notice A settler's tools: sorting, sums, the tree, proofs.
abstract contract Ledgers {
    /// @dev All that a settler knows of an epoch.
    struct Ledger {
        Line[] lines;
        Accounts accounts;
        Content content;
    }

    /// @dev Sorted, summed up and put in a tree.
    function ledgerOf(Line[] memory lines) internal pure returns (Ledger memory ledger) {
        ledger.lines = sorted(lines);
        for (uint256 i = 0; i < lines.length; ++i) {
            bool same = i > 0 && lines[i - 1].builder == lines[i].builder;
            lines[i].sum = lines[i].amount + (same ? lines[i - 1].sum : 0);
        }
        seal(ledger);
    }

    function seal(Ledger memory ledger) internal pure {
        ledger.accounts = Accounts(debitsOf(ledger.lines), creditsOf(ledger.lines));
        reseal(ledger);
    }

    function reseal(Ledger memory ledger) internal pure {
        bytes32[][] memory tree = treeOf(ledger.lines);
        ledger.content = Content({
            root: tree[tree.length - 1][0],
            // forge-lint: disable-next-line(unsafe-typecast)
            count: uint32(ledger.lines.length),
            accounts: keccak256(abi.encode(ledger.accounts.debits, ledger.accounts.credits))
        });
    }

    function sorted(Line[] memory lines) private pure returns (Line[] memory) {
        for (uint256 i = 1; i < lines.length; ++i) {
            for (uint256 j = i; j > 0 && before(lines[j], lines[j - 1]); --j) {
                (lines[j], lines[j - 1]) = (lines[j - 1], lines[j]);
            }
        }
        return lines;
    }

    function before(Line memory a, Line memory b) private pure returns (bool) {
        if (a.builder != b.builder) return a.builder < b.builder;
        return a.orderHash == b.orderHash ? a.assignmentHash < b.assignmentHash : a.orderHash < b.orderHash;
    }

    function debitsOf(Line[] memory lines) private pure returns (Debit[] memory debits) {
        uint256 count = 0;
        debits = new Debit[](lines.length);
        for (uint256 i = 0; i < lines.length; ++i) {
            if (i == 0 || lines[i].builder != lines[i - 1].builder) debits[count++].builder = lines[i].builder;
            Debit memory last = debits[count - 1];
            (last.lines, last.amount) = (last.lines + 1, last.amount + lines[i].amount);
        }
        assembly ("memory-safe") {
            mstore(debits, count)
        }
    }

    function creditsOf(Line[] memory lines) private pure returns (Credit[] memory credits) {
        uint256 count = 0;
        credits = new Credit[](lines.length);
        for (uint256 i = 0; i < lines.length; ++i) {
            uint256 place = 0;
            while (place < count && credits[place].owner < lines[i].owner) ++place;
            if (place == count || credits[place].owner != lines[i].owner) {
                for (uint256 j = count++; j > place; --j) {
                    credits[j] = credits[j - 1];
                }
                credits[place] = Credit(lines[i].owner, 0);
            }
            credits[place].amount += lines[i].amount;
        }
        assembly ("memory-safe") {
            mstore(credits, count)
        }
    }

    // ---- the tree

    function treeOf(Line[] memory lines) internal pure returns (bytes32[][] memory tree) {
        uint256 depth = Math.log2(lines.length, Math.Rounding.Ceil);
        tree = new bytes32[][](depth + 1);
        tree[0] = new bytes32[](2 ** depth);
        for (uint256 i = 0; i < lines.length; ++i) {
            tree[0][i] = leaf(lines[i]);
        }
        for (uint256 level = 1; level <= depth; ++level) {
            tree[level] = new bytes32[](tree[level - 1].length / 2);
            for (uint256 i = 0; i < tree[level].length; ++i) {
                tree[level][i] = Lines.pair(tree[level - 1][2 * i], tree[level - 1][2 * i + 1]);
            }
        }
    }

    function leaf(Line memory one) private pure returns (bytes32) {
        return keccak256(
            abi.encodePacked(one.builder, one.orderHash, one.assignmentHash, one.owner, uint120(one.amount), one.sum)
        );
    }

    function proofOf(bytes32[][] memory tree, uint256 index) internal pure returns (bytes32[] memory) {
        return proofsOf(tree, index, index + 1);
    }

    /// @dev Lines `from` to before `end`.
    function stretch(Ledger memory ledger, uint256 from, uint256 end) internal pure returns (Stretch memory shown) {
        // forge-lint: disable-next-line(unsafe-typecast)
        shown.from = uint32(from);
        shown.lines = new Line[](end - from);
        for (uint256 i = from; i < end; ++i) {
            shown.lines[i - from] = ledger.lines[i];
        }
        shown.proofs = proofsOf(treeOf(ledger.lines), from, end);
    }

    function proofsOf(bytes32[][] memory tree, uint256 from, uint256 end)
        internal
        pure
        returns (bytes32[] memory proofs)
    {
        uint256 depth = tree.length - 1;
        proofs = new bytes32[](depth * (end - from));
        for (uint256 i = from; i < end; ++i) {
            for (uint256 level = 0; level < depth; ++level) {
                proofs[(i - from) * depth + level] = tree[level][(i >> level) ^ 1];
            }
        }
    }

    /// @dev All lines of an order, those around them, or those between which it would stand.
    function stretchOf(Ledger memory ledger, address by, bytes32 orderHash) internal pure returns (Stretch memory) {
        Line memory key = Line(by, orderHash, 0, address(0), 0, 0);
        uint256 from = 0;
        while (from < ledger.lines.length && before(ledger.lines[from], key)) ++from;
        uint256 end = from;
        while (end < ledger.lines.length && ledger.lines[end].orderHash == orderHash) ++end;
        return stretch(ledger, from > 0 ? from - 1 : 0, end < ledger.lines.length ? end + 1 : end);
    }

    function scattered(Ledger memory ledger, uint256 from, uint256 end) internal pure returns (Scattered memory some) {
        Stretch memory shown = stretch(ledger, from, end);
        some.indices = new uint32[](end - from);
        for (uint256 i = from; i < end; ++i) {
            // forge-lint: disable-next-line(unsafe-typecast)
            some.indices[i - from] = uint32(i);
        }
        (some.lines, some.proofs) = (shown.lines, shown.proofs);
    }
}
