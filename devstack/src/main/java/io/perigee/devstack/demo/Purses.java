package io.perigee.devstack.demo;

import io.perigee.devstack.stack.Stack;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who holds how many tokens, in smallest units, as the token contract says.
 *
 * @param byHolder in the order in which they are shown
 * @param supply of the token; equals the sum when nobody else holds any
 */
record Purses(Map<String, BigInteger> byHolder, BigInteger supply) {
    private static final String ASHES = "0x000000000000000000000000000000000000dEaD";

    static Purses read(Stack stack, String builder, Map<String, String> owners) {
        var holders = new LinkedHashMap<String, String>();
        holders.put("builder", builder);
        owners.forEach(holders::put);
        holders.put("escrow", stack.ledger().contracts().escrow());
        holders.put("stakes", stack.ledger().contracts().registry());
        holders.put("burned", ASHES);
        var held = new LinkedHashMap<String, BigInteger>();
        holders.forEach((name, address) -> held.put(name, stack.ledger().tokensOf(address)));
        return new Purses(held, stack.ledger().tokenSupply());
    }

    BigInteger sum() {
        return byHolder.values().stream().reduce(BigInteger.ZERO, BigInteger::add);
    }
}
