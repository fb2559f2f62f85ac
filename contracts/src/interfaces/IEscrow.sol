// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Assignment, Commitment, JobOrder, Release, SessionKey} from "../libraries/Messages.sol";
import {Signature} from "../libraries/Signatures.sol";
import {Debit} from "./IEpochs.sol";

/// @notice What a provider sealed, shown. The seal is derived from it.
/// @param border how far it goes (the commitment's `toBorder`)
/// @param salt HMAC-SHA256(session key, assignmentHash || border)
struct Opening {
    uint32 border;
    bytes32 root;
    uint32 leafCount;
    bytes32 outputDigest;
    bytes32 salt;
}

/// @notice One provider's run of an order, with everything that proves it.
/// @param receivedAt of the hub's receipt
/// @param drawBlock of the hub's receipt
/// @param hubSignature the hub's, over the assignment
/// @param keySignature the owner's, over the session key; zeros when the key is recorded in the registry
/// @param acceptanceSignature the session key's
/// @param commitmentSignature the session key's
/// @param receiptSignature the hub's; zeros when the commitment was recorded on chain instead
struct Run {
    Assignment assignment;
    SessionKey key;
    Opening opening;
    uint64 receivedAt;
    uint64 drawBlock;
    Signature hubSignature;
    Signature keySignature;
    Signature acceptanceSignature;
    Signature commitmentSignature;
    Signature receiptSignature;
}

/// @notice One call of `release`, in a batch.
struct ReleaseCall {
    JobOrder order;
    Assignment assignment;
    Signature hubSignature;
    Release release;
    Signature signature;
}

/// @notice One call of `direct`, in a batch.
struct DirectCall {
    JobOrder order;
    Signature signature;
    Run[] agreeing;
    Run[] contradicting;
}

/// @title IEscrow
/// @notice Holds builders' money and pays for exactly what was proven.
///
/// A builder's money is in one of four places: its free balance; allotted to a hub; asked back from a hub, on its way;
/// reserved as a credit of an owner. An order draws only from what its builder allotted to its hub. Pay is counted per
/// assignment, cumulative, and never falls; all pay under one order is at most its `maxPayment`, and never more than 2^96 - 1.
/// An assignment is told from others of its order by the first 20 bytes of its hash.
///
/// Time is counted in seconds of the chain; W is `window()`.
interface IEscrow {
    event Deposited(address indexed builder, address indexed token, uint256 amount);
    event Withdrawn(address indexed builder, address indexed token, address indexed to, uint256 amount);
    event Allotted(address indexed builder, address indexed hub, address indexed token, uint256 amount, uint256 total);
    event Recalled(
        address indexed builder,
        address indexed hub,
        address indexed token,
        uint256 amount,
        uint256 left,
        uint64 availableAt
    );
    event Reclaimed(address indexed builder, address indexed hub, address indexed token, uint256 amount);
    event OrderApproved(bytes32 indexed orderHash, address indexed builder);
    /// @param allotted what is left of the allotment, without what is on its way back
    /// @param orderSpent all that this order has cost so far
    event Spent(
        bytes32 indexed orderHash,
        address indexed builder,
        address indexed hub,
        address token,
        uint256 amount,
        uint256 allotted,
        uint256 orderSpent
    );
    /// @param total all that this assignment has earned so far
    event Credited(
        bytes32 indexed orderHash,
        bytes32 indexed assignmentHash,
        address indexed owner,
        uint256 amount,
        uint256 total,
        uint64 maturesAt
    );
    event Released(
        bytes32 indexed orderHash, bytes32 indexed assignmentHash, address indexed payee, uint256 amount, uint256 total
    );
    event Collected(
        bytes32 indexed assignmentHash, address indexed owner, address indexed payee, address token, uint256 amount
    );
    event Charged(
        address indexed builder, address indexed hub, address indexed token, uint256 amount, uint256 allotted
    );
    event Moved(address indexed token, address indexed from, address indexed to, uint256 amount);
    /// @notice What an epoch paid for an assignment stands in the records now; the money moved when the epoch was settled.
    /// @param amount what the epoch's line says
    /// @param total all that this assignment has earned so far
    event PaidByEpoch(
        bytes32 indexed orderHash, bytes32 indexed assignmentHash, address indexed owner, uint256 amount, uint256 total
    );
    event Frozen(bytes32 indexed assignmentHash, bool yes);
    event CreditReturned(
        bytes32 indexed assignmentHash, address indexed builder, address indexed token, uint256 amount
    );
    event Agreed(
        bytes32 indexed orderHash, uint32 fromBorder, uint32 border, bytes32 root, bytes32 outputDigest, uint256 runs
    );
    event BondBurned(bytes32 indexed orderHash, bytes32 indexed assignmentHash, address indexed owner, uint256 amount);
    event CommitmentRecorded(
        bytes32 indexed assignmentHash, bytes32 indexed commitmentHash, uint32 toBorder, bytes32 seal, uint64 recordedAt
    );
    event OpeningRecorded(
        bytes32 indexed orderHash,
        bytes32 indexed assignmentHash,
        uint32 border,
        bytes32 root,
        bytes32 outputDigest,
        uint256 tally
    );

