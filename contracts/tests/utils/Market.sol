// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {Court} from "../../src/Court.sol";
import {Epochs} from "../../src/Epochs.sol";
import {Escrow} from "../../src/Escrow.sol";
import {Evidence} from "../../src/Evidence.sol";
import {ProviderRegistry} from "../../src/ProviderRegistry.sol";
import {TestToken} from "../../src/TestToken.sol";
import {Opening, Run} from "../../src/interfaces/IEscrow.sol";
import {
    Acceptance,
    Assignment,
    Commitment,
    JobOrder,
    Messages,
    Receipt,
    Release,
    SessionKey,
    Verdict
} from "../../src/libraries/Messages.sol";
import {Signature} from "../../src/libraries/Signatures.sol";
import {Vm} from "./Vm.sol";
import {Encoded} from "./Encoded.sol";

/// @notice A market with a builder, a hub and five owners, and the messages that they sign. What it makes is valid; a test
/// names only what matters to it.
abstract contract Market {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    struct Party {
        uint256 walletKey;
        address wallet;
        uint256 sessionKey;
        address session;
        bytes32 provider;
    }

    uint64 internal constant T0 = 1_790_000_000;
    uint64 internal constant W = 1 days;
    uint64 internal constant MAX_ORDER = 7 days;
    uint256 internal constant PRICE = 1_000_000;
    uint256 internal constant BOND = 300_000;
    uint256 internal constant STAKE = 1_000_000;
    uint256 internal constant FEE = 1_000;
    uint256 internal constant TICKET = 50_000;
    uint256 internal constant FUNDS = 100_000_000;
    uint256 internal constant ALLOTTED = 50_000_000;
    bytes32 internal constant ROOT = keccak256("root");
    bytes32 internal constant OUTPUT = keccak256("output");
    bytes32 internal constant FORGED = keccak256("forged");
    address internal constant ASHES = 0x000000000000000000000000000000000000dEaD;

    uint256 internal builderKey = uint256(keccak256("perigee.test.builder"));
    uint256 internal hubKey = uint256(keccak256("perigee.test.hub"));
    address internal builder = vm.addr(builderKey);
    address internal hub = vm.addr(hubKey);
    address internal stranger = vm.addr(uint256(keccak256("perigee.test.stranger")));

    TestToken internal token;
    Escrow internal escrow;
    Epochs internal epochs;
    Court internal court;
    Evidence internal evidence;
    ProviderRegistry internal registry;
    Party[5] internal parties;

    function setUp() public virtual {
        vm.warp(T0);
        vm.chainId(31337);
        token = aToken();
        escrow = anEscrow(address(token), W, MAX_ORDER);
        epochs = Epochs(escrow.epochs());
        court = Court(escrow.court());
        registry = ProviderRegistry(escrow.registry());
        evidence = Evidence(escrow.evidence());
        token.mint(builder, FUNDS);
        vm.startPrank(builder);
        token.approve(address(escrow), FUNDS);
        escrow.deposit(address(token), FUNDS);
        escrow.allot(hub, address(token), ALLOTTED);
        vm.stopPrank();
        for (uint256 i = 0; i < parties.length; ++i) {
            parties[i] = _party(i);
        }
    }

    function aToken() internal virtual returns (TestToken) {
        return new TestToken();
    }

    /// @dev The epochs and the court come first, made for the escrow's address to be.
    function anEscrow(address stakeToken, uint64 window, uint64 maxOrder) internal returns (Escrow) {
        address next = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 2);
        Epochs first = new Epochs(next, window);
        return new Escrow(stakeToken, window, maxOrder, first, new Court(next, stakeToken, window, FEE, TICKET));
    }

    function _party(uint256 number) private returns (Party memory party) {
        party.walletKey = uint256(keccak256(abi.encode("owner", number)));
        party.sessionKey = uint256(keccak256(abi.encode("session", number)));
        party.wallet = vm.addr(party.walletKey);
        party.session = vm.addr(party.sessionKey);
        token.mint(party.wallet, STAKE);
        vm.startPrank(party.wallet);
        token.approve(address(registry), STAKE);
        registry.stake(STAKE);
        party.provider = registry.register(bytes32(number));
        vm.stopPrank();
    }

    // ---- orders and assignments

    function anOrder() internal view returns (JobOrder memory) {
        return JobOrder({
            builder: builder,
            hub: hub,
            jobId: keccak256("job"),
            specHash: keccak256("spec"),
            token: address(token),
            maxPayment: 10 * PRICE,
            segments: 30,
            quorum: 2,
            direct: true,
            validAfter: T0,
            deadline: T0 + 2 * W
        });
    }

    function anAssignment(JobOrder memory order, uint256 party) internal view returns (Assignment memory) {
        return Assignment({
            orderHash: escrow.hashOrder(order),
            // there is a handful of parties
            // forge-lint: disable-next-line(unsafe-typecast)
            attempt: uint32(party + 1),
            provider: parties[party].provider,
            owner: parties[party].wallet,
            role: 0,
            fromBorder: 0,
            toBorder: order.segments,
            numericClass: Messages.STRICT_CLASS,
            price: PRICE,
            bond: BOND,
            secretHash: keccak256("secret"),
            issuedAt: order.validAfter,
            leaseUntil: order.validAfter + W
        });
    }

    function aKey(uint256 party) internal view returns (SessionKey memory) {
        return SessionKey({
            owner: parties[party].wallet,
            provider: parties[party].provider,
            key: parties[party].session,
            hub: hub,
            serial: 1,
            notBefore: T0 - 1,
            expiresAt: T0 + 30 days
        });
    }

    function anOpening(uint32 border, bytes32 root, bytes32 output) internal pure returns (Opening memory) {
        return Opening(border, root, border, output, keccak256(abi.encode("salt", border)));
    }

    // ---- runs

    /// @dev A run of the whole job with the common answer.
    function aRun(JobOrder memory order, uint256 party) internal view returns (Run memory) {
        return aRun(order, party, order.segments, ROOT, OUTPUT);
    }

    function aRun(JobOrder memory order, uint256 party, uint32 border, bytes32 root, bytes32 output)
        internal
        view
        returns (Run memory)
    {
        return aRun(anAssignment(order, party), party, anOpening(border, root, output));
    }

    function aRun(Assignment memory assignment, uint256 party, Opening memory opening)
        internal
        view
        returns (Run memory run)
    {
        run.assignment = assignment;
        run.key = aKey(party);
        run.opening = opening;
        run.receivedAt = assignment.issuedAt;
        run.drawBlock = 7;
        signRun(run, party);
    }

    /// @dev Signs all that a run says, by who must sign it. A test that changes a field signs again, or not.
    function signRun(Run memory run, uint256 party) internal view {
        bytes32 assignmentHash = digest(Encoded.hash(run.assignment));
        run.hubSignature = sign(hubKey, assignmentHash);
        run.keySignature = sign(parties[party].walletKey, digest(Encoded.hash(run.key)));
        run.acceptanceSignature = sign(parties[party].sessionKey, digest(Encoded.hash(Acceptance(assignmentHash))));
        bytes32 commitmentHash = commitmentOf(run);
        run.commitmentSignature = sign(parties[party].sessionKey, commitmentHash);
        run.receiptSignature =
            sign(hubKey, digest(Encoded.hash(Receipt(commitmentHash, run.receivedAt, run.drawBlock))));
    }

    /// @dev An auditor's verdict that the run is right, in a run's form.
    function aVerdict(JobOrder memory order, uint256 party, Run memory upon)
        internal
        view
        returns (Run memory verdict)
    {
        Assignment memory assignment = anAssignment(order, party);
        (assignment.role, assignment.price) = (Messages.AUDITOR, PRICE / 10);
        verdict.assignment = assignment;
        verdict.key = aKey(party);
        Opening memory o = upon.opening;
        verdict.opening = Opening(o.border, o.root, o.leafCount, o.outputDigest, 0);
        signRun(verdict, party);
        verdict.receiptSignature = unsigned();
        verdict.commitmentSignature = sign(parties[party].sessionKey, digest(Encoded.hash(verdictOf(verdict, upon))));
    }

    function verdictOf(Run memory verdict, Run memory upon) internal view returns (Verdict memory) {
        Opening memory o = verdict.opening;
        return Verdict(hashOf(verdict), commitmentOf(upon), o.root, o.outputDigest, o.border);
    }

    function commitment(Run memory run) internal view returns (Commitment memory) {
        Opening memory o = run.opening;
        bytes32 assignmentHash = digest(Encoded.hash(run.assignment));
        return Commitment(
            assignmentHash,
            o.border,
            Messages.seal(assignmentHash, o.border, o.root, o.leafCount, o.outputDigest, o.salt)
        );
    }

    function commitmentOf(Run memory run) internal view returns (bytes32) {
        return digest(Encoded.hash(commitment(run)));
    }

    function hashOf(Run memory run) internal view returns (bytes32) {
        return digest(Encoded.hash(run.assignment));
    }

    function withoutReceipt(Run memory run) internal pure returns (Run memory) {
        run.receiptSignature = unsigned();
        (run.receivedAt, run.drawBlock) = (0, 0);
        return run;
    }

    function aReleaseOf(Run memory run, uint256 amount) internal view returns (Release memory) {
        return Release(run.assignment.orderHash, hashOf(run), run.assignment.owner, amount);
    }

    function none() internal pure returns (Run[] memory) {
        return new Run[](0);
    }

    function list(Run memory a) internal pure returns (Run[] memory runs) {
        runs = new Run[](1);
        runs[0] = a;
    }

    function list(Run memory a, Run memory b) internal pure returns (Run[] memory runs) {
        runs = new Run[](2);
        (runs[0], runs[1]) = (a, b);
    }

    function list(Run memory a, Run memory b, Run memory c) internal pure returns (Run[] memory runs) {
        runs = new Run[](3);
        (runs[0], runs[1], runs[2]) = (a, b, c);
    }

    function hashes(Run memory a) internal view returns (bytes32[] memory all) {
        all = new bytes32[](1);
        all[0] = hashOf(a);
    }

    function hashes(Run memory a, Run memory b) internal view returns (bytes32[] memory all) {
        all = new bytes32[](2);
        (all[0], all[1]) = (hashOf(a), hashOf(b));
    }

    // ---- signing

    function digest(bytes32 structHash) internal view returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(Messages.domainSeparator(address(escrow)), structHash);
    }

    function sign(uint256 key, bytes32 digest_) internal pure returns (Signature memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest_);
        return Signature(r, bytes32(uint256(s) | uint256(v - 27) << 255));
    }

    function unsigned() internal pure returns (Signature memory) {
        return Signature(0, 0);
    }

    function signedBy(uint256 key, JobOrder memory order) internal view returns (Signature memory) {
        return sign(key, digest(Encoded.hash(order)));
    }

    function signed(JobOrder memory order) internal view returns (Signature memory) {
        return signedBy(builderKey, order);
    }

    function signed(Release memory release_) internal view returns (Signature memory) {
        return sign(builderKey, digest(Encoded.hash(release_)));
    }

    /// @dev The other valid s for the same signature, as far as it fits: it is above 2^255, where the parity stands.
    function highS(Signature memory signature) internal pure returns (Signature memory) {
        uint256 n = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
        return Signature(signature.r, bytes32(n - (uint256(signature.vs) & type(uint256).max >> 1)));
    }

    /// @dev By the same key, but for the parity.
    function otherParity(Signature memory signature) internal pure returns (Signature memory) {
        return Signature(signature.r, signature.vs ^ bytes32(uint256(1) << 255));
    }

    // ---- calls, short

    function direct(JobOrder memory order, Run[] memory agreeing) internal {
        escrow.direct(order, signed(order), agreeing, none());
    }

    function direct(JobOrder memory order, Run[] memory agreeing, Run[] memory contradicting) internal {
        escrow.direct(order, signed(order), agreeing, contradicting);
    }

    function expect(bytes memory reason) internal {
        vm.expectRevert(reason);
    }

    function paid(Run memory run) internal view returns (uint256) {
        return escrow.paid(run.assignment.orderHash, hashOf(run));
    }

    function bound(uint256 x, uint256 low, uint256 high) internal pure returns (uint256) {
        return low + x % (high - low + 1);
    }
}
