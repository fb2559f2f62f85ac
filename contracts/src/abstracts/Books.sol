// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Content, Epoch, IEpochs} from "../interfaces/IEpochs.sol";
import {IEscrow} from "../interfaces/IEscrow.sol";
import {Causes} from "../libraries/Causes.sol";

/// @title Books
/// @notice Settlers' books: their bonds, their pages, the times of an epoch, and who has demanded what.
///
/// A book has four pages, written over in turn, so that posting never pays for a new slot: epoch n stands on page n mod 4 and
/// is decided before epoch n + 4 can be posted.
abstract contract Books is IEpochs {
    /// @dev A page that waits for an epoch. A page of an unbonded book is zero.
    bytes24 private constant BLANK = bytes24(uint192(1));
    uint256 private constant PAGES = 4;
    /// @dev Of an epoch's demands so many cost a ten-thousandth of the bond each, and so many more each time twice as much.
    uint256 private constant DEMANDS_A_STEP = 16;
    /// @dev Where burned bonds go: a balance in the escrow that nobody can withdraw.
    address private constant ASHES = 0x000000000000000000000000000000000000dEaD;

    /// @param seal what was posted; `BLANK` when the page waits
    /// @param open demands not answered yet
    /// @param demanded how often, answered or not; 255 is that or more
    struct Page {
        bytes24 seal;
        uint32 number;
        uint24 open;
        uint8 demanded;
    }

    /// @param leavesAt 0 while the book is open; else from when the bond may leave, or a ruined book be opened again
    struct Book {
        address hub;
        uint64 leavesAt;
        uint128 bond;
        Page[4] pages;
    }

    struct Demand {
        address by;
        uint96 bond;
    }

    IEscrow internal immutable _escrow;
    uint64 public immutable window;

    mapping(address hub => mapping(address token => address settler)) private _settlers;
    mapping(address settler => mapping(address token => Book)) private _books;
    mapping(bytes32 epoch => mapping(bytes32 what => Demand)) private _demands;
    mapping(bytes32 epoch => bytes24 seal) private _settled;

    constructor(address escrow_, uint64 window_) {
        _escrow = IEscrow(escrow_);
        window = window_;
    }

    // ---- books

    /// @inheritdoc IEpochs
    function appoint(address settler, address token) external {
        // Check: the book of who was appointed before has ended.
        _checkEnded(_bookOf(msg.sender, token), token);
        // Effect
        _settlers[msg.sender][token] = settler;
        emit Appointed(msg.sender, token, settler);
    }

    /// @inheritdoc IEpochs
    function open(address hub, address token, uint128 bond) external {
        Book storage mine = _books[msg.sender][token];
        // Check: the hub wants it, and nothing of the book before is left.
        if (bond == 0) revert Causes.ZeroAmount();
        if (_settlers[hub][token] != msg.sender) revert Causes.NotAppointed(hub, token, msg.sender);
        _checkEnded(mine, token);
        // Effect
        (mine.hub, mine.bond, mine.leavesAt) = (hub, bond, 0);
        for (uint256 i = 0; i < PAGES; ++i) {
            mine.pages[i] = Page(BLANK, 0, 0, 0);
        }
        emit BookOpened(hub, token, msg.sender, bond);
        _escrow.move(token, msg.sender, address(this), bond);
    }

    /// @inheritdoc IEpochs
    function close(address settler, address token) external {
        Book storage theirs = _books[settler][token];
        // Check: one's own, or one's settler's, whose key may be lost; open, and nothing is on its way.
        if (msg.sender != settler && msg.sender != theirs.hub) {
            revert Causes.NotAppointed(theirs.hub, token, msg.sender);
        }
        if (theirs.leavesAt != 0 || theirs.bond == 0) revert Causes.BookClosed(settler, token);
        _checkBlank(theirs, token);
        // Effect
        delete theirs.pages;
        theirs.leavesAt = uint64(block.timestamp) + 9 * window;
        emit BookClosing(theirs.hub, token, theirs.leavesAt);
    }

    /// @inheritdoc IEpochs
    function withdrawBond(address settler, address token) external {
        Book storage theirs = _books[settler][token];
        uint128 bond = theirs.bond;
        // Check
        if (theirs.leavesAt == 0 || bond == 0) revert Causes.BookClosed(settler, token);
        if (block.timestamp < theirs.leavesAt) revert Causes.StillLocked(theirs.leavesAt, block.timestamp);
        // Effect
        theirs.bond = 0;
        _escrow.move(token, address(this), settler, bond);
    }

    // ---- demands

    /// @inheritdoc IEpochs
    function demandLine(Epoch calldata epoch, Content calldata content, uint32 index) external {
        _checkContent(epoch, content);
        // Check: there is such a line, so that an honest settler can always answer.
        if (index >= content.count) revert Causes.LineOutOfRange(index, 1, content.count);
        emit LineDemanded(epoch.hub, epoch.token, epoch.number, index, msg.sender);
        _demand(epoch, bytes32(uint256(index)));
    }

    /// @inheritdoc IEpochs
    function demandOrder(Epoch calldata epoch, address builder, bytes32 orderHash) external {
        emit OrderDemanded(epoch.hub, epoch.token, epoch.number, builder, orderHash, msg.sender);
        _demand(epoch, _orderKey(builder, orderHash));
    }

    /// @inheritdoc IEpochs
    function lapse(Epoch calldata epoch, bytes32 what) external {
        Demand memory theirs = _demands[_key(epoch)][what];
        // Check: demanded, and the epoch is void already, or its time to answer is over.
        if (theirs.by == address(0)) revert Causes.NotDemanded(what);
        Page storage page = _page(epoch);
        bool stands = page.number == epoch.number;
        uint256 until = _answersEnd(epoch);
        if (stands && block.timestamp < until) revert Causes.TooEarly(until, block.timestamp);
        // Effect
        delete _demands[_key(epoch)][what];
        _escrow.move(epoch.token, address(this), theirs.by, theirs.bond);
        if (stands) _ruin(epoch, theirs.by);
    }

    // ---- reading

    /// @inheritdoc IEpochs
    function escrow() external view returns (address) {
        return address(_escrow);
    }

    /// @inheritdoc IEpochs
    function book(address hub, address token) external view returns (address settler, uint128 bond, uint64 leavesAt) {
        Book storage theirs = _bookOf(hub, token);
        return (_settlers[hub][token], theirs.bond, theirs.leavesAt);
    }

    /// @inheritdoc IEpochs
    function demandBond(Epoch calldata epoch) external view returns (uint256) {
        Page storage page = _page(epoch);
        return _demandBond(_bookOf(epoch.hub, epoch.token), page.number == epoch.number ? page.demanded : 0);
    }

    /// @inheritdoc IEpochs
    function stateOf(Epoch calldata epoch) external view returns (State) {
        if (_settled[_key(epoch)] != 0) return State.Settled;
        Page storage page = _page(epoch);
        if (page.number != epoch.number || epoch.number == 0) return State.Nothing;
        if (_isFinal(page)) return State.Final;
        return block.timestamp < _answersEnd(epoch) || page.open == 0 ? State.Pending : State.Nothing;
    }

    // ---- inside

    function _demand(Epoch calldata epoch, bytes32 what) private {
        (Book storage theirs, Page storage page) = _pageOf(epoch);
        // Check: posted, not too late, not demanded already.
        uint256 until = (uint256(epoch.number) + 3) * window;
        if (block.timestamp >= until) revert Causes.TooLate(until, block.timestamp);
        Demand storage mine = _demands[_key(epoch)][what];
        if (mine.by != address(0)) revert Causes.DemandedAlready(what, mine.by);
        (uint24 open_, uint8 demanded) = (page.open, page.demanded);
        uint96 bond = _demandBond(theirs, demanded);
        // Effect
        (mine.by, mine.bond) = (msg.sender, bond);
        (page.open, page.demanded) = (open_ + 1, demanded < type(uint8).max ? demanded + 1 : demanded);
        _escrow.move(epoch.token, msg.sender, address(this), bond);
    }

    /// @dev The epoch of the window that ended last: so each is posted within one window, by the book's settler. One that
    /// comes later than it was meant to is not taken for the next.
    function _post(address token, uint32 number, Content memory content) internal {
        uint256 due = block.timestamp / window - 1;
        Page storage page = _books[msg.sender][token].pages[number % PAGES];
        // Check: its window's, bonded, and the page waits.
        if (number != due) revert Causes.EpochNotDue(number, due);
        if (page.seal == 0) revert Causes.BookClosed(msg.sender, token);
        if (page.number != 0) revert Causes.PageTaken(msg.sender, token, page.number);
        // Effect
        (page.seal, page.number) = (_seal(content), number);
    }

    /// @dev Pays the settler for its pains.
    function _answered(Epoch calldata epoch, bytes32 what) internal {
        Demand memory theirs = _demands[_key(epoch)][what];
        // Check: demanded, and not too late.
        if (theirs.by == address(0)) revert Causes.NotDemanded(what);
        uint256 until = _answersEnd(epoch);
        if (block.timestamp >= until) revert Causes.TooLate(until, block.timestamp);
        // Effect
        delete _demands[_key(epoch)][what];
        --_page(epoch).open;
        emit Answered(epoch.hub, epoch.token, epoch.number, what);
        _escrow.move(epoch.token, address(this), _settlers[epoch.hub][epoch.token], theirs.bond);
    }

    /// @dev Half the bond to who proved it, half to nobody; all that is not final is void.
    function _ruin(Epoch calldata epoch, address by) internal {
        Book storage theirs = _bookOf(epoch.hub, epoch.token);
        uint128 bond = theirs.bond;
        (theirs.bond, theirs.leavesAt) = (0, uint64(block.timestamp) + 4 * window);
        for (uint256 i = 0; i < PAGES; ++i) {
            if (theirs.pages[i].number == epoch.number || !_isFinal(theirs.pages[i])) delete theirs.pages[i];
        }
        emit BookRuined(epoch.hub, epoch.token, by, bond);
        _escrow.move(epoch.token, address(this), by, bond / 2);
        _escrow.move(epoch.token, address(this), ASHES, bond - bond / 2);
    }

    /// @dev Off its page, settled. A hub that let an allotment run short pays from its bond, and posts no more.
    /// @param short at most the bond
    function _takeOff(Epoch calldata epoch, uint256 short) internal {
        (Book storage theirs, Page storage page) = _pageOf(epoch);
        _settled[_key(epoch)] = page.seal;
        theirs.pages[epoch.number % PAGES] = Page(theirs.leavesAt == 0 ? BLANK : bytes24(0), 0, 0, 0);
        if (short == 0) return;
        // forge-lint: disable-next-line(unsafe-typecast)
        theirs.bond -= uint128(short);
        if (theirs.leavesAt == 0) theirs.leavesAt = uint64(block.timestamp) + 9 * window;
        for (uint256 i = 0; i < PAGES; ++i) {
            if (theirs.pages[i].number == 0) delete theirs.pages[i];
        }
    }

    /// @dev Posted and not yet decided, and this is what it says.
    function _checkContent(Epoch calldata epoch, Content calldata content) internal view {
        (, Page storage page) = _pageOf(epoch);
        if (_isFinal(page)) revert Causes.EpochFinal(epoch.number);
        if (page.seal != _seal(content)) revert Causes.ContentMismatch();
    }

    /// @dev Final, and this is what it says.
    function _checkFinal(Epoch calldata epoch, Content calldata content) internal view {
        (, Page storage page) = _pageOf(epoch);
        if (!_isFinal(page)) revert Causes.EpochNotFinal(epoch.number);
        if (page.seal != _seal(content)) revert Causes.ContentMismatch();
    }

    function _bondOf(Epoch calldata epoch) internal view returns (uint256) {
        return _bookOf(epoch.hub, epoch.token).bond;
    }

    function _checkSettled(Epoch calldata epoch, Content calldata content) internal view {
        if (_settled[_key(epoch)] != _seal(content)) revert Causes.ContentMismatch();
    }

    /// @dev Whether an epoch may still pay orders of this window, or has.
    function _mayPay(address hub, address token, uint256 number) internal view returns (bool) {
        uint256 now_ = block.timestamp / window;
        if (now_ <= number) return false;
        if (now_ == number + 1) return true;
        // forge-lint: disable-next-line(unsafe-typecast)
        Epoch memory epoch = Epoch(hub, token, uint32(number));
        if (_settled[_key(epoch)] != 0) return true;
        Page storage page = _bookOf(hub, token).pages[number % PAGES];
        return page.number == number && (now_ < number + 4 || page.open == 0);
    }

    function _isFinal(Page storage page) internal view returns (bool) {
        uint256 number = page.number;
        if (number == 0) return false;
        return page.demanded > 0
            ? page.open == 0 && block.timestamp >= (number + 4) * window
            : block.timestamp >= (number + 3) * window;
    }

    function _answersEnd(Epoch calldata epoch) internal view returns (uint256) {
        return (uint256(epoch.number) + 4) * window - window / 4;
    }

    function _key(Epoch memory epoch) internal pure returns (bytes32) {
        return keccak256(abi.encode(epoch));
    }

    function _orderKey(address builder, bytes32 orderHash) internal pure returns (bytes32) {
        return keccak256(abi.encode(builder, orderHash));
    }

    function _seal(Content memory content) internal pure returns (bytes24) {
        return bytes24(keccak256(abi.encode(content)));
    }

    /// @dev An empty one when the settler has none for this hub.
    function _bookOf(address hub, address token) private view returns (Book storage theirs) {
        theirs = _books[_settlers[hub][token]][token];
        if (theirs.hub != hub) theirs = _books[address(0)][address(0)];
    }

    function _checkBlank(Book storage theirs, address token) private view {
        for (uint256 i = 0; i < PAGES; ++i) {
            if (theirs.pages[i].number != 0) revert Causes.PageTaken(theirs.hub, token, theirs.pages[i].number);
        }
    }

    function _page(Epoch calldata epoch) private view returns (Page storage) {
        return _bookOf(epoch.hub, epoch.token).pages[epoch.number % PAGES];
    }

    function _pageOf(Epoch calldata epoch) private view returns (Book storage theirs, Page storage page) {
        theirs = _bookOf(epoch.hub, epoch.token);
        page = theirs.pages[epoch.number % PAGES];
        if (epoch.number == 0 || page.number != epoch.number) {
            revert Causes.NoSuchEpoch(epoch.hub, epoch.token, epoch.number);
        }
    }

    /// @dev Nothing of this book is on its way, and its time is over.
    function _checkEnded(Book storage theirs, address token) private view {
        if (theirs.hub == address(0)) return;
        if (theirs.leavesAt == 0 || theirs.bond != 0 || block.timestamp < theirs.leavesAt) {
            revert Causes.BookStillOpen(theirs.hub, token, theirs.leavesAt);
        }
        _checkBlank(theirs, token);
    }

    /// @dev So that who looks asks for little, and who asks for thousands of true lines pays for their answers. In parts of the bond:
    /// what one unit of a token is worth nobody can know here.
    function _demandBond(Book storage theirs, uint256 demanded) private view returns (uint96) {
        uint256 share = Math.ceilDiv(theirs.bond, 10_000) << (demanded / DEMANDS_A_STEP);
        uint256 most = Math.min(Math.ceilDiv(theirs.bond, 100), type(uint96).max);
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint96(Math.min(share, most));
    }
}
