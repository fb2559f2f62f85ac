// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Causes
/// @notice Every cause to refuse, with the values that explain it. Not named Errors: OpenZeppelin has a library of that name, and Slither,
/// when both can be seen from a file, may take the one for the other and then leaves out the function that reverts.
library Causes {
    // ---- money

    error ZeroAddress();
    /// @dev More than its place in storage has room for.
    error AmountTooLarge(uint256 amount, uint256 room);
    error ZeroAmount();
    /// @dev The token moved another amount than it was told to (a fee, a rebase).
    error TransferNotExact(address token, uint256 expected, uint256 actual);
    error InsufficientBalance(address builder, address token, uint256 wanted, uint256 available);
    error InsufficientAllotment(address builder, address hub, address token, uint256 wanted, uint256 available);
    error StillLocked(uint256 availableAt, uint256 now_);
    error CreditImmature(bytes32 assignmentHash, uint256 maturesAt, uint256 now_);

    // ---- constructor

    error WindowOutOfRange(uint256 window, uint256 maxOrder);

    // ---- orders

    error NotTheBuilder(address builder, address caller);
    error OrderNotSigned(bytes32 orderHash, address builder);
    error OrderTooLong(uint64 validAfter, uint64 deadline, uint64 maxOrder);
    error OrderNotYetValid(uint64 validAfter, uint256 now_);
    error OrderNotOpen(bytes32 orderHash, uint256 opensAt, uint256 now_);
    error OrderOver(bytes32 orderHash, uint256 endedAt, uint256 now_);
    error QuorumZero(bytes32 orderHash);
    error MaxPaymentReached(bytes32 orderHash, uint256 maxPayment, uint256 wanted);

    // ---- evidence

    error OrderMismatch(bytes32 expected, bytes32 actual);
    error RoleNotPaid(bytes32 assignmentHash, uint8 role);
    error BordersOutOfRange(bytes32 assignmentHash, uint32 fromBorder, uint32 border, uint32 toBorder, uint32 segments);
    error LeavesOutOfPlace(bytes32 assignmentHash, uint32 segments, bytes32 root, uint32 leafCount);
    error LeaseOutOfOrder(
        bytes32 assignmentHash, uint64 issuedAt, uint64 leaseUntil, uint64 validAfter, uint64 deadline
    );
    error HubNotSigned(bytes32 assignmentHash, address hub);
    error ProviderNotOwned(bytes32 provider, address named, address actual);
    error KeyMismatch(bytes32 assignmentHash);
    error KeyNotInForce(bytes32 assignmentHash, uint64 notBefore, uint64 issuedAt, uint64 expiresAt);
    error KeyRevoked(bytes32 provider, uint32 serial, uint64 revokedAt, uint64 issuedAt);
    error KeyNotSigned(bytes32 keyHash, address owner);
    error AcceptanceNotSigned(bytes32 assignmentHash, address key);
    /// @dev Also what an opening gets that is not the one sealed: the seal is derived from the opening.
    error CommitmentNotSigned(bytes32 assignmentHash, bytes32 seal, address key);
    error VerdictNotSigned(bytes32 assignmentHash, bytes32 commitmentHash, address key);
    error ReceiptNotSigned(bytes32 commitmentHash, address hub);
    error ReceiptLate(bytes32 commitmentHash, uint64 receivedAt, uint64 leaseUntil);
    error ReceiptMissing(bytes32 commitmentHash, uint64 deadline);
    error CommitmentNotRecorded(bytes32 commitmentHash);
    error CommitmentRecordedLate(bytes32 commitmentHash, uint64 recordedAt, uint64 deadline);
    error CommitmentAlreadyRecorded(bytes32 commitmentHash, uint64 recordedAt);
    error CommittedAfterOpening(bytes32 assignmentHash, uint64 committedAt, uint64 openedAt);

    // ---- agreement

    error QuorumNotReached(bytes32 orderHash, uint256 quorum, uint256 shown);
    error AnswersDiffer(bytes32 assignmentHash);
    error OwnerTwice(address owner, bytes32 assignmentHash, bytes32 counted);
    error AnswerAlreadyAgreed(bytes32 orderHash, uint32 fromBorder, uint32 border, bytes32 agreed);
    error OpenedOtherwise(bytes32 assignmentHash, uint32 border, bytes32 before);
    error OpeningAlreadyRecorded(bytes32 assignmentHash, uint32 border);
    error OpeningTooEarly(bytes32 orderHash, uint64 deadline, uint256 now_);
    error NoContradiction(bytes32 assignmentHash);
    error NothingToDo(bytes32 orderHash);

    // ---- epochs

    error NotTheEpochs(address caller);
    error PartMismatch(address part);
    error NotAppointed(address hub, address token, address settler);
    error BookClosed(address settler, address token);
    error BookStillOpen(address hub, address token, uint256 leavesAt);
    error PageTaken(address hub, address token, uint32 number);
    error EpochNotDue(uint32 number, uint256 due);
    error NoSuchEpoch(address hub, address token, uint32 number);
    error EpochFinal(uint32 number);
    error EpochNotFinal(uint32 number);
    error TooManyAccounts(uint256 debits, uint256 credits);
    error AccountsOutOfOrder(uint256 index);
    error AccountsUnbalanced(uint256 debited, uint256 credited);
    error LineOutOfRange(uint256 index, uint256 length, uint256 count);
    error LineNotProven(uint256 index, bytes32 root);
    error LinesLeftOut(bytes32 orderHash);
    error ContentMismatch();
    error DemandedAlready(bytes32 what, address by);
    error NotDemanded(bytes32 what);
    error NotWhatWasDemanded(bytes32 what);
    error TooLate(uint256 until, uint256 now_);
    error TooEarly(uint256 from, uint256 now_);
    error NoFault();
    error OrderOfAnotherEpoch(bytes32 orderHash, address hub, address token, uint32 number);
    /// @dev An epoch may still pay it, or has and nobody carried what it paid.
    error OrderInEpoch(bytes32 orderHash);

    // ---- court

    error NotTheCourt(address caller);
    error CreditFrozen(bytes32 assignmentHash);
    error Condemned(bytes32 assignmentHash);
    error CondemnedAlready(bytes32 assignmentHash);
    error JudgedAlready(bytes32 assignmentHash, bytes32 segment);
    error BorderNotAnsweredFor(bytes32 assignmentHash, uint32 border);
    error LeafNotProven(bytes32 leaf, bytes32 root);
    error NoSuchCase(uint256 id);
    /// @dev The case is about something else than what was shown.
    error DisputeMismatch(uint256 id);
    error DrawnAlready(uint256 id);
    error NoBlockHash(uint256 drawBlock, uint256 now_);
    error NotTheJudge(address caller);
    error VotedAlready(uint256 id, uint256 seat);
    error NotTheVote(uint256 id, uint256 seat);
    error TicketsOutOfRange(uint256 count);
    error TicketServes(uint256 ticket);
    error NoSuchTicket(uint256 ticket);
    error StakeHeld(address owner, uint256 disputes);

    // ---- release

    error ReleaseNotSigned(bytes32 orderHash, address builder);
    error AssignmentMismatch(bytes32 expected, bytes32 actual);
    error PayeeMismatch(address payee, address owner);
    error AmountBelowShare(bytes32 assignmentHash, uint256 amount, uint256 share);
    error AmountAbovePrice(bytes32 assignmentHash, uint256 amount, uint256 price);

    // ---- registry

    error NotTheEscrow(address caller);
    error NotTheOwner(bytes32 provider, address owner, address caller);
    error ProviderAlreadyRegistered(bytes32 provider);
    error KeyAlreadyRecorded(bytes32 keyHash);
    error KeyAlreadyRevoked(bytes32 provider, uint32 serial, uint64 revokedAt);
    error InsufficientStake(address owner, uint256 wanted, uint256 available);
}
