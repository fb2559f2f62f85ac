// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Line, Stretch} from "../libraries/Lines.sol";
import {JobOrder} from "../libraries/Messages.sol";
import {Signature} from "../libraries/Signatures.sol";
import {Run} from "./IEscrow.sol";

/// @notice What one builder pays by an epoch.
/// @param lines how many of the epoch's lines are its: they stand together, in the order of the debits
struct Debit {
    address builder;
    uint32 lines;
    uint128 amount;
}

/// @notice What one owner earns by an epoch.
struct Credit {
    address owner;
    uint128 amount;
}

/// @notice All that an epoch pays, as it was posted.
struct Accounts {
    Debit[] debits;
    Credit[] credits;
}

/// @notice Lines from anywhere in an epoch, in ascending order.
struct Scattered {
    uint32[] indices;
    Line[] lines;
    bytes32[] proofs;
}

/// @notice What `direct` would be shown for one pair of borders.
struct Agreement {
    Run[] runs;
}

/// @notice An epoch: the hub's orders, not marked `direct`, whose deadlines fall into one window.
/// @param number the window's: deadline / W, rounded down
struct Epoch {
    address hub;
    address token;
    uint32 number;
}

/// @notice What a posted epoch commits to.
/// @param root of the lines
/// @param count how many lines there are
/// @param accounts keccak256(abi.encode(debits, credits))
struct Content {
    bytes32 root;
    uint32 count;
    bytes32 accounts;
}

/// @title IEpochs
/// @notice Pays thousands of jobs by one transaction, optimistically about exactly what `Escrow.direct` checks.
///
/// An order belongs to one epoch alone: that of its hub, its token and the window of W in which its deadline falls. So no
/// order can be in two. With n the window's number, the settler posts epoch n in [(n+1) W, (n+2) W); anyone may demand a line
/// or an order until (n+3) W; the settler answers on chain until (n+4) W - W/4, with evidence that is asked of the same
/// contract and function as `direct`'s; accusations are heard until it is final. It is final at (n+3) W when nothing was
/// demanded, else at (n+4) W when all was answered, and void otherwise. Then anyone settles it: builders' allotments are drawn
/// on, and owners have their money in their free balance in the escrow.
///
/// A proven fault or an unanswered demand ruins the book: all its epochs not final are void, the bond is gone.
interface IEpochs {
    event Appointed(address indexed hub, address indexed token, address indexed settler);
    event BookOpened(address indexed hub, address indexed token, address indexed settler, uint256 bond);
    event BookClosing(address indexed hub, address indexed token, uint64 leavesAt);
    event BookRuined(address indexed hub, address indexed token, address indexed by, uint256 bond);
    /// @param accounts abi.encode(debits, credits)
    event Posted(address indexed settler, address indexed token, uint32 number, bytes32 root, bytes accounts);
    event LineDemanded(address indexed hub, address indexed token, uint32 number, uint32 index, address by);
    event OrderDemanded(
        address indexed hub, address indexed token, uint32 number, address builder, bytes32 orderHash, address by
    );
    event Answered(address indexed hub, address indexed token, uint32 number, bytes32 what);
    /// @param covered what of the amount came out of the bond
    event Settled(address indexed hub, address indexed token, uint32 number, uint256 amount, uint256 covered);
    /// @param orderSpent all that this order has cost so far, by whatever way
    event Carried(
        bytes32 indexed orderHash,
        address indexed builder,
        address indexed hub,
        address token,
        uint256 lines,
        uint256 orderSpent
    );

    // ---- a settler's book

    /// @notice The calling hub says who settles its orders in this token. Not while another's book for it is open.
    function appoint(address settler, address token) external;

    /// @notice Opens the caller's book for a hub that appointed it. The bond is taken from the caller's free balance in the
    /// escrow; of an epoch's demands the first 16 cost a ten-thousandth of it each, each further 16 twice as much, at most a hundredth.
    function open(address hub, address token, uint128 bond) external;

    /// @notice Ends a book, when no epoch is on its way: the settler's call, or its hub's, which a lost key would else bind for
    /// ever. The bond may leave after 9 W; until then it answers for shortfalls.
    function close(address settler, address token) external;

    /// @notice Brings the bond of a closed book into its settler's free balance. Anyone may call it: until it is out, the hub
    /// cannot appoint another.
    function withdrawBond(address settler, address token) external;

