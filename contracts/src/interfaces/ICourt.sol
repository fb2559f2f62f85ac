// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {JobOrder} from "../libraries/Messages.sol";
import {Signature} from "../libraries/Signatures.sol";
import {Run} from "./IEscrow.sol";

/// @notice What a leaf commits to at one border.
struct Checkpoint {
    bytes32 adapter;
    bytes32 optimizer;
    bytes32 state;
    bytes32 metrics;
}

/// @notice A leaf of a run's tree, shown.
/// @param proof to the run's root, in the form of OpenZeppelin's trees
struct Leaf {
    Checkpoint checkpoint;
    bytes32[] proof;
}

/// @notice What a case is about. The court keeps its hash alone: `Opened` says it, and who takes the case a step further shows it.
/// @param priorLeaf 0 for the job's first segment
/// @param secretHash of the hub's secret, in the accused's assignment
/// @param slashable what the assignment's bond may cost; 0: not of the strict class
struct Dispute {
    bytes32 assignmentHash;
    bytes32 priorLeaf;
    bytes32 accusedLeaf;
    bytes32 claimedLeaf;
    bytes32 secretHash;
    address accuser;
    address accused;
    address builder;
    address hub;
    uint256 slashable;
}

/// @title ICourt
/// @notice Decides about one segment of one run: judges re-run it from the last leaf that nobody disputes, and say which leaf
/// they come to. Frauds that prove themselves need no judges.
///
/// A case: opened with a bond; judges drawn by stake, from a block hash two blocks later and the hub's committed secret; they
/// commit until W/2 after the draw; who did not is replaced within W/8, twice at most, and the new ones have W/4; then they
/// reveal for W/4. A silent judge loses its ticket. Four of five decide; else a second court of nine, in which seven do; else
/// nobody is slashed. Heard until 8 W after the order's deadline. When too few can be drawn, a draw calls the court again, from
/// the tickets of then and by a later block. Courts are drawn until W after they were called; a case in which nobody sits then can
/// be closed: it says nothing of the segment, and costs the accuser five judges' fees, which nobody has. While a case is open the
/// accused's credit for this assignment waits, and its stake cannot leave.
///
/// A court draws the tickets that stood when it was called, whatever happens to them later: nobody changes what a seed gives. Once a
/// draw found too few, block hashes alone decide: the hub's secret leaves it one choice between two draws, not one each time.
///
/// Condemned: the credit goes back to the builder; in the strict class the assignment's bond is slashed: half to the builder, at
/// most a quarter (and twice what judges cost) to the accuser, or what they cost where that is more, the rest to nobody. If judges
/// came to a third leaf, the accuser has no part in it and loses its bond. Cleared: of the accuser's bond judges are paid, half
/// the rest is the accused's, the rest nobody's. A fraud that proves itself, likewise, but the builder's half is nobody's, and who shows it has at most what an
/// accusation costs: an owner would else prove its own to have its stake at once. Undecided: judges are paid from the accuser's
/// bond, the rest goes back. A segment that judges cleared cannot be accused again, one that they could not decide three times
/// in all.
interface ICourt {
    enum Outcome {
        None,
        Condemned,
        Cleared,
        Undecided
    }

    event Enlisted(address indexed judge, uint256 ticket);
    event Delisted(address indexed judge, uint256 ticket, uint256 leavesAt);
    event Redeemed(address indexed judge, uint256 ticket);
    /// @param carried how many tickets stand
    event Renewed(uint256 number, uint256 carried);
    event Opened(
        uint256 indexed id, bytes32 indexed assignmentHash, address indexed accuser, uint32 border, Dispute dispute
    );
    event Drawn(uint256 indexed id, uint256 court, bytes32 seed, address[] judges, uint64 commitUntil);
    event Replaced(uint256 indexed id, uint256 seat, address silent, address judge);
    event Committed(uint256 indexed id, uint256 seat);
    event Revealed(uint256 indexed id, uint256 seat, bytes32 vote);
    event Forfeited(uint256 indexed id, address indexed judge, uint256 ticket);
    /// @notice Nobody sits: too few could be drawn, or a first court came to nothing. Tickets of now, and the hash of that block.
    event CalledAgain(uint256 indexed id, uint256 court, uint64 drawBlock);
    event Closed(uint256 indexed id, Outcome outcome, uint256 slashed);
    event ProvenFalse(bytes32 indexed assignmentHash, address indexed owner, address indexed by, uint256 slashed);

