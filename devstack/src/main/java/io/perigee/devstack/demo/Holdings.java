package io.perigee.devstack.demo;

import io.perigee.contracts.Deployment;
import io.perigee.contracts.Escrow;
import io.perigee.contracts.TestToken;
import io.perigee.devstack.Expected;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import java.util.LinkedHashMap;
import java.util.Map;
import org.web3j.protocol.Web3j;
import org.web3j.tx.ReadonlyTransactionManager;

/**
 * Who holds the token at one moment, as the token and the escrow say. What somebody may take out of the escrow counts as
 * theirs; the escrow's own is what it keeps for orders, runs and bonds.
 *
 * @param byHolder in the order in which they were asked for
 * @param supply all there is
 */
public record Holdings(Map<String, Amount> byHolder, Amount supply) {
    /** Where burned tokens lie; nobody has the key. */
    public static final Address ASHES = Address.parse("0x000000000000000000000000000000000000dEaD");

    /** Asks for everybody's balance. */
    public static Holdings of(Web3j web3j, Deployment contracts, Map<String, Address> holders) {
        var reader = new ReadonlyTransactionManager(
                web3j, holders.values().iterator().next().value());
        TestToken token = contracts.token(web3j, reader);
        Escrow escrow = contracts.escrow(web3j, reader);
        var held = new LinkedHashMap<String, Amount>();
        try {
            var free = Amount.ZERO;
            for (var each : holders.entrySet()) {
                String holder = each.getValue().value();
                var own = new Amount(escrow.balanceOf(holder, contracts.token()).send());
                free = free.plus(own);
                held.put(each.getKey(), new Amount(token.balanceOf(holder).send()).plus(own));
            }
            for (var each : holders.entrySet()) {
                if (each.getValue()
                        .value()
                        .equals(Address.parse(contracts.escrow()).value())) {
                    held.put(
                            each.getKey(),
                            held.getOrDefault(each.getKey(), Amount.ZERO).minus(free));
                }
            }
            return new Holdings(held, new Amount(token.totalSupply().send()));
        } catch (Exception e) {
            // web3j's calls throw Exception
            throw new Expected("Expected the chain to tell balances, but " + e.getMessage(), "Read anvil's log", e);
        }
    }

    public Amount total() {
        return byHolder.values().stream().reduce(Amount.ZERO, Amount::plus);
    }

    /** Whether nobody else holds anything: nothing was lost on the way. */
    public boolean complete() {
        return total().equals(supply);
    }
}