    // ---- a builder's money

    /// @notice Adds to the caller's free balance. Refuses a token that moves another amount than it is told to.
    function deposit(address token, uint256 amount) external;

    /// @notice The same with an ERC-2612 permit. A permit that somebody else already used does no harm: the allowance
    /// it gave is still there.
    function depositWithPermit(address token, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;

    /// @notice Takes from the caller's free balance.
    function withdraw(address token, address to, uint256 amount) external;

    /// @notice Sets part of the caller's free balance aside for the orders of one hub: at most 2^96 - 1 in all, what is on its way
    /// back included.
    function allot(address hub, address token, uint256 amount) external;

    /// @notice Asks an allotment back. It stops counting for new orders at once, still pays for older ones, and may
    /// leave after `recallTime`. Asking again starts the time again for all that is on its way.
    function recall(address hub, address token, uint256 amount) external;

    /// @notice Brings what `recall` asked back into the caller's free balance.
    function reclaim(address hub, address token) external returns (uint256 amount);

    // ---- paying

    /// @notice Signs an order by a transaction: the way of contract wallets. It cannot be taken back.
    function approveOrder(JobOrder calldata order) external returns (bytes32 orderHash);

    /// @notice Pays of the builder's own will, at once, into the free balance of the assignment's owner. The hub's assignment shows
    /// that the money was not promised to somebody else, so a builder cannot empty an allotment under running orders.
    /// @param release_ its payee is the owner; its amount is the total for the assignment, what was paid before is subtracted
    /// @param signature the builder's over `release_`; not looked at when the builder itself calls
    function release(
        JobOrder calldata order,
        Assignment calldata assignment,
        Signature calldata hubSignature,
        Release calldata release_,
        Signature calldata signature
    ) external;

    /// @notice Pays runs that agree, and burns the bonds of those that prove wrong. Anyone may call it: for an order
    /// marked `direct` until deadline + 6 W; for another from deadline + 4 W to deadline + 6 W.
    ///
    /// Agreement is an equal root and output digest for equal borders, of distinct owners. The first quorum for a pair of
    /// borders stands; after it any number of further agreeing runs may be shown. Until the deadline every run needs the
    /// hub's receipt; after it a commitment recorded in time is as good.
    ///
    /// The money is reserved at once and matures after W, or after 2 W when a run has no receipt. When the order's maximum
    /// or the allotment does not cover all that is due, each run gets its share, rounded down, and may be shown again.
    ///
    /// A contradicting run (same borders, another answer, everything else proven) costs its owner the bond named in its
    /// assignment, or what is left of the stake, once; only when it and a quorum of the agreeing are of the strict
    /// class, and the quorum is at least two.
    /// @param signature the builder's over the order; zeros when the order was approved on chain
    function direct(
        JobOrder calldata order,
        Signature calldata signature,
        Run[] calldata agreeing,
        Run[] calldata contradicting
    ) external;

    /// @notice Many releases in one transaction; all or none, but what was paid already is passed over: else whoever makes one
    /// of the calls first would undo all.
    function releaseAll(ReleaseCall[] calldata calls) external;

    /// @notice Many orders settled in one transaction; likewise.
    function directAll(DirectCall[] calldata calls) external;

    /// @notice Shows one run after the deadline, of an order not marked `direct` from deadline + 4 W; the contract counts, and
    /// pays all that agree when the quorum is reached. For providers whose hub fell silent.
    function open(JobOrder calldata order, Signature calldata signature, Run calldata run) external;

    /// @notice Fixes the time of a commitment on chain, for a provider whom the hub gives no receipt. It needs no
    /// signature: a seal is worth nothing to anyone but who signed it, and the signature is checked when it is opened.
    function recordCommitment(Commitment calldata commitment) external returns (bytes32 commitmentHash);

    /// @notice Moves matured credits to their owners' payees. Anyone may call it. One already collected is passed over.
    function collect(bytes32[] calldata assignmentHashes) external;

    // ---- for the epochs alone

    /// @notice Draws on allotments for an epoch, each as far as it goes, into the epochs' own balance; on none of them when all
    /// together come to less than that.
    /// @param least what they must come to
    /// @return taken 0 when they do not
    function charge(address hub, address token, Debit[] calldata debits, uint256 least) external returns (uint256 taken);

    /// @notice Moves between free balances. The epochs take from nobody but themselves and their callers.
    function move(address token, address from, address to, uint256 amount) external;

    /// @notice Notes that a settled epoch paid this for an assignment.
    function carry(bytes32 orderHash, bytes32 assignmentHash, address owner, uint256 amount) external;

    // ---- for the court alone

    /// @notice Makes one assignment's credit wait, or lets it go.
    function freeze(bytes32 assignmentHash, bool yes) external;

    /// @notice Gives an assignment's credit back to the builder, for ever: it earns nothing more by `direct` or `open`, and `direct`
    /// burns no bond for it. What its builder releases, or an epoch pays, it still has.
    /// @return burned whether `direct` has burned its bond before
    function condemn(bytes32 assignmentHash, address builder) external returns (bool burned);

    // ---- reading

    /// @notice The contract that judges disputes.
    function court() external view returns (address);

    /// @notice True while a dispute makes this credit wait.
    function frozen(bytes32 assignmentHash) external view returns (bool);

    /// @notice True when a court, or the fraud itself, proved this assignment's work wrong.
    function condemned(bytes32 assignmentHash) external view returns (bool);

    /// @notice The contract that pays many orders at once.
    function epochs() external view returns (address);

    function registry() external view returns (address);

    /// @notice The contract that decides what is proven.
    function evidence() external view returns (address);

    /// @notice W, in seconds.
    function window() external view returns (uint64);

    /// @notice The longest an order may live, in seconds.
    function maxOrder() external view returns (uint64);

    /// @notice Seconds from `recall` to `reclaim`: `maxOrder` + 9 W.
    function recallTime() external view returns (uint64);

    function balanceOf(address builder, address token) external view returns (uint256);

    /// @notice What counts for new orders, without what is on its way back.
    function allotment(address builder, address hub, address token) external view returns (uint256);

    /// @notice What is on its way back.
    function recalled(address builder, address hub, address token)
        external
        view
        returns (uint256 amount, uint64 availableAt);

    /// @notice All that an order has cost so far; 2^96 - 1 also when an epoch paid more.
    function spent(bytes32 orderHash) external view returns (uint256);

    /// @notice All that an assignment has earned so far, under this order, by whatever way.
    function paid(bytes32 orderHash, bytes32 assignmentHash) external view returns (uint256);

    /// @notice What is reserved for an assignment and not yet collected.
    /// @param matured may be collected now
    /// @param maturing may be collected from `maturesAt` on
    function credit(bytes32 assignmentHash)
        external
        view
        returns (address owner, address token, uint256 matured, uint256 maturing, uint64 maturesAt);

    /// @notice The answer that a quorum gave for these borders: keccak256(abi.encode(root, outputDigest)); 0: none yet.
    function agreed(bytes32 orderHash, uint32 fromBorder, uint32 border)
        external
        view
        returns (bytes32 answer, uint64 openedAt);

    /// @notice How many runs with this answer were opened singly.
    function tally(bytes32 orderHash, uint32 fromBorder, uint32 border, bytes32 root, bytes32 outputDigest)
        external
        view
        returns (uint256);

    function orderApproved(bytes32 orderHash) external view returns (bool);

    /// @notice 0 when it was never recorded.
    function recordedAt(bytes32 commitmentHash) external view returns (uint64);

    function bondBurned(bytes32 assignmentHash) external view returns (bool);

    function hashOrder(JobOrder calldata order) external view returns (bytes32);

    function hashAssignment(Assignment calldata assignment) external view returns (bytes32);

    function hashCommitment(Commitment calldata commitment) external view returns (bytes32);

    function domainSeparator() external view returns (bytes32);
}
