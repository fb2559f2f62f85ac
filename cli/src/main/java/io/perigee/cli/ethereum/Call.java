package io.perigee.cli.ethereum;

import io.perigee.protocol.id.Address;
import org.web3j.protocol.core.RemoteFunctionCall;

/**
 * A call of a contract, encoded and not yet signed.
 *
 * @param data function and arguments, as 0x and hexadecimal digits
 */
public record Call(Address to, String data) {
    static Call of(Address to, RemoteFunctionCall<?> function) {
        return new Call(to, function.encodeFunctionCall());
    }
}
