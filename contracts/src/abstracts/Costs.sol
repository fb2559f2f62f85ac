// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IEscrow} from "../interfaces/IEscrow.sol";

/// @title Costs
/// @notice What each order has cost, and each of its assignments earned, by whatever way.
abstract contract Costs is IEscrow {
    using SafeCast for uint256;

    /// @dev One slot as long as an order paid one assignment alone: what that earned is what the order cost.
    /// @param sole that assignment, by the first 20 bytes of its hash; 0 when there are several
    struct Cost {
        uint96 spent;
        bytes20 sole;
    }

    /// @dev No allotment is more, and no order costs more, whatever it says.
    uint256 internal constant MOST = type(uint96).max;

    mapping(bytes32 orderHash => Cost) private _costs;
    /// @dev Of orders that paid several.
    mapping(bytes32 orderHash => mapping(bytes20 assignment => uint256 amount)) private _paid;

    /// @inheritdoc IEscrow
    function spent(bytes32 orderHash) public view returns (uint256) {
        return _costs[orderHash].spent;
    }

    /// @inheritdoc IEscrow
    function paid(bytes32 orderHash, bytes32 assignmentHash) public view returns (uint256) {
        Cost memory cost = _costs[orderHash];
        bytes20 name = _name(assignmentHash);
        return cost.spent == 0 || cost.sole == name ? cost.spent : _paid[orderHash][name];
    }

    /// @dev Adds to what an assignment earned and its order cost. An epoch's line may say more than an order can cost.
    function _note(bytes32 orderHash, bytes32 assignmentHash, uint256 amount) internal returns (uint256 total) {
        Cost memory cost = _costs[orderHash];
        bytes20 name = _name(assignmentHash);
        total = amount;
        if (cost.spent == 0) {
            cost.sole = name;
        } else if (cost.sole == name) {
            total += cost.spent;
        } else {
            if (cost.sole != 0) {
                _paid[orderHash][cost.sole] = cost.spent;
                cost.sole = 0;
            }
            total += _paid[orderHash][name];
            _paid[orderHash][name] = total;
        }
        cost.spent = Math.min(cost.spent + amount, MOST).toUint96();
        _costs[orderHash] = cost;
    }

    /// @dev 20 bytes tell an assignment from others of its order as well as they tell an account.
    function _name(bytes32 assignmentHash) private pure returns (bytes20) {
        // forge-lint: disable-next-line(unsafe-typecast)
        return bytes20(assignmentHash);
    }
}
