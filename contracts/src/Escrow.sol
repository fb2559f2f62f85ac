// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Evidence} from "./Evidence.sol";
import {Funds} from "./abstracts/Funds.sol";
import {Orders} from "./abstracts/Orders.sol";
import {Records} from "./abstracts/Records.sol";
import {ICourt} from "./interfaces/ICourt.sol";
import {IEpochs} from "./interfaces/IEpochs.sol";
import {DirectCall, IEscrow, ReleaseCall, Run} from "./interfaces/IEscrow.sol";
import {IEvidence, Proven, Shown} from "./interfaces/IEvidence.sol";
import {ProviderRegistry} from "./ProviderRegistry.sol";
import {Causes} from "./libraries/Causes.sol";
import {Assignment, JobOrder, Messages, Release} from "./libraries/Messages.sol";
import {Signature} from "./libraries/Signatures.sol";

/// @title Escrow
/// @notice See the documentation in {IEscrow}. Money is in {Funds}, proof in {Evidence}; here is who agrees with whom
/// and what that pays. There is no administrator, no pause and no upgrade.
contract Escrow is Funds, Records {
    using Address for address;

    /// @dev The borders of one order, and the answer that a quorum gave for them.
    struct Position {
        bytes32 answer;
        uint64 openedAt;
    }

    /// @dev What one run is owed in all; or, after `_settle` looked at it, what is still due.
    struct Claim {
        bytes32 assignmentHash;
        address owner;
        uint256 amount;
    }

    IEvidence private immutable _evidence;

    mapping(bytes32 position => Position) private _positions;
    /// @dev Runs with one answer that were opened singly.
    mapping(bytes32 position => mapping(bytes32 answer => Claim[])) private _tallies;
    /// @dev Likewise, and of those that lost their bonds, what each said first.
    mapping(bytes32 position => mapping(bytes32 assignmentHash => bytes32 answer)) private _openedAs;
    mapping(bytes32 orderHash => mapping(address owner => bytes32 assignmentHash)) private _counted;

    /// @param stakeToken_ what stakes and bonds are counted in; orders name their own token
    /// @param window_ W, in seconds: a day in production, seconds in development
    /// @param maxOrder_ the longest an order may live, in seconds
    /// @param epochs_ made for this escrow, whose address can be known before
    /// @param court_ likewise
    constructor(address stakeToken_, uint64 window_, uint64 maxOrder_, IEpochs epochs_, ICourt court_)
        Orders(window_, maxOrder_)
        Funds(new ProviderRegistry(stakeToken_, maxOrder_ + 9 * window_, address(court_)), epochs_, address(court_))
    {
        // Check: long enough to mean something, short enough that money comes back within a lifetime.
        if (window_ == 0 || window_ > 30 days || maxOrder_ == 0 || maxOrder_ > 366 days) {
            revert Causes.WindowOutOfRange(window_, maxOrder_);
        }
        if (epochs_.escrow() != address(this) || epochs_.window() != window_) {
            revert Causes.PartMismatch(address(epochs_));
        }
        if (court_.escrow() != address(this) || court_.window() != window_ || court_.stakeToken() != stakeToken_) {
            revert Causes.PartMismatch(address(court_));
        }
        _evidence = new Evidence(_registry, window_, maxOrder_);
    }

    /// @inheritdoc IEscrow
    function release(
        JobOrder calldata order,
        Assignment calldata assignment,
        Signature calldata hubSignature,
        Release calldata release_,
        Signature calldata signature
    ) external {
        if (!_release(order, assignment, hubSignature, release_, signature)) {
            revert Causes.NothingToDo(release_.orderHash);
        }
    }

    /// @inheritdoc IEscrow
    function releaseAll(ReleaseCall[] calldata calls) external {
        for (uint256 i = 0; i < calls.length; ++i) {
            ReleaseCall calldata one = calls[i];
            _release(one.order, one.assignment, one.hubSignature, one.release, one.signature);
        }
    }

    /// @inheritdoc IEscrow
    function direct(JobOrder calldata order, Signature calldata, Run[] calldata agreeing, Run[] calldata contradicting)
        external
        nonReentrant
    {
        Shown memory shown = abi.decode(_askEvidence(), (Shown));
        if (!_direct(shown, order, agreeing, contradicting)) revert Causes.NothingToDo(shown.orderHash);
    }

    /// @inheritdoc IEscrow
    function directAll(DirectCall[] calldata calls) external nonReentrant {
        Shown[] memory shown = abi.decode(_askEvidence(), (Shown[]));
        for (uint256 i = 0; i < calls.length; ++i) {
            _direct(shown[i], calls[i].order, calls[i].agreeing, calls[i].contradicting);
        }
    }

    /// @inheritdoc IEscrow
    function open(JobOrder calldata order, Signature calldata, Run calldata run) external nonReentrant {
        // Check: the order stands, its deadline is past, and the run is proven.
        (bytes32 orderHash, Proven memory proven) = abi.decode(_askEvidence(), (bytes32, Proven));
        _checkOpen(orderHash, order);
        if (block.timestamp <= order.deadline) {
            revert Causes.OpeningTooEarly(orderHash, order.deadline, block.timestamp);
        }
        bytes32 position = _position(orderHash, run.assignment.fromBorder, run.opening.border);
        _checkStanding(position, proven, run);
        _count(orderHash, proven);
        if (_openedAs[position][proven.assignmentHash] != 0) {
            revert Causes.OpeningAlreadyRecorded(proven.assignmentHash, run.opening.border);
        }
        // Effect
        _openedAs[position][proven.assignmentHash] = proven.answer;
        Claim[] storage same = _tallies[position][proven.answer];
        same.push(Claim(proven.assignmentHash, proven.owner, proven.earned));
        emit OpeningRecorded(
            orderHash,
            proven.assignmentHash,
            run.opening.border,
            run.opening.root,
            run.opening.outputDigest,
            same.length
        );
        (Claim[] memory claims, uint256 voices) = _voicesOf(same);
        Position storage here = _positions[position];
        if (here.answer == 0) {
            if (voices < order.quorum) return;
            _establish(orderHash, here, proven.answer, run, voices);
        }
        // A shortfall is no reason to lose the opening: the runs may be shown again by `direct`.
        _settle(orderHash, order, claims, false, uint64(block.timestamp) + 2 * _window);
    }

    /// @inheritdoc IEscrow
    function evidence() external view returns (address) {
        return address(_evidence);
    }

    /// @inheritdoc IEscrow
    function agreed(bytes32 orderHash, uint32 fromBorder, uint32 border)
        external
        view
        returns (bytes32 answer, uint64 openedAt)
    {
        Position storage here = _positions[_position(orderHash, fromBorder, border)];
        return (here.answer, here.openedAt);
    }

    /// @inheritdoc IEscrow
    function tally(bytes32 orderHash, uint32 fromBorder, uint32 border, bytes32 root, bytes32 outputDigest)
        external
        view
        returns (uint256)
    {
        return _tallies[_position(orderHash, fromBorder, border)][keccak256(abi.encode(root, outputDigest))].length;
    }

    // ---- releasing

    /// @return false when so much was paid already
    function _release(
        JobOrder calldata order,
        Assignment calldata assignment,
        Signature calldata hubSignature,
        Release calldata release_,
        Signature calldata signature
    ) private returns (bool) {
        bytes32 orderHash = hashOrder(order);
        // Check: the builder wants it, the hub assigned it, and it goes to who did the work.
        _checkTerms(orderHash, order, PAYABLE);
        if (release_.orderHash != orderHash) revert Causes.OrderMismatch(orderHash, release_.orderHash);
        if (msg.sender != order.builder && !_signed(_digest(Messages.hash(release_)), signature, order.builder)) {
            revert Causes.ReleaseNotSigned(orderHash, order.builder);
        }
        _checkFree(orderHash, order);
        bytes32 assignmentHash = _checkAssignment(orderHash, order, assignment, hubSignature);
        if (release_.assignmentHash != assignmentHash) {
            revert Causes.AssignmentMismatch(assignmentHash, release_.assignmentHash);
        }
        // a payee may be an account that cannot call us: what waits here waits for the owner, as what epochs pay does
        if (release_.payee != assignment.owner) {
            revert Causes.PayeeMismatch(release_.payee, assignment.owner);
        }
        if (release_.amount > assignment.price) {
            revert Causes.AmountAbovePrice(assignmentHash, release_.amount, assignment.price);
        }
        uint256 before = paid(orderHash, assignmentHash);
        if (release_.amount <= before) return false;
        uint256 due = release_.amount - before;
        // Check and Effect: the order may cost so much, and it is there.
        _spendAll(orderHash, order, due);
        // Effect
        _note(orderHash, assignmentHash, due);
        balanceOf[release_.payee][order.token] += due;
        emit Released(orderHash, assignmentHash, release_.payee, due, release_.amount);
        return true;
    }

    // ---- agreeing

    /// @dev What is shown is proven already.
    /// @return done false when all of it was paid, or burned, before
    function _direct(Shown memory shown, JobOrder calldata order, Run[] calldata agreeing, Run[] calldata contradicting)
        private
        returns (bool done)
    {
        // Check: it may be settled this way now.
        _checkOpen(shown.orderHash, order);
        bytes32 position = _positionShown(shown.orderHash, agreeing, contradicting);
        // Check and Effect: who agrees is counted and paid.
        done = agreeing.length > 0 && _agree(shown, position, order, agreeing, contradicting.length == 0);
        // Check, Effect, Interaction (with the registry, which knows only the stake token): who contradicts pays.
        for (uint256 i = 0; i < contradicting.length; ++i) {
            if (_contradict(shown, position, order, i, contradicting[i])) done = true;
        }
    }

    /// @return done true when an answer was established or something was paid
    function _agree(Shown memory shown, bytes32 position, JobOrder calldata order, Run[] calldata runs, bool insist)
        private
        returns (bool done)
    {
        bytes32 orderHash = shown.orderHash;
        Claim[] memory claims = new Claim[](runs.length);
        uint64 maturesAt = uint64(block.timestamp) + _window;
        for (uint256 i = 0; i < runs.length; ++i) {
            Proven memory proven = shown.agreeing[i];
            // Check
            _checkStanding(position, proven, runs[i]);
            // Effect
            _count(orderHash, proven);
            claims[i] = Claim(proven.assignmentHash, proven.owner, proven.earned);
            if (!proven.receipted) maturesAt = uint64(block.timestamp) + 2 * _window;
        }
        Position storage here = _positions[position];
        if (here.answer == 0) {
            if (shown.voices < order.quorum) revert Causes.QuorumNotReached(orderHash, order.quorum, shown.voices);
            _establish(orderHash, here, shown.agreeing[0].answer, runs[0], runs.length);
            done = true;
        }
        if (_settle(orderHash, order, claims, insist, maturesAt) > 0) done = true;
    }

    function _establish(bytes32 orderHash, Position storage here, bytes32 answer, Run calldata run, uint256 runs)
        private
    {
        here.answer = answer;
        here.openedAt = uint64(block.timestamp);
        emit Agreed(
            orderHash, run.assignment.fromBorder, run.opening.border, run.opening.root, run.opening.outputDigest, runs
        );
    }

    /// @dev Runs opened singly; of those proven wrong since, none is a voice, and none is owed anything.
    function _voicesOf(Claim[] storage opened) private view returns (Claim[] memory claims, uint256 voices) {
        claims = opened;
        for (uint256 i = 0; i < claims.length; ++i) {
            if (condemned(claims[i].assignmentHash)) {
                claims[i].amount = 0;
                continue;
            }
            ++voices;
        }
    }

    /// @dev One owner counts by one assignment in an order, whichever borders it shows.
    function _count(bytes32 orderHash, Proven memory proven) private {
        bytes32 counted = _counted[orderHash][proven.owner];
        if (counted == 0) {
            _counted[orderHash][proven.owner] = proven.assignmentHash;
        } else if (counted != proven.assignmentHash) {
            revert Causes.OwnerTwice(proven.owner, proven.assignmentHash, counted);
        }
    }

    /// @dev What counts for nothing: a run that was opened singly, or lost its bond, with another answer; one against an answer that stands;
    /// one committed when that answer could already be read. A record in the very block of the opening is too late.
    function _checkStanding(bytes32 position, Proven memory proven, Run calldata run) private view {
        if (condemned(proven.assignmentHash)) revert Causes.Condemned(proven.assignmentHash);
        bytes32 before = _openedAs[position][proven.assignmentHash];
        if (before != 0 && before != proven.answer) {
            revert Causes.OpenedOtherwise(proven.assignmentHash, run.opening.border, before);
        }
        Position storage here = _positions[position];
        if (here.answer == 0) return;
        if (here.answer != proven.answer) {
            revert Causes.AnswerAlreadyAgreed(
                run.assignment.orderHash, run.assignment.fromBorder, run.opening.border, here.answer
            );
        }
        if (proven.committedAt > here.openedAt || (!proven.receipted && proven.committedAt == here.openedAt)) {
            revert Causes.CommittedAfterOpening(proven.assignmentHash, proven.committedAt, here.openedAt);
        }
    }

    /// @dev Pays each claim what it is still owed, or its share of what the order can still draw.
    /// @param insist false: an order that can draw nothing more is no error
    function _settle(bytes32 orderHash, JobOrder calldata order, Claim[] memory claims, bool insist, uint64 maturesAt)
        private
        returns (uint256 total)
    {
        // an absurd price must neither overflow nor leave others nothing
        uint256 most = Math.min(order.maxPayment, MOST);
        for (uint256 i = 0; i < claims.length; ++i) {
            uint256 owed = Math.min(claims[i].amount, most);
            claims[i].amount = Math.saturatingSub(owed, paid(orderHash, claims[i].assignmentHash));
            total += claims[i].amount;
        }
        if (total == 0) return 0;
        (uint256 left, uint256 funds,,) = _drawable(orderHash, order);
        if (insist && left == 0) revert Causes.MaxPaymentReached(orderHash, order.maxPayment, total);
        if (insist && funds == 0) {
            revert Causes.InsufficientAllotment(order.builder, order.hub, order.token, total, 0);
        }
        uint256 drawable = Math.min(left, funds);
        if (drawable < total) total = _shareOut(claims, drawable, total);
        if (total == 0) return 0;
        _spend(orderHash, order, total);
        for (uint256 i = 0; i < claims.length; ++i) {
            if (claims[i].amount == 0) continue;
            _reserve(orderHash, claims[i].assignmentHash, claims[i].owner, order.token, claims[i].amount, maturesAt);
        }
    }

    /// @dev Rounded down; what is left over stays with the builder.
    function _shareOut(Claim[] memory claims, uint256 drawable, uint256 wanted) private pure returns (uint256 total) {
        for (uint256 i = 0; i < claims.length; ++i) {
            claims[i].amount = Math.mulDiv(claims[i].amount, drawable, wanted);
            total += claims[i].amount;
        }
    }

    // ---- contradicting

    /// @return true when a bond was burned
    function _contradict(Shown memory shown, bytes32 position, JobOrder calldata order, uint256 i, Run calldata run)
        private
        returns (bool)
    {
        bytes32 orderHash = shown.orderHash;
        Proven memory proven = shown.contradicting[i];
        Position storage here = _positions[position];
        // Check: it is of these borders, and says something else than a quorum does.
        if (
            here.answer == 0 || here.answer == proven.answer
                || _position(orderHash, run.assignment.fromBorder, run.opening.border) != position
        ) {
            revert Causes.NoContradiction(proven.assignmentHash);
        }
        // Bits must be equal in the strict class only; and one against one proves nothing about either. The quorum is shown in
        // this call: what stands may be the answer of some who were proven wrong since.
        if (shown.strict < order.quorum || !proven.strict || order.quorum < 2) return false;
        // Effect: once.
        if (!_burnOnce(proven.assignmentHash)) return false;
        if (_openedAs[position][proven.assignmentHash] == 0) {
            _openedAs[position][proven.assignmentHash] = proven.answer;
        }
        // Interaction
        uint256 burned = _registry.burn(proven.owner, run.assignment.bond);
        emit BondBurned(orderHash, proven.assignmentHash, proven.owner, burned);
        return true;
    }

    // ---- times and places

    /// @dev Hands on the very call that came in; what is not proven reverts.
    function _askEvidence() private view returns (bytes memory) {
        return address(_evidence).functionStaticCall(msg.data);
    }

    /// @dev An order marked direct is settled so from its start; another when the hub had its time and left it.
    function _checkOpen(bytes32 orderHash, JobOrder calldata order) private view {
        if (order.direct) return;
        uint256 opensAt = uint256(order.deadline) + 4 * uint256(_window);
        if (block.timestamp < opensAt) revert Causes.OrderNotOpen(orderHash, opensAt, block.timestamp);
        _checkFree(orderHash, order);
    }

    /// @dev No epoch may still pay it, and what one paid is in the records.
    function _checkFree(bytes32 orderHash, JobOrder calldata order) private view {
        if (!order.direct && !_epochs.free(order.hub, order.token, order.deadline, orderHash)) {
            revert Causes.OrderInEpoch(orderHash);
        }
    }

    /// @dev The borders that a call speaks of: those of the first run shown.
    function _positionShown(bytes32 orderHash, Run[] calldata agreeing, Run[] calldata contradicting)
        private
        pure
        returns (bytes32 position)
    {
        if (agreeing.length == 0 && contradicting.length == 0) revert Causes.NothingToDo(orderHash);
        Run calldata first = agreeing.length > 0 ? agreeing[0] : contradicting[0];
        position = _position(orderHash, first.assignment.fromBorder, first.opening.border);
    }

    function _position(bytes32 orderHash, uint32 fromBorder, uint32 border) private pure returns (bytes32) {
        return keccak256(abi.encode(orderHash, fromBorder, border));
    }
}
