// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Opening, Run} from "../../src/interfaces/IEscrow.sol";
import {Assignment, JobOrder, Messages, SessionKey} from "../../src/libraries/Messages.sol";
import {TestToken} from "../../src/TestToken.sol";
import {Signature} from "../../src/libraries/Signatures.sol";
import {MoodyToken} from "../utils/HostileTokens.sol";
import {Market} from "../utils/Market.sol";
import {Trees} from "../utils/Trees.sol";

/// @notice What the campaign's people have in their hands: orders, assignments, runs; and what it remembers of the contracts, so
/// that nothing goes back unseen. README.md beside this says the invariants in words; the numbers are its numbers.
abstract contract Parts is Market, Trees {
    uint256 internal constant FORGER = 4;
    uint256 internal constant MAX_ORDERS = 16;
    uint32 internal constant SEGMENTS = 3;
    bytes32 internal constant SECRET = "the hub's";

    address[2] internal builders;
    uint256[2] internal hubKeys;
    address[2] internal hubs;
    JobOrder[] internal orders;
    // worked out once: hashing, signing and deriving addresses is what would take the campaign's time
    bytes32[] internal orderHashes;
    Signature[] internal orderSignatures;
    mapping(uint256 order => mapping(uint256 party => bytes32)) internal assignmentHashes;
    mapping(uint256 order => mapping(uint256 party => uint256)) internal prices;
    mapping(uint256 order => mapping(uint256 party => uint32)) internal serials;
    mapping(bytes32 run => bytes) private _runs;
    uint32[5] internal serialOf = [1, 1, 1, 1, 1];

    // ---- what should be so
    string public broken;
    uint256 public minted;
    uint256 public reserved;
    uint256 public released;
    mapping(address who => uint256 amount) public free;
    mapping(uint256 order => mapping(uint256 party => uint256)) public epochPaid;
    mapping(uint256 order => bool) public carried;
    mapping(bytes32 what => bytes32) private _said;
    mapping(bytes32 what => uint256) private _high;

    function aToken() internal override returns (TestToken) {
        return new MoodyToken();
    }

    // ---- what it looks at

    /// @dev Keeps the first property that did not hold. A call must not revert for it: it would be as if it had not been.
    function broke(string memory what) internal {
        if (bytes(broken).length == 0) broken = what;
    }

    function needs(bool holds, string memory what) internal {
        if (!holds) broke(what);
    }

    function neverFalls(string memory what, bytes32 about, uint256 value) internal {
        bytes32 key = keccak256(abi.encode(what, about));
        needs(value >= _high[key], what);
        _high[key] = value;
    }

    /// @dev Once it was something, it is never something else.
    function stands(string memory what, bytes32 about, bytes32 value) internal {
        bytes32 key = keccak256(abi.encode(what, about));
        needs(_said[key] == 0 || _said[key] == value, what);
        _said[key] = value;
    }

    function stands(string memory what, bytes32 about, bool value) internal {
        stands(what, about, bytes32(uint256(value ? 1 : 0)));
    }

    /// @dev Everything about one order, after each call that concerns it.
    function look(uint256 which) internal {
        bytes32 orderHash = orderHashes[which];
        (uint256 sum, uint256 byEpoch) = (0, 0);
        for (uint256 i = 0; i < parties.length; ++i) {
            bytes32 hash = assignmentHashes[which][i];
            uint256 paid = escrow.paid(orderHash, hash);
            uint256 more = carried[which] ? 0 : epochPaid[which][i];
            needs(paid + more <= prices[which][i], "10: an assignment was paid more than its price");
            neverFalls("15: what an assignment was paid fell", hash, paid);
            stands("20: a burned bond is unburned", hash, escrow.bondBurned(hash));
            stands("21: a condemned run is not condemned", hash, escrow.condemned(hash));
            (sum, byEpoch) = (sum + paid, byEpoch + more);
        }
        uint256 spent = escrow.spent(orderHash);
        needs(spent == sum, "9: an order cost something else than its assignments were paid");
        needs(spent + byEpoch <= orders[which].maxPayment, "9: an order cost more than its maximum");
        neverFalls("16: what an order cost fell", orderHash, spent);
        stands("22: an approved order is not approved", orderHash, escrow.orderApproved(orderHash));
        for (uint32 b = 0; b <= SEGMENTS; ++b) {
            (bytes32 answer, uint64 openedAt) = escrow.agreed(orderHash, 0, b);
            bytes32 key = keccak256(abi.encode(orderHash, b));
            stands("17: an agreed answer changed", key, answer);
            stands("17: an answer's time changed", key, bytes32(uint256(openedAt)));
        }
    }

    // ---- orders, assignments, runs

    function newOrder(uint256 who, uint256 atHub, uint256 shape, uint256 maxPayment)
        internal
        view
        returns (JobOrder memory)
    {
        uint64 now_ = uint64(block.timestamp);
        return JobOrder({
            builder: builders[who],
            hub: hubs[atHub],
            jobId: bytes32(orders.length),
            specHash: keccak256("spec"),
            token: address(token),
            maxPayment: maxPayment,
            segments: shape % 4 == 0 ? 0 : SEGMENTS,
            quorum: uint8(1 + (shape >> 8) % 3),
            direct: (shape >> 16) % 4 != 0,
            validAfter: now_,
            deadline: now_ + uint64(bound(shape >> 32, W, MAX_ORDER))
        });
    }

    function assignmentOf(uint256 which, uint256 party) internal view returns (Assignment memory) {
        JobOrder storage order_ = orders[which];
        return Assignment({
            orderHash: orderHashes[which],
            // there is a handful of parties
            // forge-lint: disable-next-line(unsafe-typecast)
            attempt: uint32(party + 1),
            provider: parties[party].provider,
            owner: parties[party].wallet,
            role: 0,
            fromBorder: 0,
            toBorder: order_.segments,
            numericClass: which % 3 == 2 ? keccak256("some GPU") : Messages.STRICT_CLASS,
            price: prices[which][party],
            bond: BOND,
            secretHash: keccak256(abi.encode(SECRET)),
            issuedAt: order_.validAfter,
            leaseUntil: order_.validAfter + W
        });
    }

    function borderOf(uint256 which, uint256 seed) internal view returns (uint32) {
        if (orders[which].segments == 0) return 0;
        return seed % 2 == 0 ? SEGMENTS : uint32(1 + (seed >> 1) % SEGMENTS);
    }

    function keyOf(uint256 which, uint256 party) internal view returns (SessionKey memory key) {
        key = aKey(party);
        (key.hub, key.serial, key.expiresAt) = (orders[which].hub, serials[which][party], type(uint64).max);
    }

    /// @dev The forger lies from border 2 on, all others tell the truth.
    function runOf(uint256 which, uint256 party, uint32 border, bool isForged) internal returns (Run memory run) {
        bytes32 key = keccak256(abi.encode(which, party, border, isForged));
        if (_runs[key].length == 0) {
            JobOrder storage order_ = orders[which];
            hubKey = hubKeyOf(order_.hub);
            bool leaves = order_.segments != 0;
            bytes32 output = isForged ? FORGED : border == order_.segments ? OUTPUT : bytes32(0);
            bytes32 root = leaves ? rootOf(orderHashes[which], isForged) : bytes32(0);
            bytes32 salt = keccak256(abi.encode("salt", party));
            run =
                aRun(assignmentOf(which, party), party, Opening(border, root, leaves ? SEGMENTS + 1 : 0, output, salt));
            run.key = keyOf(which, party);
            signRun(run, party);
            _runs[key] = abi.encode(run);
        } else {
            run = abi.decode(_runs[key], (Run));
        }
        // a commitment that is on chain is shown without the hub's receipt, once the deadline allows it
        if (block.timestamp > orders[which].deadline && escrow.recordedAt(commitmentOf(run)) != 0) {
            run = withoutReceipt(run);
        }
    }

    function hubKeyOf(address hub_) internal view returns (uint256) {
        return hub_ == hubs[0] ? hubKeys[0] : hubKeys[1];
    }

    function give(address who, uint256 amount) internal {
        token.mint(who, amount);
        minted += amount;
    }

    // ---- reading

    function orderCount() external view returns (uint256) {
        return orders.length;
    }

    function orderHashAt(uint256 which) external view returns (bytes32) {
        return orderHashes[which];
    }

    function assignmentAt(uint256 which, uint256 party) external view returns (bytes32) {
        return assignmentHashes[which][party];
    }

    /// @dev What the campaign saw last; between its calls nothing may change.
    function lastPaid(uint256 which, uint256 party) external view returns (uint256) {
        return _high[keccak256(abi.encode("15: what an assignment was paid fell", assignmentHashes[which][party]))];
    }

    function lastSpent(uint256 which) external view returns (uint256) {
        return _high[keccak256(abi.encode("16: what an order cost fell", orderHashes[which]))];
    }

    function builderAt(uint256 i) public view returns (address) {
        return builders[i];
    }

    function hubAt(uint256 i) public view returns (address) {
        return hubs[i];
    }

    function ownerAt(uint256 i) public view returns (address) {
        return parties[i].wallet;
    }

    function contracts() external view returns (address, address, address, address) {
        return (address(token), address(escrow), address(registry), address(court));
    }
}
