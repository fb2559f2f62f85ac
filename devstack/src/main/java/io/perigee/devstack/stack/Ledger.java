package io.perigee.devstack.stack;

import io.perigee.contracts.Deployment;
import io.perigee.protocol.id.Address;
import io.perigee.testkit.chain.Anvil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.time.Duration;
import org.web3j.crypto.Credentials;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.http.HttpService;

/** The development chain with the contracts on it. */
public final class Ledger implements AutoCloseable {
    private static final BigInteger TEN_ETHER = BigInteger.TEN.pow(19);

    private final Anvil anvil;
    private final Web3j web3j;
    private final Deployment contracts;

    private Ledger(Anvil anvil, Web3j web3j, Deployment contracts) {
        this.anvil = anvil;
        this.web3j = web3j;
        this.contracts = contracts;
    }

    /** Deploys the contracts on a chain without blocks, at once, and then lets it make one a second. */
    static Ledger deploy(Anvil anvil, Duration window, Duration maxOrder) {
        Web3j web3j = Web3j.build(new HttpService(anvil.url()));
        try {
            var deployer = Credentials.create(Anvil.FUNDED_KEYS.getFirst());
            var contracts = Deployment.deploy(web3j, deployer, window, maxOrder);
            anvil.call("evm_setIntervalMining", 1);
            return new Ledger(anvil, web3j, contracts);
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to deploy the contracts, but " + e.getMessage(), e);
        }
    }

    public Anvil anvil() {
        return anvil;
    }

    public Deployment contracts() {
        return contracts;
    }

    public Web3j web3j() {
        return web3j;
    }

    /** Gives an account ten ether for gas. */
    public void fund(Address account) {
        anvil.call("anvil_setBalance", account.value(), "0x" + TEN_ETHER.toString(16));
    }

    @Override
    public void close() {
        web3j.shutdown();
        anvil.close();
    }
}
