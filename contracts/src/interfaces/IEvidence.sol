// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Assignment, JobOrder} from "../libraries/Messages.sol";
import {Signature} from "../libraries/Signatures.sol";
import {Agreement} from "./IEpochs.sol";
import {DirectCall, Run} from "./IEscrow.sol";

/// @notice What a proven run, or a proven verdict upon one, comes to.
/// @param answer keccak256(abi.encode(root, outputDigest))
/// @param committedAt when the hub's receipt, or the record on chain, says that it was committed; 0 for a verdict
/// @param receipted true: by the hub's receipt, or a verdict; false: by a record on chain
/// @param strict of the class whose bits agree on every machine
/// @param earned by the assignment's price and the border reached, before what was already paid
struct Proven {
    bytes32 assignmentHash;
    bytes32 answer;
    address owner;
    uint64 committedAt;
    bool receipted;
    bool strict;
    uint256 earned;
}

/// @notice A whole call of `direct`, proven.
/// @param agreeing in the order shown
/// @param voices the greater of the number of runs and the number of verdicts: what the order's quorum is held against
/// @param strict how many of these voices are of the strict class
/// @param contradicting in the order shown
struct Shown {
    bytes32 orderHash;
    Proven[] agreeing;
    uint256 voices;
    uint256 strict;
    Proven[] contradicting;
}

/// @title IEvidence
/// @notice Decides whether what is shown was really ordered, assigned, accepted, committed in time, and is what was sealed.
/// It holds no money and no state. The escrow, the epochs and the court all ask it, and nothing else.
///
/// Its functions have the escrow's names and arguments: the escrow hands on the very call that it was given.
interface IEvidence {
    /// @notice The order is well formed, begun, not over, and its builder's; every run shown is proven. Reverts with what
    /// is missing.
    ///
    /// Those that agree are voices for one answer, each of an owner of its own: runs of the same borders that give equal
    /// answers, or one run and auditors' verdicts upon it. A verdict is shown in a run's form: its assignment has the
    /// auditor's role, its commitment signature is over the `Verdict`, and it needs neither salt nor receipt.
    /// @param signature the builder's over the order; zeros when the order was approved on chain
    function direct(
        JobOrder calldata order,
        Signature calldata signature,
        Run[] calldata agreeing,
        Run[] calldata contradicting
    ) external view returns (Shown memory);

    /// @notice The same for many orders.
    function directAll(DirectCall[] calldata calls) external view returns (Shown[] memory);

    /// @notice The same when nothing contradicts; what the court and the epochs ask. The order may be over for payment: a court
    /// hears of it until 8 W after its deadline, not 6.
    function weigh(JobOrder calldata order, Signature calldata signature, Run[] calldata agreeing)
        external
        view
        returns (Shown memory);

    /// @notice What an epoch's answer shows of one order: each agreement is a quorum's, and they stand together as they would by
    /// `direct` one after the other: one answer for the same borders, an owner by one assignment of the order.
    /// @return each run once, with the most that it earns by any of them
    function weighAll(JobOrder calldata order, Signature calldata signature, Agreement[] calldata agreements)
        external
        view
        returns (Proven[] memory);

    /// @notice The same for one run.
    function open(JobOrder calldata order, Signature calldata signature, Run calldata run)
        external
        view
        returns (bytes32 orderHash, Proven memory);

    /// @notice What a run earns by reaching `border`, before what was already paid.
    function earned(JobOrder calldata order, Assignment calldata assignment, uint32 border)
        external
        pure
        returns (uint256);
}
