// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

import {TestToken} from "../../src/TestToken.sol";

/// @notice Takes a fee of one in a hundred on the way.
contract FeeToken is ERC20("Fee", "FEE") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (from == address(0) || to == address(0)) return super._update(from, to, amount);
        super._update(from, to, amount - amount / 100);
        super._update(from, address(0), amount / 100);
    }
}

/// @notice Answers false instead of reverting.
contract FalseToken is ERC20("False", "FLS") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function transferFrom(address, address, uint256) public pure override returns (bool) {
        return false;
    }
}

/// @notice Returns nothing at all, as old tokens do.
contract SilentToken {
    mapping(address => uint256) public balanceOf;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function transfer(address to, uint256 amount) external {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
    }

    function transferFrom(address from, address to, uint256 amount) external {
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}

/// @notice Refuses to send to those on its list.
contract BlockingToken is ERC20("Blocking", "BLK") {
    mapping(address => bool) public blocked;

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function setBlocked(address who, bool yes) external {
        blocked[who] = yes;
    }

    function _update(address from, address to, uint256 amount) internal override {
        require(!blocked[to], "blocked");
        super._update(from, to, amount);
    }
}

/// @notice Calls back into a target during every transfer, as tokens with hooks do; remembers whether that worked.
contract HookToken is ERC20("Hook", "HOOK") {
    address public target;
    bytes public call;
    bool public entered;
    bytes public answer;

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function arm(address target_, bytes calldata call_) external {
        (target, call) = (target_, call_);
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (target != address(0)) {
            address once = target;
            target = address(0);
            (entered, answer) = once.call(call);
        }
    }
}

/// @notice The campaign's token. It is honest until somebody gives it another mood, and tells one receiver of what it got.
contract MoodyToken is TestToken {
    enum Mood {
        Honest,
        TakesAFee,
        AnswersFalse,
        Reverts,
        CallsBack
    }

    address public constant FEES = address(0xFEE);
    Mood public mood;
    address public receiver;
    address private _target;
    bytes private _call;
    uint256 public entered;

    function setReceiver(address receiver_) external {
        receiver = receiver_;
    }

    function setMood(Mood mood_, address target, bytes calldata call_) external {
        (mood, _target, _call) = (mood_, target, call_);
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        return mood == Mood.AnswersFalse ? false : super.transfer(to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        return mood == Mood.AnswersFalse ? false : super.transferFrom(from, to, amount);
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (from == address(0)) return super._update(from, to, amount);
        require(mood != Mood.Reverts, "not today");
        uint256 fee = mood == Mood.TakesAFee ? (amount + 99) / 100 : 0;
        super._update(from, to, amount - fee);
        if (fee > 0) super._update(from, FEES, fee);
        if (mood == Mood.CallsBack) {
            mood = Mood.Honest;
            (bool done, bytes memory answer) = _target.call(_call);
            if (done || bytes4(answer) != SHUT) ++entered;
        }
        if (to == receiver) Receiver(to).received();
    }
}

/// @notice An owner's payee that tries to get in again by whatever it was armed with.
contract Receiver {
    address private _target;
    bytes private _call;
    uint256 public tried;
    uint256 public entered;

    function arm(address target, bytes calldata call_) external {
        (_target, _call) = (target, call_);
    }

    function received() external {
        if (_target == address(0)) return;
        address once = _target;
        _target = address(0);
        ++tried;
        (bool done, bytes memory answer) = once.call(_call);
        if (done || bytes4(answer) != SHUT) ++entered;
    }
}

/// @dev What a guarded door says to who comes back while it is open.
bytes4 constant SHUT = bytes4(keccak256("ReentrancyGuardReentrantCall()"));
