// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {Cases} from "./abstracts/Cases.sol";
import {Checkpoint, Dispute, ICourt, Leaf} from "./interfaces/ICourt.sol";
import {Run} from "./interfaces/IEscrow.sol";
import {IEvidence, Proven, Shown} from "./interfaces/IEvidence.sol";
import {IProviderRegistry} from "./interfaces/IProviderRegistry.sol";
import {Causes} from "./libraries/Causes.sol";
import {JobOrder, Messages} from "./libraries/Messages.sol";
import {Signature} from "./libraries/Signatures.sol";
import {Tokens} from "./libraries/Tokens.sol";

/// @title Court
/// @notice See the documentation in {ICourt}. Tickets and what is owed are in {Judges}, drawing and voting in {Cases}; here is who
/// can be accused of what, and what a verdict costs.
contract Court is Cases {
    using Address for address;

    uint256 private constant MOST_UNDECIDED = 3;

    /// @dev A segment of one run: whether a case about it is open, and how many nobody could decide.
    struct Segment {
        bool open;
        uint8 undecided;
    }

    mapping(bytes32 segment => bool) private _cleared;
    mapping(bytes32 assignmentHash => mapping(bytes32 segment => Segment)) private _segments;

    constructor(address escrow_, address stakeToken_, uint64 window_, uint256 fee_, uint256 ticketPrice_)
        Cases(escrow_, stakeToken_, window_, fee_, ticketPrice_)
    {}

    // ---- frauds that prove themselves

    /// @inheritdoc ICourt
    function proveTwoOpenings(
        JobOrder calldata order,
        Signature calldata signature,
        Run[] calldata one,
        Run[] calldata other
    ) external nonReentrant {
        Proven memory a = _handOn(one);
        Proven memory b = _prove(order, signature, other);
        // Check: one assignment and border, two answers.
        if (
            a.assignmentHash != b.assignmentHash || one[0].opening.border != other[0].opening.border
                || a.answer == b.answer
        ) revert Causes.NoFault();
        _condemn(a, one[0].assignment.bond, order.builder, msg.sender);
    }

    /// @inheritdoc ICourt
    function proveTwoLeaves(
        JobOrder calldata order,
        Signature calldata,
        Run[] calldata run,
        uint32 border,
        Leaf calldata one,
        Leaf calldata other
    ) external nonReentrant {
        Proven memory proven = _handOn(run);
        bytes32 orderHash = run[0].assignment.orderHash;
        bytes32 root = run[0].opening.root;
        // Check: both are under the root, and differ.
        if (_leaf(orderHash, border, one, root) == _leaf(orderHash, border, other, root)) revert Causes.NoFault();
        _condemn(proven, run[0].assignment.bond, order.builder, msg.sender);
    }

    function _condemn(Proven memory proven, uint256 bond, address builder, address by) private {
        // Check: once.
        if (_escrow.condemned(proven.assignmentHash)) revert Causes.CondemnedAlready(proven.assignmentHash);
        // who proves its own fraud at its own hub must not have its stake back before its time
        uint256 slashed = _punish(proven.assignmentHash, proven.owner, bond, builder, ASHES, by, 0);
        emit ProvenFalse(proven.assignmentHash, proven.owner, by, slashed);
    }

    // ---- a case

    /// @inheritdoc ICourt
    function accuse(
        JobOrder calldata order,
        Signature calldata,
        Run[] calldata run,
        uint32 border,
        Leaf calldata prior,
        Leaf calldata leaf,
        bytes32 claimed
    ) external nonReentrant returns (uint256 id) {
        Dispute memory dispute = _prosecuted(order, run);
        // Check: a segment that this run answers for, from a leaf of its own to a leaf of its own, and another than claimed.
        if (border <= run[0].assignment.fromBorder || border > run[0].opening.border) {
            revert Causes.BorderNotAnsweredFor(dispute.assignmentHash, border);
        }
        // a run's tree has the leaves after its fromBorder; the first of a job is computed from the order's spec alone
        if (border > 1) dispute.priorLeaf = _leaf(run[0].assignment.orderHash, border - 1, prior, run[0].opening.root);
        dispute.accusedLeaf = _leaf(run[0].assignment.orderHash, border, leaf, run[0].opening.root);
        dispute.claimedLeaf = claimed;
        if (_word(dispute.accusedLeaf) == _word(claimed) || _word(claimed) == 0) revert Causes.NoFault();
        Segment storage its = _checkNew(dispute);
        // Interaction first: the bond that arrives decides; the guard keeps others out meanwhile.
        Tokens.pullExactly(stakeToken, accuserBond());
        // Effect
        its.open = true;
        id = _open(dispute);
        emit Opened(id, dispute.assignmentHash, msg.sender, border, dispute);
        // Interaction with our own: only that credit waits, and its owner's stake stays.
        _escrow.freeze(dispute.assignmentHash, true);
        _registry().hold(dispute.accused, true);
    }

    /// @inheritdoc ICourt
    function close(uint256 id, Dispute calldata dispute) external {
        Case storage theirs = _shown(id, dispute);
        if (theirs.commitUntil == 0) {
            // Check: nobody drew it, or nobody could be drawn.
            uint256 from = theirs.openedAt + window;
            if (block.timestamp < from) revert Causes.TooEarly(from, block.timestamp);
            return _end(id, theirs, dispute, Outcome.Undecided, dispute.accuser);
        }
        uint256 until = _revealUntil(theirs);
        if (block.timestamp < until) revert Causes.TooEarly(until, block.timestamp);
        // Effect: who is silent pays; the others decide, by the leaf that enough of them came to.
        bytes31 found = _tally(id, theirs, theirs.court == 1 ? 4 : 7);
        if (found == _word(dispute.accusedLeaf)) return _end(id, theirs, dispute, Outcome.Cleared, dispute.accuser);
        if (found != 0) {
            // an accuser who was wrong as well has no part in it, so that nobody shields himself by a false accusation
            address by = found == _word(dispute.claimedLeaf) ? dispute.accuser : ASHES;
            return _end(id, theirs, dispute, Outcome.Condemned, by);
        }
        if (theirs.court == 2) return _end(id, theirs, dispute, Outcome.Undecided, dispute.accuser);
        _callAgain(id, theirs);
    }

    // ---- inside: what it comes to

    function _end(uint256 id, Case storage theirs, Dispute calldata dispute, Outcome outcome, address by)
        internal
        override
    {
        bytes32 segment = _segment(dispute.priorLeaf, dispute.accusedLeaf);
        Segment storage its = _segments[dispute.assignmentHash][segment];
        (theirs.outcome, its.open) = (outcome, false);
        _registry().hold(dispute.accused, false);
        _escrow.freeze(dispute.assignmentHash, false);
        uint256 slashed = 0;
        uint256 costs = theirs.fees * fee;
        uint256 pot = accuserBond() - costs;
        if (outcome == Outcome.Condemned) {
            slashed = _punish(
                dispute.assignmentHash, dispute.accused, dispute.slashable, dispute.builder, dispute.builder, by, costs
            );
            owed[by] += pot;
        } else if (outcome == Outcome.Cleared) {
            _cleared[segment] = true;
            owed[dispute.accused] += pot / 2;
            owed[ASHES] += pot - pot / 2;
        } else if (theirs.commitUntil == 0 && theirs.court == 1) {
            // nobody judged: the segment is as it was. It costs an accuser who saw to that, and pays nobody who did
            owed[ASHES] += FIRST * fee;
            owed[by] += pot - FIRST * fee;
        } else {
            ++its.undecided;
            owed[by] += pot;
        }
        emit Closed(id, outcome, slashed);
    }

    /// @dev The credit goes back to the builder; of what is slashed who was harmed has half, who proved it at most a quarter, or what
    /// judges cost where that is more, nobody the rest.
    /// @param costs of judges, which who proved it has paid; 0: it proved itself
    function _punish(
        bytes32 assignmentHash,
        address owner,
        uint256 bond,
        address builder,
        address harmed,
        address by,
        uint256 costs
    ) private returns (uint256 slashed) {
        if (_escrow.condemned(assignmentHash)) return 0;
        // an assignment costs one bond
        bool burned = _escrow.condemn(assignmentHash, builder);
        if (bond > 0 && !burned) slashed = _registry().slash(owner, bond);
        uint256 reward = Math.min(slashed / 4, costs == 0 ? accuserBond() : 2 * costs);
        reward = Math.max(reward, Math.min(slashed / 2, costs));
        owed[harmed] += slashed / 2;
        owed[by] += reward;
        owed[ASHES] += slashed - slashed / 2 - reward;
    }

    // ---- inside: what is shown

    function _prove(JobOrder calldata order, Signature calldata signature, Run[] calldata run)
        private
        view
        returns (Proven memory)
    {
        if (run.length != 1) revert Causes.NoFault();
        return IEvidence(_escrow.evidence()).weigh(order, signature, run).agreeing[0];
    }

    /// @dev The same of the first run of a call, which is handed on as it came: it begins with what `weigh` takes.
    function _handOn(Run[] calldata run) private view returns (Proven memory) {
        if (run.length != 1) revert Causes.NoFault();
        bytes memory call = bytes.concat(IEvidence.weigh.selector, msg.data[4:]);
        return abi.decode(_escrow.evidence().functionStaticCall(call), (Shown)).agreeing[0];
    }

    /// @dev Who is accused of a proven run, and what it may cost; the leaves are still to come.
    function _prosecuted(JobOrder calldata order, Run[] calldata run) private view returns (Dispute memory dispute) {
        Proven memory proven = _handOn(run);
        dispute.assignmentHash = proven.assignmentHash;
        dispute.secretHash = run[0].assignment.secretHash;
        (dispute.accuser, dispute.accused) = (msg.sender, proven.owner);
        (dispute.builder, dispute.hub) = (order.builder, order.hub);
        // bits must be equal in the strict class only: no other has the population that could judge them
        if (proven.strict) dispute.slashable = run[0].assignment.bond;
    }

    function _leaf(bytes32 orderHash, uint32 border, Leaf calldata shown, bytes32 root)
        private
        pure
        returns (bytes32 leaf)
    {
        Checkpoint calldata c = shown.checkpoint;
        leaf = Messages.leaf(orderHash, border, c.adapter, c.optimizer, c.state, c.metrics);
        if (!MerkleProof.verifyCalldata(shown.proof, root, leaf)) revert Causes.LeafNotProven(leaf, root);
    }

    /// @dev One case at a time about a segment, three that nobody could decide, none about what judges came to as well.
    function _checkNew(Dispute memory dispute) private view returns (Segment storage its) {
        if (_escrow.condemned(dispute.assignmentHash)) revert Causes.CondemnedAlready(dispute.assignmentHash);
        bytes32 segment = _segment(dispute.priorLeaf, dispute.accusedLeaf);
        its = _segments[dispute.assignmentHash][segment];
        if (_cleared[segment] || its.open || its.undecided == MOST_UNDECIDED) {
            revert Causes.JudgedAlready(dispute.assignmentHash, segment);
        }
    }

    function _segment(bytes32 priorLeaf, bytes32 accusedLeaf) private pure returns (bytes32) {
        return keccak256(abi.encode(priorLeaf, accusedLeaf));
    }

    function _registry() private view returns (IProviderRegistry) {
        return IProviderRegistry(_escrow.registry());
    }
}
