package io.perigee.devstack.demo;

import io.perigee.devstack.Expected;
import io.perigee.devstack.stack.Ledger;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.web3j.tx.ReadonlyTransactionManager;

/** What each owner has at stake. */
public final class Stakes {
    private Stakes() {}

    public static Map<String, Amount> of(Ledger ledger, List<String> names, Map<String, Address> holders) {
        var stakes = new LinkedHashMap<String, Amount>();
        try {
            for (String name : names) {
                String owner = Objects.requireNonNull(holders.get(name), name).value();
                var registry = ledger.contracts()
                        .registry(ledger.web3j(), new ReadonlyTransactionManager(ledger.web3j(), owner));
                stakes.put(name, new Amount(registry.stakeOf(owner).send()));
            }
            return stakes;
        } catch (Exception e) {
            // web3j's calls throw Exception
            throw new Expected("Expected the chain to tell stakes, but " + e.getMessage(), "Read anvil's log", e);
        }
    }
}