    // ---- an epoch

    /// @notice Posts the epoch of the window that ended last. Builders and owners in ascending order, none twice, none with
    /// nothing; the debits come to the same as the credits; at most `MAX_ACCOUNTS` of both.
    /// @param number of that window: what is mined in a later one is refused
    /// @param root of the lines, as {Lines} has them
    function post(address token, uint32 number, bytes32 root, Debit[] calldata debits, Credit[] calldata credits)
        external;

    /// @notice Demands a line by its index. Takes the demand's bond from the caller's free balance in the escrow.
    function demandLine(Epoch calldata epoch, Content calldata content, uint32 index) external;

    /// @notice Demands an order's lines, or the proof that it has none.
    function demandOrder(Epoch calldata epoch, address builder, bytes32 orderHash) external;

    /// @notice Answers a demand: all lines of one order, those around them, and the order's evidence. The demand's bond goes
    /// to the settler. Anyone may call it.
    /// @param what `bytes32(index)`, or for an order `keccak256(abi.encode(builder, orderHash))`
    /// @param signature the builder's over the order; zeros when the order was approved on chain
    /// @param agreements one for each pair of borders that lines are paid for
    function answer(
        Epoch calldata epoch,
        Content calldata content,
        bytes32 what,
        Stretch calldata shown,
        JobOrder calldata order,
        Signature calldata signature,
        Agreement[] calldata agreements
    ) external;

    /// @notice The same when the epoch has no line of the order demanded.
    function answerNone(
        Epoch calldata epoch,
        Content calldata content,
        Stretch calldata shown,
        address builder,
        bytes32 orderHash
    ) external;

    /// @notice Ends a demand that nobody answered in time. Its bond goes back; if it is what makes the epoch void, half the
    /// settler's bond goes to who demanded.
    function lapse(Epoch calldata epoch, bytes32 what) external;

    /// @notice Shows lines that do not follow each other: out of order, twice, or with a wrong sum. Two are enough.
    function accuseLines(Epoch calldata epoch, Content calldata content, Stretch calldata shown) external;

    /// @notice Shows that a builder's last line is not what it is debited.
    /// @param which the debit's index
    function accuseDebit(
        Epoch calldata epoch,
        Content calldata content,
        Accounts calldata accounts,
        uint256 which,
        Line calldata line,
        bytes32[] calldata proof
    ) external;

    /// @notice Shows lines of an owner that come to more than it is credited. Lines may be shown in several calls, in
    /// ascending order; their sum is kept, of each caller apart.
    /// @return sum what the lines shown so far come to
    function accuseCredit(
        Epoch calldata epoch,
        Content calldata content,
        Accounts calldata accounts,
        address owner,
        Scattered calldata shown
    ) external returns (uint256 sum);

    /// @notice Pays a final epoch whole, or voids it. What allotments lack falls on the bond. When that is not enough, nobody is
    /// charged or paid, and the book is ruined as by a fault that the caller showed: owners go by `direct`, each to its own
    /// builder. Anyone may call it; whoever waits for its pay should before (n+5) W, so that `direct` has a window left.
    function settle(Epoch calldata epoch, Content calldata content, Accounts calldata accounts) external;

    /// @notice Writes what a settled epoch paid under an order to the escrow's records, after which `direct`, `open` and
    /// `release` pay only what is still due. Shows all lines of the order, or that there are none.
    function carry(Epoch calldata epoch, Content calldata content, Stretch calldata shown, JobOrder calldata order)
        external;

    // ---- reading

    function escrow() external view returns (address);

    function window() external view returns (uint64);

    /// @notice False while an epoch may still pay an order, or has and its payment was not carried.
    function free(address hub, address token, uint64 deadline, bytes32 orderHash) external view returns (bool);

    /// @notice A hub's book.
    function book(address hub, address token) external view returns (address settler, uint128 bond, uint64 leavesAt);

    /// @notice What the next demand of an epoch costs.
    function demandBond(Epoch calldata epoch) external view returns (uint256);

    /// @notice Where an epoch stands: nothing posted (or void), on its way, final, settled.
    function stateOf(Epoch calldata epoch) external view returns (State);

    enum State {
        Nothing,
        Pending,
        Final,
        Settled
    }
}