    // ---- judges

    /// @notice Buys tickets: each is drawn with the same chance, and is what its judge may lose.
    function enlist(uint256 count) external;

    /// @notice Asks a ticket back. Courts called from now on do not draw it; those called before still may.
    function delist(uint256 ticket) external;

    /// @notice Adds the price of a ticket that was asked back 2 W ago, and judges no case, to what the court owes its judge. Anyone may
    /// call it.
    function redeem(uint256 ticket) external;

    /// @notice Goes on making the next roll, in which places that nobody holds are left out. Cases opened before draw from the roll
    /// before, as if nothing had happened. One that leaves nothing out is not made. Anyone may call it.
    /// @param places how many of the present one to look at, at most; the next takes its place when all were
    function renew(uint256 places) external;

    /// @notice Adds what tickets earned to what the court owes their judges. Anyone may call it.
    function gather(uint256[] calldata tickets) external;

    /// @notice Takes out what the court owes the caller; what its tickets earned must be gathered before.
    function withdraw(address to) external returns (uint256 amount);

    // ---- frauds that prove themselves

    /// @notice Two different openings of one assignment and border.
    function proveTwoOpenings(
        JobOrder calldata order,
        Signature calldata signature,
        Run[] calldata one,
        Run[] calldata other
    ) external;

    /// @notice Two different leaves of one border under the root of one run.
    function proveTwoLeaves(
        JobOrder calldata order,
        Signature calldata signature,
        Run[] calldata run,
        uint32 border,
        Leaf calldata one,
        Leaf calldata other
    ) external;

    // ---- a case

    /// @notice Accuses a proven run of one wrong segment. Takes the accuser's bond, which must have been approved.
    /// @param run the one run
    /// @param border the first that differs; the segment is from the one before
    /// @param prior the leaf before, which the accuser does not dispute; not looked at for border 1, since that segment begins
    /// where the order's spec says
    /// @param leaf the run's leaf
    /// @param claimed the leaf that the accuser comes to instead
    function accuse(
        JobOrder calldata order,
        Signature calldata signature,
        Run[] calldata run,
        uint32 border,
        Leaf calldata prior,
        Leaf calldata leaf,
        bytes32 claimed
    ) external returns (uint256 id);

    /// @notice Draws a court, once the block is there. With the hub's secret at any time; without it W/8 after the opening, or 4,096
    /// blocks after that block, whichever is first; at any time, whatever secret is shown, once a draw found too few. Until W after
    /// the court was called.
    /// @param dispute what the case is about, as `Opened` says it
    function draw(uint256 id, Dispute calldata dispute, bytes32 secret) external;

    /// @notice Replaces judges who did not commit in time.
    function replace(uint256 id, Dispute calldata dispute) external;

    /// @param commitment keccak256(abi.encode(id, judge, vote, salt))
    function commit(uint256 id, uint256 seat, bytes32 commitment) external;

    /// @param vote the leaf that the judge came to
    function reveal(uint256 id, uint256 seat, bytes32 vote, bytes32 salt) external;

    /// @notice Counts when the time to reveal is over, and decides or calls the second court; or ends a case never drawn.
    function close(uint256 id, Dispute calldata dispute) external;

    // ---- reading

    function escrow() external view returns (address);

    function window() external view returns (uint64);

    function stakeToken() external view returns (address);

    /// @notice What a judge is paid for a case.
    function fee() external view returns (uint256);

    function ticketPrice() external view returns (uint256);

    /// @notice What an accusation costs: twice what both courts cost.
    function accuserBond() external view returns (uint256);

    function owed(address who) external view returns (uint256);

    /// @notice The present roll, and how many places it has, empty ones included.
    function roll() external view returns (uint256 number, uint256 places);

    /// @notice What a ticket earned by judging and nobody gathered yet.
    function earned(uint256 ticket) external view returns (uint256);

    function judgesOf(uint256 id) external view returns (address[] memory);
}
