// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {Cases} from "./abstracts/Cases.sol";
import {Checkpoint, ICourt, Leaf} from "./interfaces/ICourt.sol";
import {Run} from "./interfaces/IEscrow.sol";
import {IEvidence, Proven} from "./interfaces/IEvidence.sol";
import {IProviderRegistry} from "./interfaces/IProviderRegistry.sol";
import {Errors} from "./libraries/Errors.sol";
import {JobOrder, Messages} from "./libraries/Messages.sol";
import {Tokens} from "./libraries/Tokens.sol";

/// @title Court
/// @notice See the documentation in {ICourt}. Tickets and what is owed are in {Judges}, drawing and voting in {Cases}; here is who
/// can be accused of what, and what a verdict costs.
contract Court is Cases {
    using SafeCast for uint256;

    uint256 private constant MOST_UNDECIDED = 3;

    mapping(bytes32 assignmentHash => bool) private _condemned;
    mapping(bytes32 segment => bool) private _cleared;
    mapping(bytes32 assignmentHash => mapping(bytes32 segment => bool)) private _open;
    mapping(bytes32 assignmentHash => mapping(bytes32 segment => uint256 cases)) private _undecided;

    constructor(address escrow_, address stakeToken_, uint64 window_, uint256 fee_, uint256 ticketPrice_)
        Cases(escrow_, stakeToken_, window_, fee_, ticketPrice_)
    {}

    // ---- frauds that prove themselves

    /// @inheritdoc ICourt
    function proveTwoOpenings(
        JobOrder calldata order,
        bytes calldata signature,
        Run[] calldata one,
        Run[] calldata other
    ) external nonReentrant {
        Proven memory a = _prove(order, signature, one);
        Proven memory b = _prove(order, signature, other);
        // Check: one assignment and border, two answers.
        if (
            a.assignmentHash != b.assignmentHash || one[0].opening.border != other[0].opening.border
                || a.answer == b.answer
        ) revert Errors.NoFault();
        _condemn(a, one[0].assignment.bond, order.builder, msg.sender);
    }

    /// @inheritdoc ICourt
    function proveTwoLeaves(
        JobOrder calldata order,
        bytes calldata signature,
        Run[] calldata run,
        uint32 border,
        Leaf calldata one,
        Leaf calldata other
    ) external nonReentrant {
        Proven memory proven = _prove(order, signature, run);
        bytes32 orderHash = run[0].assignment.orderHash;
        bytes32 root = run[0].opening.root;
        // Check: both are under the root, and differ.
        if (_leaf(orderHash, border, one, root) == _leaf(orderHash, border, other, root)) revert Errors.NoFault();
        _condemn(proven, run[0].assignment.bond, order.builder, msg.sender);
    }

    function _condemn(Proven memory proven, uint256 bond, address builder, address by) private {
        // Check: once.
        if (_condemned[proven.assignmentHash]) revert Errors.CondemnedAlready(proven.assignmentHash);
        uint256 slashed = _punish(proven.assignmentHash, proven.owner, bond, builder, by, type(uint256).max);
        emit ProvenFalse(proven.assignmentHash, proven.owner, by, slashed);
    }

    // ---- a case

    /// @inheritdoc ICourt
    function accuse(
        JobOrder calldata order,
        bytes calldata signature,
        Run[] calldata run,
        uint32 border,
        Leaf calldata prior,
        Leaf calldata leaf,
        bytes32 claimed
    ) external nonReentrant returns (uint256 id) {
        Proven memory proven = _prove(order, signature, run);
        // Check: a segment that this run answers for, from a leaf of its own to a leaf of its own, and another than claimed.
        if (border <= run[0].assignment.fromBorder || border > run[0].opening.border) {
            revert Errors.BorderNotAnsweredFor(proven.assignmentHash, border);
        }
        bytes32 orderHash = run[0].assignment.orderHash;
        bytes32 from = _leaf(orderHash, border - 1, prior, run[0].opening.root);
        bytes32 accused = _leaf(orderHash, border, leaf, run[0].opening.root);
        if (accused == claimed || claimed == 0) revert Errors.NoFault();
        _checkNew(proven.assignmentHash, keccak256(abi.encode(from, accused)));
        // Interaction first: the bond that arrives decides; the guard keeps others out meanwhile.
        Tokens.pullExactly(stakeToken, accuserBond());
        // Effect
        id = _cases.length;
        Case storage theirs = _cases.push();
        (theirs.assignmentHash, theirs.priorLeaf) = (proven.assignmentHash, from);
        (theirs.accusedLeaf, theirs.claimedLeaf) = (accused, claimed);
        (theirs.accuser, theirs.accused) = (msg.sender, proven.owner);
        (theirs.builder, theirs.hub) = (order.builder, order.hub);
        (theirs.secretHash, theirs.pot) = (run[0].assignment.secretHash, accuserBond().toUint128());
        // bits must be equal in the strict class only: no other has the population that could judge them
        if (proven.strict) theirs.slashable = run[0].assignment.bond.toUint128();
        _open[proven.assignmentHash][_segment(theirs)] = true;
        _call(theirs, 1);
        emit Opened(id, proven.assignmentHash, msg.sender, proven.owner, border, accused, claimed);
        // Interaction with our own: only that credit waits, and its owner's stake stays.
        _escrow.freeze(proven.assignmentHash, true);
        _registry().hold(proven.owner, true);
    }

    /// @inheritdoc ICourt
    function close(uint256 id) external {
        Case storage theirs = _running(id);
        if (theirs.commitUntil == 0) {
            // Check: nobody drew it. There is never a second draw.
            uint256 from = theirs.openedAt + window;
            if (block.timestamp < from) revert Errors.TooEarly(from, block.timestamp);
            return _end(id, theirs, Outcome.Undecided);
        }
        uint256 until = _revealUntil(theirs);
        if (block.timestamp < until) revert Errors.TooEarly(until, block.timestamp);
        // Effect: who is silent pays; the others decide, by the leaf that enough of them came to.
        _dismiss(id, theirs);
        bytes32 found = _found(theirs, theirs.court == 1 ? 4 : 7);
        if (found == theirs.accusedLeaf) return _end(id, theirs, Outcome.Cleared);
        if (found != 0) {
            // an accuser who was wrong as well has no part in it, so that nobody shields himself by a false accusation
            if (found != theirs.claimedLeaf) (theirs.accuser, theirs.claimedLeaf) = (ASHES, found);
            return _end(id, theirs, Outcome.Condemned);
        }
        if (theirs.court == 2) return _end(id, theirs, Outcome.Undecided);
        _pay(theirs, 0);
        delete theirs.seats;
        _call(theirs, 2);
    }

    // ---- inside: what it comes to

    /// @dev Pays judges their fee from the accuser's bond: those who voted so, or all who voted when `vote` is 0.
    function _pay(Case storage theirs, bytes32 vote) private {
        for (uint256 i = 0; i < theirs.seats.length; ++i) {
            Seat storage one = theirs.seats[i];
            if (one.vote == 0 || (vote != 0 && one.vote != vote)) continue;
            owed[one.judge] += fee;
            theirs.pot -= fee.toUint128();
        }
    }

    function _end(uint256 id, Case storage theirs, Outcome outcome) internal override {
        (theirs.outcome, _open[theirs.assignmentHash][_segment(theirs)]) = (outcome, false);
        _registry().hold(theirs.accused, false);
        _escrow.freeze(theirs.assignmentHash, false);
        uint256 slashed = 0;
        if (outcome == Outcome.Condemned) {
            _pay(theirs, theirs.claimedLeaf);
            uint256 costs = accuserBond() - theirs.pot;
            slashed = _punish(
                theirs.assignmentHash, theirs.accused, theirs.slashable, theirs.builder, theirs.accuser, 2 * costs
            );
            owed[theirs.accuser] += theirs.pot;
        } else if (outcome == Outcome.Cleared) {
            _pay(theirs, theirs.accusedLeaf);
            _cleared[_segment(theirs)] = true;
            owed[theirs.accused] += theirs.pot / 2;
            owed[ASHES] += theirs.pot - theirs.pot / 2;
        } else {
            _pay(theirs, 0);
            ++_undecided[theirs.assignmentHash][_segment(theirs)];
            owed[theirs.accuser] += theirs.pot;
        }
        emit Closed(id, outcome, slashed);
    }

    /// @dev The credit goes back to the builder; of what is slashed the builder has half, who proved it at most a quarter,
    /// nobody the rest.
    function _punish(bytes32 assignmentHash, address owner, uint256 bond, address builder, address by, uint256 most)
        private
        returns (uint256 slashed)
    {
        if (_condemned[assignmentHash]) return 0;
        _condemned[assignmentHash] = true;
        _escrow.condemn(assignmentHash, builder);
        if (bond > 0) slashed = _registry().slash(owner, bond);
        uint256 reward = Math.min(slashed / 4, most);
        owed[builder] += slashed / 2;
        owed[by] += reward;
        owed[ASHES] += slashed - slashed / 2 - reward;
    }

    // ---- inside: what is shown

    function _prove(JobOrder calldata order, bytes calldata signature, Run[] calldata run)
        private
        view
        returns (Proven memory)
    {
        if (run.length != 1) revert Errors.NoFault();
        return IEvidence(_escrow.evidence()).weigh(order, signature, run).agreeing[0];
    }

    function _leaf(bytes32 orderHash, uint32 border, Leaf calldata shown, bytes32 root)
        private
        pure
        returns (bytes32 leaf)
    {
        Checkpoint calldata c = shown.checkpoint;
        leaf = Messages.leaf(orderHash, border, c.adapter, c.optimizer, c.state, c.metrics);
        if (!MerkleProof.verifyCalldata(shown.proof, root, leaf)) revert Errors.LeafNotProven(leaf, root);
    }

    /// @dev One case at a time about a segment, three that nobody could decide, none about what judges came to as well.
    function _checkNew(bytes32 assignmentHash, bytes32 segment) private view {
        if (_condemned[assignmentHash]) revert Errors.CondemnedAlready(assignmentHash);
        if (
            _cleared[segment] || _open[assignmentHash][segment] || _undecided[assignmentHash][segment] == MOST_UNDECIDED
        ) revert Errors.JudgedAlready(assignmentHash, segment);
    }

    function _segment(Case storage theirs) private view returns (bytes32) {
        return keccak256(abi.encode(theirs.priorLeaf, theirs.accusedLeaf));
    }

    function _registry() private view returns (IProviderRegistry) {
        return IProviderRegistry(_escrow.registry());
    }
}
