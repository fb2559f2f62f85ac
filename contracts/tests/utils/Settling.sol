// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Agreement, Epoch, IEpochs} from "../../src/interfaces/IEpochs.sol";
import {Run} from "../../src/interfaces/IEscrow.sol";
import {Line} from "../../src/libraries/Lines.sol";
import {JobOrder} from "../../src/libraries/Messages.sol";
import {Ledgers} from "./Ledgers.sol";
import {Market} from "./Market.sol";
import {Encoded} from "./Encoded.sol";

/// @notice A market whose hub has a settler with an open book.
abstract contract Settling is Market, Ledgers {
    uint128 internal constant SETTLER_BOND = 1_000_000;
    uint256 internal constant DEMAND_BOND = SETTLER_BOND / 10_000;
    address internal settler = vm.addr(uint256(keccak256("perigee.test.settler")));
    address internal watchdog = vm.addr(uint256(keccak256("perigee.test.watchdog")));

    function setUp() public virtual override {
        super.setUp();
        fund(settler, SETTLER_BOND);
        fund(watchdog, 100 * DEMAND_BOND);
        openBook();
    }

    function openBook() internal {
        vm.prank(hub);
        epochs.appoint(settler, address(token));
        vm.prank(settler);
        epochs.open(hub, address(token), SETTLER_BOND);
    }

    function fund(address who, uint256 amount) internal {
        token.mint(who, amount);
        vm.startPrank(who);
        token.approve(address(escrow), amount);
        escrow.deposit(address(token), amount);
        vm.stopPrank();
    }

    // ---- an epoch

    function anEpochOrder(uint256 number) internal view returns (JobOrder memory order) {
        order = anOrder();
        (order.jobId, order.direct) = (keccak256(abi.encode("job", number)), false);
    }

    function epochOf(JobOrder memory order) internal pure returns (Epoch memory) {
        // forge-lint: disable-next-line(unsafe-typecast)
        return Epoch(order.hub, order.token, uint32(order.deadline / W));
    }

    function aLine(Run memory run, uint256 amount) internal view returns (Line memory) {
        // forge-lint: disable-next-line(unsafe-typecast)
        return Line(builder, run.assignment.orderHash, hashOf(run), run.assignment.owner, uint128(amount), 0);
    }

    // ---- calls, short

    /// @dev At the first moment.
    function post(Epoch memory epoch, Ledger memory ledger) internal {
        vm.warp((uint256(epoch.number) + 1) * W);
        vm.prank(settler);
        epochs.post(epoch.token, epoch.number, ledger.content.root, ledger.accounts.debits, ledger.accounts.credits);
    }

    /// @dev The number of the epoch that may be posted now.
    function due() internal view returns (uint32) {
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint32(block.timestamp / W - 1);
    }

    function settle(Epoch memory epoch, Ledger memory ledger) internal {
        epochs.settle(epoch, ledger.content, ledger.accounts);
    }

    function demandLine(Epoch memory epoch, Ledger memory ledger, uint32 index) internal returns (bytes32) {
        vm.prank(watchdog);
        epochs.demandLine(epoch, ledger.content, index);
        return bytes32(uint256(index));
    }

    function demandOrder(Epoch memory epoch, bytes32 orderHash) internal returns (bytes32) {
        vm.prank(watchdog);
        epochs.demandOrder(epoch, builder, orderHash);
        return orderKey(orderHash);
    }

    function orderKey(bytes32 orderHash) internal view returns (bytes32) {
        return keccak256(abi.encode(builder, orderHash));
    }

    function answer(Epoch memory epoch, Ledger memory ledger, bytes32 what, JobOrder memory order, Run[] memory runs)
        internal
    {
        bytes32 orderHash = digest(Encoded.hash(order));
        epochs.answer(
            epoch, ledger.content, what, stretchOf(ledger, order.builder, orderHash), order, signed(order), only(runs)
        );
    }

    function only(Run[] memory runs) internal pure returns (Agreement[] memory agreements) {
        agreements = new Agreement[](1);
        agreements[0] = Agreement(runs);
    }

    function carry(Epoch memory epoch, Ledger memory ledger, JobOrder memory order) internal {
        bytes32 orderHash = digest(Encoded.hash(order));
        epochs.carry(epoch, ledger.content, stretchOf(ledger, order.builder, orderHash), order);
    }

    function toWindow(Epoch memory epoch, uint256 windows) internal {
        vm.warp((uint256(epoch.number) + windows) * W);
    }

    function isState(Epoch memory epoch, IEpochs.State state) internal view returns (bool) {
        return epochs.stateOf(epoch) == state;
    }
}
