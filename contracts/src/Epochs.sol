// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Books} from "./abstracts/Books.sol";
import {Accounts, Agreement, Content, Credit, Debit, Epoch, IEpochs, Scattered} from "./interfaces/IEpochs.sol";
import {IEvidence, Proven} from "./interfaces/IEvidence.sol";
import {Causes} from "./libraries/Causes.sol";
import {Line, Lines, Stretch} from "./libraries/Lines.sol";
import {JobOrder} from "./libraries/Messages.sol";
import {Signature} from "./libraries/Signatures.sol";

/// @title Epochs
/// @notice See the documentation in {IEpochs}. Bonds and times are in {Books}; here is what an epoch says, and whether it is
/// true. It holds no tokens: all money stays in the escrow.
contract Epochs is Books {
    using Lines for Stretch;
    using Lines for Line;
    using Lines for bytes32[];

    /// @dev An owner's lines shown so far against its credit.
    struct Tally {
        uint32 next;
        uint128 sum;
    }

    /// @dev So that `settle` fits a block whatever the accounts are.
    uint256 public constant MAX_ACCOUNTS = 400;

    /// @dev Of each accuser apart: else a settler's friend, who shows an owner's last line first, would silence all others.
    mapping(bytes32 epoch => mapping(bytes24 seal => mapping(address owner => mapping(address accuser => Tally))))
        private _tallies;
    mapping(bytes32 orderHash => bool) private _carried;

    constructor(address escrow_, uint64 window_) Books(escrow_, window_) {}

    /// @inheritdoc IEpochs
    function post(address token, uint32 number, bytes32 root, Debit[] calldata debits, Credit[] calldata credits)
        external
    {
        // Check: few enough to be settled in one transaction, ascending, and what goes out is what comes in.
        if (debits.length + credits.length > MAX_ACCOUNTS) {
            revert Causes.TooManyAccounts(debits.length, credits.length);
        }
        (uint256 count, uint256 debited) = _sumOf(debits);
        uint256 credited = _sumOf(credits);
        if (debited != credited || debited > type(uint128).max) revert Causes.AccountsUnbalanced(debited, credited);
        if (count == 0 || count > type(uint32).max) revert Causes.LineOutOfRange(0, 0, count);
        // Effect
        bytes memory accounts = _encoded(debits, credits);
        // forge-lint: disable-next-line(unsafe-typecast)
        _post(token, number, Content(root, uint32(count), keccak256(accounts)));
        emit Posted(msg.sender, token, number, root, accounts);
    }

    /// @inheritdoc IEpochs
    function answer(
        Epoch calldata epoch,
        Content calldata content,
        bytes32 what,
        Stretch calldata shown,
        JobOrder calldata order,
        Signature calldata signature,
        Agreement[] calldata agreements
    ) external {
        _checkContent(epoch, content);
        // Check: these are all lines of the order, among them the one demanded, and each could be paid by `direct`.
        bytes32 orderHash = _escrow.hashOrder(order);
        (uint256 start, uint256 end) = _linesOf(content, shown, order.builder, orderHash);
        uint256 index = uint256(what);
        if (
            start == end
                || (what != _orderKey(order.builder, orderHash)
                    && (index < shown.from + start || index >= shown.from + end))
        ) revert Causes.NotWhatWasDemanded(what);
        _checkTerms(epoch, order, orderHash);
        _checkLines(
            order,
            orderHash,
            shown.lines[start:end],
            IEvidence(_escrow.evidence()).weighAll(order, signature, agreements)
        );
        // Effect
        _answered(epoch, what);
    }

    /// @inheritdoc IEpochs
    function answerNone(
        Epoch calldata epoch,
        Content calldata content,
        Stretch calldata shown,
        address builder,
        bytes32 orderHash
    ) external {
        _checkContent(epoch, content);
        // Check: nothing stands where the order's lines would.
        (uint256 start, uint256 end) = _linesOf(content, shown, builder, orderHash);
        if (start != end) revert Causes.NotWhatWasDemanded(_orderKey(builder, orderHash));
        // Effect
        _answered(epoch, _orderKey(builder, orderHash));
    }

    /// @inheritdoc IEpochs
    function accuseLines(Epoch calldata epoch, Content calldata content, Stretch calldata shown) external {
        _checkContent(epoch, content);
        // Check
        shown.check(content.root, content.count);
        if (shown.wellFormed()) revert Causes.NoFault();
        // Effect
        _ruin(epoch, msg.sender);
    }

    /// @inheritdoc IEpochs
    function accuseDebit(
        Epoch calldata epoch,
        Content calldata content,
        Accounts calldata accounts,
        uint256 which,
        Line calldata line,
        bytes32[] calldata proof
    ) external {
        _checkContent(epoch, content);
        _checkAccounts(content, accounts);
        // Check: the builder's last line says another builder or another sum.
        uint256 end = 0;
        for (uint256 i = 0; i <= which; ++i) {
            end += accounts.debits[i].lines;
        }
        line.check(end - 1, proof, content.root, content.count);
        if (line.builder == accounts.debits[which].builder && line.sum == accounts.debits[which].amount) {
            revert Causes.NoFault();
        }
        // Effect
        _ruin(epoch, msg.sender);
    }

    /// @inheritdoc IEpochs
    function accuseCredit(
        Epoch calldata epoch,
        Content calldata content,
        Accounts calldata accounts,
        address owner,
        Scattered calldata shown
    ) external returns (uint256 sum) {
        _checkContent(epoch, content);
        _checkAccounts(content, accounts);
        Tally storage tally = _tallies[_key(epoch)][_seal(content)][owner][msg.sender];
        uint256 next = tally.next;
        sum = tally.sum;
        // Check: lines of this owner, none counted twice.
        for (uint256 k = 0; k < shown.lines.length; ++k) {
            if (shown.lines[k].owner != owner || shown.indices[k] < next) revert Causes.NoFault();
            shown.lines[k].check(shown.indices[k], shown.proofs.proofAt(k, content.count), content.root, content.count);
            (next, sum) = (uint256(shown.indices[k]) + 1, sum + shown.lines[k].amount);
        }
        // Effect: a sum that is no fault is at most a credit, which fits; so does an index below a count.
        if (sum > _creditOf(accounts.credits, owner)) _ruin(epoch, msg.sender);
        // forge-lint: disable-next-line(unsafe-typecast)
        else (tally.next, tally.sum) = (uint32(next), uint128(sum));
    }

    /// @inheritdoc IEpochs
    function settle(Epoch calldata epoch, Content calldata content, Accounts calldata accounts) external {
        // Check: it is final, and this is what it says.
        _checkFinal(epoch, content);
        _checkAccounts(content, accounts);
        // Effect: out of the allotments, and what they lack out of the bond; nothing at all when that is not enough. To pay
        // each a part of it would let a builder who has nothing, and owes its friend without end, take what is the others'.
        (, uint256 amount) = _sumOf(accounts.debits);
        uint256 taken = _charge(epoch, accounts.debits, amount);
        if (taken < amount) {
            uint256 least = Math.saturatingSub(amount, _bondOf(epoch));
            taken = _charge(epoch, accounts.debits, least);
            if (taken < least) return _ruin(epoch, msg.sender);
        }
        _takeOff(epoch, amount - taken);
        emit Settled(epoch.hub, epoch.token, epoch.number, amount, amount - taken);
        for (uint256 i = 0; i < accounts.credits.length; ++i) {
            _escrow.move(epoch.token, address(this), accounts.credits[i].owner, accounts.credits[i].amount);
        }
    }

    /// @inheritdoc IEpochs
    function carry(Epoch calldata epoch, Content calldata content, Stretch calldata shown, JobOrder calldata order)
        external
    {
        bytes32 orderHash = _escrow.hashOrder(order);
        // Check: settled, this is what it said, of this order's window, and nothing of the order is left out.
        _checkSettled(epoch, content);
        _checkTerms(epoch, order, orderHash);
        if (_carried[orderHash]) revert Causes.NothingToDo(orderHash);
        (uint256 start, uint256 end) = _linesOf(content, shown, order.builder, orderHash);
        // Effect
        _carried[orderHash] = true;
        for (uint256 k = start; k < end; ++k) {
            Line calldata line = shown.lines[k];
            _escrow.carry(orderHash, line.assignmentHash, line.owner, line.amount);
        }
        emit Carried(orderHash, order.builder, order.hub, order.token, end - start, _escrow.spent(orderHash));
    }

    /// @inheritdoc IEpochs
    function free(address hub, address token, uint64 deadline, bytes32 orderHash) external view returns (bool) {
        return _carried[orderHash] || !_mayPay(hub, token, deadline / window);
    }

    // ---- inside

    function _charge(Epoch calldata epoch, Debit[] calldata debits, uint256 least) private returns (uint256) {
        return _escrow.charge(epoch.hub, epoch.token, debits, least);
    }

    function _sumOf(Debit[] calldata debits) private pure returns (uint256 count, uint256 amount) {
        address before = address(0);
        for (uint256 i = 0; i < debits.length; ++i) {
            Debit calldata one = debits[i];
            (address builder, uint256 lines, uint256 debited) = (one.builder, one.lines, one.amount);
            if ((builder <= before && i > 0) || lines == 0 || debited == 0) revert Causes.AccountsOutOfOrder(i);
            (before, count, amount) = (builder, count + lines, amount + debited);
        }
    }

    function _sumOf(Credit[] calldata credits) private pure returns (uint256 amount) {
        address before = address(0);
        for (uint256 i = 0; i < credits.length; ++i) {
            (address owner, uint256 credited) = (credits[i].owner, credits[i].amount);
            if ((owner <= before && i > 0) || credited == 0) revert Causes.AccountsOutOfOrder(i);
            (before, amount) = (owner, amount + credited);
        }
    }

    /// @dev `abi.encode(debits, credits)`, the words copied as they are: `post` has read each, which refuses bits beyond a
    /// field, and whoever shows accounts later shows the same bytes or others.
    function _encoded(Debit[] calldata debits, Credit[] calldata credits) private pure returns (bytes memory accounts) {
        assembly ("memory-safe") {
            let theirs := mul(debits.length, 0x60)
            let others := mul(credits.length, 0x40)
            accounts := mload(0x40)
            mstore(accounts, add(0x80, add(theirs, others)))
            mstore(add(accounts, 0x20), 0x40)
            mstore(add(accounts, 0x40), add(0x60, theirs))
            mstore(add(accounts, 0x60), debits.length)
            calldatacopy(add(accounts, 0x80), debits.offset, theirs)
            let at := add(add(accounts, 0x80), theirs)
            mstore(at, credits.length)
            calldatacopy(add(at, 0x20), credits.offset, others)
            mstore(0x40, add(add(at, 0x20), others))
        }
    }

    function _linesOf(Content calldata content, Stretch calldata shown, address builder, bytes32 orderHash)
        private
        pure
        returns (uint256 start, uint256 end)
    {
        shown.check(content.root, content.count);
        if (!shown.wellFormed()) revert Causes.LinesLeftOut(orderHash);
        return shown.ofOrder(builder, orderHash, content.count);
    }

    function _checkTerms(Epoch calldata epoch, JobOrder calldata order, bytes32 orderHash) private view {
        if (
            order.hub != epoch.hub || order.token != epoch.token || order.direct
                || order.deadline / window != epoch.number
        ) revert Causes.OrderOfAnotherEpoch(orderHash, epoch.hub, epoch.token, epoch.number);
    }

    /// @dev Each line pays a proven run of its owner no more than it still earns, and each run that is shown has at least its share
    /// of what the order may still cost, as by `direct`: else a friend of the hub's would have all of it, and the quorum nothing.
    function _checkLines(JobOrder calldata order, bytes32 orderHash, Line[] calldata lines, Proven[] memory runs)
        private
        view
    {
        uint256 spent = _escrow.spent(orderHash);
        uint256[] memory amounts = new uint256[](runs.length);
        uint256 total = spent;
        for (uint256 k = 0; k < lines.length; ++k) {
            Line calldata line = lines[k];
            uint256 place = _find(runs, line.assignmentHash);
            uint256 due = place < runs.length && runs[place].owner == line.owner ? runs[place].earned : 0;
            uint256 sum = line.amount + _escrow.paid(orderHash, line.assignmentHash);
            if (sum > due || place == runs.length) revert Causes.AmountAbovePrice(line.assignmentHash, sum, due);
            amounts[place] = line.amount;
            total += line.amount;
        }
        uint256 most = Math.min(order.maxPayment, type(uint96).max);
        if (total > most) revert Causes.MaxPaymentReached(orderHash, order.maxPayment, total);
        uint256 wanted = 0;
        for (uint256 i = 0; i < runs.length; ++i) {
            runs[i].earned =
                Math.saturatingSub(Math.min(runs[i].earned, most), _escrow.paid(orderHash, runs[i].assignmentHash));
            wanted += runs[i].earned;
        }
        for (uint256 i = 0; i < runs.length; ++i) {
            uint256 share = runs[i].earned;
            if (wanted > most - spent) share = Math.mulDiv(share, most - spent, wanted);
            if (amounts[i] < share) revert Causes.AmountBelowShare(runs[i].assignmentHash, amounts[i], share);
        }
    }

    function _find(Proven[] memory runs, bytes32 assignmentHash) private pure returns (uint256 place) {
        while (place < runs.length && runs[place].assignmentHash != assignmentHash) ++place;
    }

    function _checkAccounts(Content calldata content, Accounts calldata accounts) private pure {
        if (keccak256(_encoded(accounts.debits, accounts.credits)) != content.accounts) {
            revert Causes.ContentMismatch();
        }
    }

    function _creditOf(Credit[] calldata credits, address owner) private pure returns (uint256) {
        for (uint256 i = 0; i < credits.length; ++i) {
            if (credits[i].owner == owner) return credits[i].amount;
        }
        return 0;
    }
}
